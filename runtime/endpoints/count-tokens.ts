import { anthropicError, anthropicErrorEvent } from "./anthropic-family.ts";
import type { Endpoint } from "./endpoint.ts";
import { parseMessages } from "./messages/parse.ts";
import type { JsonBody } from "./request-body.ts";
import { messagesCountTask } from "./tasks/count.ts";

/** https://docs.anthropic.com/en/api/messages-count-tokens; free of charge. */
export const countTokens: Endpoint<JsonBody> = {
  id: "count-tokens",
  family: "anthropic",
  path: "/v1/messages/count_tokens",
  method: "POST",
  operation: "count_tokens",
  usage: "never",
  task: messagesCountTask,
  parse: parseMessages,
  errorBody: anthropicError,
  errorEvent: anthropicErrorEvent,
};
