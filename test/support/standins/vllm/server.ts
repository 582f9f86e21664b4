import * as z from "zod";
import { OpenAiError, openAiDialect } from "../openai/errors.ts";
import { errorReply, jsonReply, type Reply } from "../reply.ts";
import { tokens } from "../script.ts";
import { type StandIn, type StandInOptions, serve } from "../standin.ts";

export const VLLM_MODEL = "BAAI/bge-reranker-base";

/**
 * What vLLM adds to OpenAI's API: `/tokenize` for a text or a conversation, and Jina's `/v1/rerank`.
 * https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html
 */
const tokenizeShared = {
  model: z.string().optional(),
  add_special_tokens: z.boolean().optional(),
  return_token_strs: z.boolean().nullish(),
};
const tokenizeRequest = z.union([
  z.strictObject({ ...tokenizeShared, prompt: z.string() }),
  z.strictObject({
    ...tokenizeShared,
    messages: z.array(z.looseObject({ role: z.string() })).min(1),
    add_generation_prompt: z.boolean().optional(),
    continue_final_message: z.boolean().optional(),
    chat_template: z.string().nullish(),
    chat_template_kwargs: z.record(z.string(), z.unknown()).nullish(),
    mm_processor_kwargs: z.record(z.string(), z.unknown()).nullish(),
    tools: z.array(z.record(z.string(), z.unknown())).nullish(),
  }),
]);

const rerankRequest = z.strictObject({
  model: z.string().optional(),
  query: z.string(),
  documents: z.array(z.string()).min(1),
  top_n: z.int().min(0).optional(),
  return_documents: z.boolean().optional(),
  truncate_prompt_tokens: z.int().min(-1).optional(),
  max_tokens_per_doc: z.int().min(0).optional(),
  user: z.string().optional(),
  priority: z.int().optional(),
});

/** How well a document answers a query: the share of the query's words in it. */
export function relevance(query: string, document: string): number {
  const words = query.toLowerCase().match(/\w+/g) ?? [];
  const has = words.filter((word) => document.toLowerCase().includes(word)).length;
  return words.length === 0 ? 0 : has / words.length;
}

const handlers: Record<string, (body: unknown) => Reply> = {
  "/tokenize": (body) => {
    const request = checked(tokenizeRequest, body);
    const text = "prompt" in request ? request.prompt : JSON.stringify(request.messages);
    const ids = Array.from({ length: tokens(text) }, (_, index) => index);
    return jsonReply(openAiDialect, {
      count: ids.length,
      max_model_len: 2048,
      tokens: ids,
      token_strs: request.return_token_strs ? ids.map((id) => `t${id}`) : null,
    });
  },
  "/v1/rerank": (body) => {
    const { model, query, documents, top_n } = checked(rerankRequest, body);
    const results = documents
      .map((text, index) => ({
        index,
        document: { text, multi_modal: null },
        relevance_score: relevance(query, text),
      }))
      .sort((a, b) => b.relevance_score - a.relevance_score)
      .slice(0, top_n || documents.length);
    const count = documents.reduce((sum, text) => sum + tokens(text) + tokens(query), 0);
    const usage = { prompt_tokens: count, total_tokens: count };
    return jsonReply(openAiDialect, { id: "rerank-1", model: model ?? VLLM_MODEL, usage, results });
  },
};

export const startVllm = (options: StandInOptions = {}): Promise<StandIn> =>
  serve(({ method, path, body }) => {
    const handle = handlers[path.split("?")[0] ?? ""];
    if (handle === undefined || method !== "POST") {
      return jsonReply(openAiDialect, { detail: "Not Found" }, {}, 404);
    }
    try {
      return handle(JSON.parse(body.toString()));
    } catch (error) {
      return errorReply(openAiDialect, 400, error instanceof OpenAiError ? error.message : "bad");
    }
  }, options);

function checked<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new OpenAiError(400, z.prettifyError(result.error));
}
