import type { Dialect } from "../reply.ts";

const NAMES: Record<number, string> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

/** An error as Google's APIs report it: `{"error": {code, message, status, details}}`. */
export class GoogleError extends Error {
  readonly status: number;
  /** Where in the body, for errors of the body's shape. */
  readonly field: string | undefined;

  constructor(status: number, message: string, field?: string) {
    super(message);
    this.status = status;
    this.field = field;
  }

  /** https://cloud.google.com/apis/design/errors#http_mapping */
  body(): string {
    const { status, message, field } = this;
    const details =
      field === undefined
        ? {}
        : {
            details: [
              {
                "@type": "type.googleapis.com/google.rpc.BadRequest",
                fieldViolations: [{ field, description: message }],
              },
            ],
          };
    return JSON.stringify(
      { error: { code: status, message, status: NAMES[status] ?? "UNKNOWN", ...details } },
      undefined,
      2,
    );
  }
}

/** @throws {GoogleError} 400 */
export function refuse(message: string): never {
  throw new GoogleError(400, message);
}

export const googleDialect: Dialect = {
  error: (status, message) => ({
    headers: { "content-type": "application/json; charset=UTF-8" },
    body: new GoogleError(status, message).body(),
  }),
  errorEvent: (message, type) =>
    Buffer.from(
      `data: ${JSON.stringify({ error: { code: 503, message, status: type ?? "UNAVAILABLE" } })}\r\n\r\n`,
    ),
  // The closing brace goes, so that what follows `data: ` is no longer JSON.
  damage: (event) => Buffer.from(event.toString().replace(/\}(\s*)$/, "$1")),
};
