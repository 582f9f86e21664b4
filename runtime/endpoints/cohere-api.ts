import type { ClientError, Endpoint } from "./endpoint.ts";
import { type JsonBody, parseJsonRequest } from "./request-body.ts";
import { cohereEmbedTask } from "./tasks/cohere-embed.ts";
import { cohereRerankTask } from "./tasks/rerank.ts";

/** Errors as Cohere's API has them: `{"message"}`. */
const cohereError = ({ message }: ClientError): Buffer => Buffer.from(JSON.stringify({ message }));

/** What the endpoints of Cohere's API have in common. */
const cohereApi = {
  family: "cohere",
  method: "POST",
  parse: parseJsonRequest,
  errorBody: cohereError,
  errorEvent: cohereError,
} as const satisfies Partial<Endpoint<JsonBody>>;

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
