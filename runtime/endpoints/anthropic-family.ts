import type { ErrorKind } from "../conversation/events.ts";
import type { ClientError } from "./endpoint.ts";

/** Error types as Anthropic's API names them. */
const TYPES: Readonly<Record<ErrorKind, string>> = {
  "invalid-request": "invalid_request_error",
  authentication: "authentication_error",
  permission: "permission_error",
  "not-found": "not_found_error",
  "too-large": "request_too_large",
  "rate-limit": "rate_limit_error",
  "context-window": "invalid_request_error",
  "content-filter": "invalid_request_error",
  overloaded: "overloaded_error",
  timeout: "timeout_error",
  server: "api_error",
};

const TYPES_BY_STATUS: Record<number, string> = {
  401: TYPES.authentication,
  403: TYPES.permission,
  404: TYPES["not-found"],
  408: TYPES.timeout,
  413: TYPES["too-large"],
  429: TYPES["rate-limit"],
  503: TYPES.overloaded,
  504: TYPES.timeout,
  529: TYPES.overloaded,
};

const typeOf = (status: number): string =>
  TYPES_BY_STATUS[status] ?? (status >= 500 ? TYPES.server : TYPES["invalid-request"]);

/** `{"type": "error", "error": {"type", "message"}}`. */
export function anthropicError({ status, message, kind, ...given }: ClientError): Buffer {
  const type = given.type ?? (kind === undefined ? typeOf(status) : TYPES[kind]);
  return Buffer.from(JSON.stringify({ type: "error", error: { type, message } }));
}

export const anthropicErrorEvent = (error: ClientError): Buffer =>
  Buffer.from(`event: error\ndata: ${anthropicError(error).toString("utf8")}\n\n`);
