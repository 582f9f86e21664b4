import type { ErrorKind } from "../conversation/events.ts";
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
  "not-found": "model_not_found",
  "rate-limit": "rate_limit_exceeded",
};

/** `{"error": {"message", "type", "param", "code"}}`. */
export function openAiError({ status, message, kind, ...given }: ClientError): Buffer {
  const type = given.type ?? typeOf(status);
  const code = given.code ?? (kind === undefined ? undefined : CODES[kind]);
  return Buffer.from(
    JSON.stringify({ error: { message, type, param: given.param ?? null, code: code ?? null } }),
  );
}

/** The clients read an `error` member out of any data event. */
export const openAiErrorEvent = (error: ClientError): Buffer =>
  Buffer.from(`data: ${openAiError(error).toString("utf8")}\n\n`);
