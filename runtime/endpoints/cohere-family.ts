import { sseEvent } from "../lib/sse.ts";
import type { ClientError } from "./endpoint.ts";

/** Errors as Cohere's API has them: `{"message"}`. */
export const cohereError = ({ message }: ClientError): Buffer =>
  Buffer.from(JSON.stringify({ message }));

/** A stream that fails says so in its last event. */
export const cohereErrorEvent = ({ message, status }: ClientError): Buffer => {
  const finish_reason = status === 504 ? "TIMEOUT" : "ERROR";
  const data = { type: "message-end", delta: { finish_reason, error: message } };
  return sseEvent(JSON.stringify(data), "message-end");
};
