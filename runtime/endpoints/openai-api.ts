import type { Endpoint } from "./endpoint.ts";
import { openAiError, openAiErrorEvent } from "./openai-family.ts";
import { type JsonBody, parseJsonRequest } from "./request-body.ts";
import { responsesCountTask, tokenizeTask } from "./tasks/count.ts";
import { embeddingsTask } from "./tasks/embeddings.ts";
import { imagesTask } from "./tasks/images.ts";
import { plainRerankTask } from "./tasks/rerank.ts";

/** What the POST endpoints of OpenAI's API with JSON bodies have in common. */
const openAiApi = {
  family: "openai",
  method: "POST",
  parse: parseJsonRequest,
  errorBody: openAiError,
  errorEvent: openAiErrorEvent,
} as const satisfies Partial<Endpoint<JsonBody>>;

/** https://platform.openai.com/docs/api-reference/embeddings/create */
export const embeddings: Endpoint<JsonBody> = {
  ...openAiApi,
  id: "embeddings",
  path: "/v1/embeddings",
  operation: "embeddings",
  task: embeddingsTask,
};

/** https://platform.openai.com/docs/api-reference/moderations/create; free of charge. */
export const moderations: Endpoint<JsonBody> = {
  ...openAiApi,
  id: "moderations",
  path: "/v1/moderations",
  operation: "moderation",
  usage: "never",
};

/** https://platform.openai.com/docs/api-reference/images/create; older models report no usage. */
export const imageGenerations: Endpoint<JsonBody> = {
  ...openAiApi,
  id: "image-generations",
  path: "/v1/images/generations",
  task: imagesTask,
  operation: "image_generation",
  usage: "sometimes",
  streams: true,
};

/**
 * https://platform.openai.com/docs/api-reference/audio/createSpeech: audio as bytes, or as events
 * (`stream_format: sse`), which alone report usage.
 */
export const speech: Endpoint<JsonBody> = {
  ...openAiApi,
  id: "speech",
  path: "/v1/audio/speech",
  operation: "speech",
  usage: "sometimes",
  streams: true,
};

/** https://platform.openai.com/docs/api-reference/responses/input-tokens; free of charge. */
export const responsesInputTokens: Endpoint<JsonBody> = {
  ...openAiApi,
  id: "responses-input-tokens",
  path: "/v1/responses/input_tokens",
  operation: "responses_input_tokens",
  task: responsesCountTask,
  usage: "never",
};

/**
 * vLLM's tokenizer, for a text or a conversation.
 * https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html#tokenizer-api
 */
export const tokenize: Endpoint<JsonBody> = {
  ...openAiApi,
  id: "tokenize",
  path: "/tokenize",
  operation: "tokenize",
  task: tokenizeTask,
  usage: "never",
};

/**
 * Jina's rerank API, which vLLM and others serve as well.
 * https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html#re-rank-api
 */
export const plainRerank: Endpoint<JsonBody> = {
  ...openAiApi,
  id: "plain-rerank",
  path: "/v1/rerank",
  operation: "rerank",
  task: plainRerankTask,
  usage: "sometimes",
};
