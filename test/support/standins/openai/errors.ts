import type { Dialect } from "../reply.ts";

/** An error as OpenAI reports it: `{"error": {message, type, param, code}}`. */
export class OpenAiError extends Error {
  readonly status: number;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;

  constructor(
    status: number,
    message: string,
    { type = typeOf(status), param = null, code = null }: Partial<ErrorFields> = {},
  ) {
    super(message);
    this.status = status;
    this.type = type;
    this.param = param;
    this.code = code;
  }

  body(): string {
    const { message, type, param, code } = this;
    return JSON.stringify({ error: { message, type, param, code } });
  }
}

interface ErrorFields {
  type: string;
  param: string | null;
  code: string | null;
}

const CODES: Record<number, string> = {
  401: "invalid_api_key",
  404: "model_not_found",
  429: "rate_limit_exceeded",
};

function typeOf(status: number): string {
  if (status === 429) return "requests";
  return status >= 500 ? "server_error" : "invalid_request_error";
}

export const openAiDialect: Dialect = {
  error: (status, message) => ({
    headers: { "content-type": "application/json" },
    body: new OpenAiError(status, message, { code: CODES[status] ?? null }).body(),
  }),
  errorEvent: (message, type) =>
    Buffer.from(
      `data: ${new OpenAiError(500, message, type === undefined ? {} : { type }).body()}\n\n`,
    ),
  // The closing brace goes, so that what follows `data: ` is no longer JSON.
  damage: (event) => Buffer.from(event.toString().replace(/\}(\s*)$/, "$1")),
};
