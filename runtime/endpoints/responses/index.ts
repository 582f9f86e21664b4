import type { ClientError, Endpoint } from "../endpoint.ts";
import { openAiError } from "../openai-family.ts";
import { type JsonBody, parseJsonRequest } from "../request-body.ts";
import { decodeResponsesRequest } from "./decode.ts";
import { responsesEncoder } from "./encode.ts";

/** https://platform.openai.com/docs/api-reference/responses/create */
export const responses: Endpoint<JsonBody> = {
  id: "responses",
  family: "openai",
  path: "/v1/responses",
  method: "POST",
  operation: "responses",
  streams: true,
  parse: parseJsonRequest,
  errorBody: openAiError,
  errorEvent,
  conversation: { decode: decodeResponsesRequest, encoder: responsesEncoder },
};

/** The event `error`, which has its members at the top; beside them, the object that errors have elsewhere. */
function errorEvent(error: ClientError): Buffer {
  const body = JSON.parse(openAiError(error).toString("utf8")) as { error: object };
  const data = { type: "error", sequence_number: 0, ...body.error, ...body };
  return Buffer.from(`event: error\ndata: ${JSON.stringify({ ...data, type: "error" })}\n\n`);
}
