import type { Endpoint, ModelEntry } from "../endpoint.ts";
import { geminiError, geminiErrorEvent } from "../gemini-family.ts";
import { parseJsonRequest } from "../request-body.ts";
import { geminiCountTask } from "./count.ts";
import { decodeGenerateContent } from "./decode.ts";
import { generateContentEncoder } from "./encode.ts";
import { type GeminiBody, parseGeminiRequest } from "./parse.ts";

/** What the endpoints of Gemini's API have in common. */
const geminiApi = {
  family: "gemini",
  method: "POST",
  modelIn: "path",
  parse: parseGeminiRequest,
  errorBody: geminiError,
  /** In an array, an error is its last element. */
  errorEvent: (error, request) =>
    request?.body.array
      ? Buffer.from(`,\r\n${geminiError(error).toString("utf8")}]`)
      : geminiErrorEvent(error),
} as const satisfies Partial<Endpoint<GeminiBody>>;

/** https://ai.google.dev/api/generate-content */
export const generateContent: Endpoint<GeminiBody> = {
  ...geminiApi,
  id: "generate-content",
  path: "/v1beta/models/{model}:generateContent",
  otherPaths: [
    "/v1beta/models/{model}:streamGenerateContent",
    "/v1/models/{model}:generateContent",
    "/v1/models/{model}:streamGenerateContent",
  ],
  operation: "chat",
  streams: true,
  conversation: { decode: decodeGenerateContent, encoder: generateContentEncoder },
};

/** https://ai.google.dev/api/tokens; free of charge. */
export const geminiCountTokens: Endpoint<GeminiBody> = {
  ...geminiApi,
  id: "gemini-count-tokens",
  path: "/v1beta/models/{model}:countTokens",
  otherPaths: ["/v1/models/{model}:countTokens"],
  operation: "count_tokens",
  usage: "never",
  task: geminiCountTask,
};

const modelList = (models: readonly ModelEntry[]): string =>
  JSON.stringify({
    models: models.map(({ id }) => ({
      name: `models/${id}`,
      baseModelId: id,
      version: "",
      displayName: id,
      supportedGenerationMethods: ["generateContent", "countTokens"],
    })),
  });

/** https://ai.google.dev/api/models#method:-models.list; all in one page. `/v1/models` is OpenAI's. */
export const geminiModels: Endpoint = {
  id: "gemini-models",
  family: "gemini",
  path: "/v1beta/models",
  method: "GET",
  operation: "models",
  parse: parseJsonRequest,
  errorBody: geminiError,
  errorEvent: geminiErrorEvent,
  models: modelList,
};
