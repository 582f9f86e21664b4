import { decodeCohereChat } from "./cohere-chat/decode.ts";
import { cohereChatEncoder } from "./cohere-chat/encode.ts";
import { cohereError, cohereErrorEvent } from "./cohere-family.ts";
import type { Endpoint } from "./endpoint.ts";
import { type JsonBody, parseJsonRequest } from "./request-body.ts";
import { cohereEmbedTask } from "./tasks/cohere-embed.ts";
import { cohereRerankTask } from "./tasks/rerank.ts";

/** What the endpoints of Cohere's API have in common. */
const cohereApi = {
  family: "cohere",
  method: "POST",
  parse: parseJsonRequest,
  errorBody: cohereError,
  errorEvent: cohereErrorEvent,
} as const satisfies Partial<Endpoint<JsonBody>>;

/** https://docs.cohere.com/reference/chat and chat-stream */
export const cohereChat: Endpoint<JsonBody> = {
  ...cohereApi,
  id: "cohere-chat",
  path: "/v2/chat",
  operation: "chat",
  streams: true,
  conversation: { decode: decodeCohereChat, encoder: cohereChatEncoder },
};

/** https://docs.cohere.com/reference/rerank; charged by searches, tokens are told by some models. */
export const rerank: Endpoint<JsonBody> = {
  ...cohereApi,
  id: "rerank",
  path: "/v2/rerank",
  operation: "rerank",
  usage: "sometimes",
  task: cohereRerankTask,
};

/** https://docs.cohere.com/reference/embed */
export const embed: Endpoint<JsonBody> = {
  ...cohereApi,
  id: "embed",
  path: "/v2/embed",
  operation: "embeddings",
  task: cohereEmbedTask,
};
