import type { ClientError } from "./endpoint.ts";

/** Error types as Anthropic's API names them, by status. */
const TYPES: Record<number, string> = {
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  408: "timeout_error",
  413: "request_too_large",
  429: "rate_limit_error",
  503: "overloaded_error",
  504: "timeout_error",
  529: "overloaded_error",
};

const typeOf = (status: number): string =>
  TYPES[status] ?? (status >= 500 ? "api_error" : "invalid_request_error");

/** `{"type": "error", "error": {"type", "message"}}`. */
export const anthropicError = ({ status, message, type }: ClientError): Buffer =>
  Buffer.from(JSON.stringify({ type: "error", error: { type: type ?? typeOf(status), message } }));

export const anthropicErrorEvent = (error: ClientError): Buffer =>
  Buffer.from(`event: error\ndata: ${anthropicError(error).toString("utf8")}\n\n`);
