import type { Endpoint } from "../endpoint.ts";
import { openAiError, openAiErrorEvent } from "../openai-family.ts";
import { type JsonBody, parseJsonRequest } from "../request-body.ts";
import { decodeCompletionRequest } from "./decode.ts";
import { completionEncoder } from "./encode.ts";

/** https://platform.openai.com/docs/api-reference/completions/create */
export const completions: Endpoint<JsonBody> = {
  id: "completions",
  family: "openai",
  path: "/v1/completions",
  method: "POST",
  operation: "completion",
  streams: true,
  parse: parseJsonRequest,
  errorBody: openAiError,
  errorEvent: openAiErrorEvent,
  conversation: { decode: decodeCompletionRequest, encoder: completionEncoder },
};
