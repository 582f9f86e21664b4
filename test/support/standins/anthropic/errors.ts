import type { Dialect } from "../reply.ts";

const TYPES: Record<number, string> = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  504: "timeout_error",
  529: "overloaded_error",
};

const typeOf = (status: number): string =>
  TYPES[status] ?? (status >= 500 ? "api_error" : "invalid_request_error");

/** An error as Anthropic reports it: `{"type": "error", "error": {type, message}, request_id}`. */
export class AnthropicError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A request that breaks a rule: 400. */
export function refuse(message: string): never {
  throw new AnthropicError(400, message);
}

export const anthropicDialect: Dialect = {
  error: (status, message) => ({
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      type: "error",
      error: { type: typeOf(status), message },
      request_id: "req_standin",
    }),
  }),
  errorEvent: (message, type = "overloaded_error") =>
    Buffer.from(
      `event: error\ndata: ${JSON.stringify({ type: "error", error: { type, message } })}\n\n`,
    ),
  // The closing brace goes, so that what follows `data: ` is no longer JSON.
  damage: (event) => Buffer.from(event.toString().replace(/\}(\s*)$/, "$1")),
};
