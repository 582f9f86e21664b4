import type { Endpoint } from "../endpoint.ts";
import { openAiError, openAiErrorEvent } from "../openai-family.ts";
import { type JsonBody, parseJsonRequest } from "../request-body.ts";
import { decodeChatRequest } from "./decode.ts";
import { streamedChatEncoder } from "./encode-stream.ts";
import { wholeChatEncoder } from "./encode-whole.ts";

/** https://platform.openai.com/docs/api-reference/chat/create */
export const chatCompletions: Endpoint<JsonBody> = {
  id: "chat-completions",
  family: "openai",
  path: "/v1/chat/completions",
  method: "POST",
  operation: "chat",
  streams: true,
  parse: parseJsonRequest,
  errorBody: openAiError,
  errorEvent: openAiErrorEvent,
  conversation: {
    decode: decodeChatRequest,
    encoder: (request, options) =>
      options.stream ? streamedChatEncoder(request, options) : wholeChatEncoder(request, options),
  },
};
