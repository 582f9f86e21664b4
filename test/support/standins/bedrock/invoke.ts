import * as z from "zod";
import { PICTURE, vector } from "../openai/tasks.ts";
import { jsonReply, type Reply } from "../reply.ts";
import { tokens } from "../script.ts";
import { relevance } from "../vllm/server.ts";
import { BedrockError, bedrockDialect, refuse } from "./errors.ts";
import { toPrompt } from "./prompt.ts";
import { converseRequest } from "./schema.ts";
import { validate } from "./validate.ts";

/** Models with bodies of their own, as their pages in Bedrock's user guide have them. */
interface InvokedModel {
  id: string;
  invoke(body: unknown): { answer: unknown; counted?: number };
}

const titanRequest = z.strictObject({
  inputText: z.string().min(1),
  dimensions: z.union([256, 512, 1024].map((size) => z.literal(size))).optional(),
  normalize: z.boolean().optional(),
  embeddingTypes: z.array(z.enum(["float", "binary"])).optional(),
});

const cohereEmbedRequest = z.strictObject({
  texts: z.array(z.string()).min(1).max(96),
  input_type: z.enum(["search_document", "search_query", "classification", "clustering"]),
  truncate: z.enum(["NONE", "START", "END"]).optional(),
  embedding_types: z.array(z.enum(["float", "int8", "uint8", "binary", "ubinary"])).optional(),
});

const cohereRerankRequest = z.strictObject({
  query: z.string().min(1),
  documents: z.array(z.string()).min(1).max(1000),
  top_n: z.int().min(1).optional(),
  api_version: z.literal(2),
  max_tokens_per_doc: z.int().optional(),
});

const canvasRequest = z.strictObject({
  taskType: z.literal("TEXT_IMAGE"),
  textToImageParams: z.strictObject({
    text: z.string().min(1).max(1024),
    negativeText: z.string().min(1).max(1024).optional(),
  }),
  imageGenerationConfig: z
    .strictObject({
      numberOfImages: z.int().min(1).max(5).optional(),
      width: z.int().min(320).max(4096).multipleOf(16).optional(),
      height: z.int().min(320).max(4096).multipleOf(16).optional(),
      quality: z.enum(["standard", "premium"]).optional(),
      cfgScale: z.number().min(1.1).max(10).optional(),
      seed: z.int().min(0).max(858_993_459).optional(),
    })
    .optional(),
});

const models: readonly InvokedModel[] = [
  {
    id: "amazon.titan-embed-text-v2:0",
    invoke(body) {
      const { inputText, dimensions } = validate(titanRequest, body);
      const inputTextTokenCount = tokens(inputText);
      return {
        answer: { embedding: vector(inputText, dimensions), inputTextTokenCount },
        counted: inputTextTokenCount,
      };
    },
  },
  {
    id: "cohere.embed-english-v3",
    invoke(body) {
      const { texts, embedding_types } = validate(cohereEmbedRequest, body);
      const vectors = texts.map((text) => vector(text));
      return {
        answer: {
          id: "embed-1",
          response_type: embedding_types ? "embeddings_by_type" : "embeddings_floats",
          embeddings: embedding_types ? { float: vectors } : vectors,
          texts,
        },
        counted: texts.reduce((sum, text) => sum + tokens(text), 0),
      };
    },
  },
  {
    id: "cohere.rerank-v3-5:0",
    invoke(body) {
      const { query, documents, top_n } = validate(cohereRerankRequest, body);
      const results = documents
        .map((text, index) => ({ index, relevance_score: relevance(query, text) }))
        .sort((a, b) => b.relevance_score - a.relevance_score)
        .slice(0, top_n ?? documents.length);
      return { answer: { results } };
    },
  },
  {
    id: "amazon.nova-canvas-v1:0",
    invoke(body) {
      const { textToImageParams, imageGenerationConfig } = validate(canvasRequest, body);
      if (textToImageParams.text.includes("violence")) {
        return { answer: { images: [], error: "This request has been blocked by our filters." } };
      }
      const count = imageGenerationConfig?.numberOfImages ?? 1;
      return { answer: { images: Array.from({ length: count }, () => PICTURE) } };
    },
  },
];

export const BEDROCK_INVOKED_MODELS = models.map(({ id }) => id);

/** `InvokeModel`. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html */
export function invokeModel(id: string, body: unknown): Reply {
  const model = models.find((candidate) => candidate.id === id);
  if (model === undefined) return refuse("The provided model identifier is invalid.");
  const { answer, counted } = model.invoke(body);
  const headers =
    counted === undefined ? {} : { "x-amzn-bedrock-input-token-count": String(counted) };
  return jsonReply(bedrockDialect, answer, headers);
}

const countRequest = z.strictObject({
  input: z.union([
    z.strictObject({ converse: z.unknown() }),
    z.strictObject({ invokeModel: z.strictObject({ body: z.base64() }) }),
  ]),
});

/**
 * `CountTokens`: of models, not of inference profiles.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html
 */
export function countTokens(model: string, body: unknown): Reply {
  if (!/^(anthropic|amazon)\./.test(model)) {
    throw new BedrockError(
      400,
      "ValidationException",
      "The provided model doesn't support counting tokens.",
    );
  }
  const { input } = validate(countRequest, body);
  const inputTokens =
    "converse" in input
      ? toPrompt(validate(converseRequest, input.converse)).texts.reduce(
          (sum, text) => sum + tokens(text),
          0,
        )
      : tokens(Buffer.from(input.invokeModel.body, "base64").toString());
  return jsonReply(bedrockDialect, { inputTokens });
}
