import * as z from "zod";
import { vector } from "../openai/tasks.ts";
import { errorReply, jsonReply, type Reply } from "../reply.ts";
import { tokens } from "../script.ts";
import { type RecordedRequest, type StandIn, type StandInOptions, serve } from "../standin.ts";
import { relevance } from "../vllm/server.ts";
import { COHERE_CHAT_MODELS, chat } from "./chat.ts";
import { CohereError, checked, cohereDialect as dialect } from "./errors.ts";

export const COHERE_KEY = "standin-cohere-key";
export const COHERE_MODELS = ["rerank-v3.5", "embed-v4.0", "embed-english-v3.0"];

/** https://docs.cohere.com/reference/rerank */
const rerankRequest = z.strictObject({
  model: z.string(),
  query: z.string().min(1),
  documents: z.array(z.string()).min(1).max(10_000),
  top_n: z.int().min(1).optional(),
  max_tokens_per_doc: z.int().min(1).optional(),
  priority: z.int().min(0).max(999).optional(),
});

/** https://docs.cohere.com/reference/embed */
const embedRequest = z.strictObject({
  model: z.string(),
  input_type: z.enum(["search_document", "search_query", "classification", "clustering", "image"]),
  texts: z.array(z.string()).min(1).max(96).optional(),
  images: z.array(z.string()).max(1).optional(),
  inputs: z.array(z.record(z.string(), z.unknown())).max(96).optional(),
  max_tokens: z.int().optional(),
  output_dimension: z.union([256, 512, 1024, 1536].map((size) => z.literal(size))).optional(),
  embedding_types: z
    .array(z.enum(["float", "int8", "uint8", "binary", "ubinary", "base64"]))
    .optional(),
  truncate: z.enum(["NONE", "START", "END"]).optional(),
  priority: z.int().min(0).max(999).optional(),
});

const META = { api_version: { version: "2" } };

const handlers: Record<string, (body: unknown) => Reply> = {
  "/v2/chat": chat,
  "/v2/rerank": (body) => {
    const { query, documents, top_n } = checked(rerankRequest, body);
    const results = documents
      .map((text, index) => ({ index, relevance_score: relevance(query, text) }))
      .sort((a, b) => b.relevance_score - a.relevance_score)
      .slice(0, top_n ?? documents.length);
    return jsonReply(dialect, {
      id: "rerank-1",
      results,
      meta: { ...META, billed_units: { search_units: 1 } },
    });
  },
  "/v2/embed": (body) => {
    const {
      texts = [],
      embedding_types = ["float"],
      output_dimension,
    } = checked(embedRequest, body);
    if (texts.length === 0) throw new CohereError(400, "invalid request: texts is required");
    const vectors = texts.map((text) => vector(text, output_dimension));
    return jsonReply(dialect, {
      id: "embed-1",
      embeddings: Object.fromEntries(
        embedding_types.map((type) => [
          type,
          type === "base64"
            ? vectors.map((v) => Buffer.from(new Float32Array(v).buffer).toString("base64"))
            : vectors,
        ]),
      ),
      texts,
      meta: {
        ...META,
        billed_units: { input_tokens: texts.reduce((sum, text) => sum + tokens(text), 0) },
      },
    });
  },
};

/** Cohere's API, version 2: chat, rerank and embed. Refuses what the real one refuses. */
export const startCohere = (options: StandInOptions = {}): Promise<StandIn> =>
  serve((request) => {
    try {
      return route(request);
    } catch (error) {
      if (!(error instanceof CohereError)) throw error;
      return errorReply(dialect, error.status, error.message);
    }
  }, options);

function route({ method, path, headers, body }: RecordedRequest): Reply {
  if (headers.authorization !== `Bearer ${COHERE_KEY}`) {
    throw new CohereError(401, "invalid api token");
  }
  const handle = handlers[path.split("?")[0] ?? ""];
  if (handle === undefined || method !== "POST") throw new CohereError(404, "not found");
  const parsed = JSON.parse(body.toString()) as { model?: string };
  if (![...COHERE_MODELS, ...COHERE_CHAT_MODELS].includes(parsed.model ?? "")) {
    throw new CohereError(404, `model '${parsed.model}' not found`);
  }
  return handle(parsed);
}
