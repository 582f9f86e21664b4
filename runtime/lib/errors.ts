/**
 * The closed set of errors whose message may be shown to a client. Anything else that is thrown
 * becomes an opaque 500, so that internals and secrets never reach an error body.
 */
export type UserErrorCode =
  | "invalid_request" // 400, 422: the request itself is wrong
  | "unauthorized" // 401: the request's own credential is not complete
  | "not_found" // 404: no such path, model or route
  | "payload_too_large" // 413
  | "unsupported" // 400, 422: a feature that the chosen provider cannot carry out
  | "upstream_error" // 502: the provider answered something that cannot be read
  | "overloaded" // 503
  | "internal"; // 500

/** An error that the client may see: an HTTP status and a message that names the field and the mend. */
export class UserError extends Error {
  readonly status: number;
  readonly code: UserErrorCode;
  /** The request field that is at fault, as the client wrote it: `messages[2].content`. */
  readonly param: string | undefined;

  constructor(status: number, code: UserErrorCode, message: string, param?: string) {
    super(message);
    this.name = "UserError";
    this.status = status;
    this.code = code;
    this.param = param;
  }
}

/** 400: the body cannot be read at all. */
export const badRequest = (message: string, param?: string): UserError =>
  new UserError(400, "invalid_request", message, param);

/** 422: the body is readable, a field has a wrong type or value. */
export const unprocessable = (message: string, param?: string): UserError =>
  new UserError(422, "invalid_request", message, param);

/** 422: right in itself, but the provider that serves this model cannot do it. */
export const unsupported = (message: string, param?: string): UserError =>
  new UserError(422, "unsupported", message, param);

/** 502: the provider's answer cannot be understood. */
export const badUpstream = (message: string): UserError =>
  new UserError(502, "upstream_error", message);
