import { anthropicError, anthropicErrorEvent } from "../anthropic-family.ts";
import type { Endpoint } from "../endpoint.ts";
import type { JsonBody } from "../request-body.ts";
import { decodeMessages } from "./decode.ts";
import { streamEncoder } from "./encode-stream.ts";
import { wholeEncoder } from "./encode-whole.ts";
import { parseMessages } from "./parse.ts";

/** https://docs.anthropic.com/en/api/messages */
export const messages: Endpoint<JsonBody> = {
  id: "messages",
  family: "anthropic",
  path: "/v1/messages",
  method: "POST",
  operation: "messages",
  streams: true,
  parse: parseMessages,
  errorBody: anthropicError,
  errorEvent: anthropicErrorEvent,
  conversation: {
    decode: decodeMessages,
    encoder: ({ model }, options) =>
      options.stream ? streamEncoder(model, options) : wholeEncoder(model, options),
  },
};
