import type { ErrorKind, ProviderError } from "../conversation/events.ts";
import type { ClientError } from "./endpoint.ts";

/** Error types as OpenAI's API names them, by status. */
const TYPES: Record<number, string> = {
  401: "authentication_error",
  403: "permission_error",
  408: "timeout_error",
  429: "rate_limit_error",
  504: "timeout_error",
};

const typeOf = (status: number): string =>
  TYPES[status] ?? (status >= 500 ? "server_error" : "invalid_request_error");

/** Codes that clients look for, to shorten a prompt or to wait. */
const CODES: Partial<Record<ErrorKind, string>> = {
  "context-window": "context_length_exceeded",
  "content-filter": "content_filter",
  "rate-limit": "rate_limit_exceeded",
};

/** A provider's error in OpenAI's vocabulary. In a stream it has no status, and is the server's. */
export function openAiErrorOf({ status, message, kind }: ProviderError): ClientError {
  const code = CODES[kind];
  return { status: status || 502, message, ...(code === undefined ? {} : { code }) };
}

/** `{"error": {"message", "type", "param", "code"}}`. */
export const openAiError = ({ status, message, type, param, code }: ClientError): Buffer =>
  Buffer.from(
    JSON.stringify({
      error: { message, type: type ?? typeOf(status), param: param ?? null, code: code ?? null },
    }),
  );

/** The clients read an `error` member out of any data event. */
export const openAiErrorEvent = (error: ClientError): Buffer =>
  Buffer.from(`data: ${openAiError(error).toString("utf8")}\n\n`);
