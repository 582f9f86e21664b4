import type { ClientError, Endpoint } from "./endpoint.ts";
import { type JsonBody, parseJsonRequest } from "./request-body.ts";

/** Errors as Cohere's API has them: `{"message"}`. */
const cohereError = ({ message }: ClientError): Buffer => Buffer.from(JSON.stringify({ message }));

/** https://docs.cohere.com/reference/rerank; charged by searches, tokens are told by some models. */
export const rerank: Endpoint<JsonBody> = {
  id: "rerank",
  family: "cohere",
  path: "/v2/rerank",
  method: "POST",
  operation: "rerank",
  usage: "sometimes",
  parse: parseJsonRequest,
  errorBody: cohereError,
  errorEvent: cohereError,
};
