import type { ErrorKind } from "../conversation/events.ts";
import { sseEvent } from "../lib/sse.ts";
import type { ClientError } from "./endpoint.ts";

/** Google's canonical statuses. https://cloud.google.com/apis/design/errors */
const STATUSES: Readonly<Record<ErrorKind, string>> = {
  "invalid-request": "INVALID_ARGUMENT",
  authentication: "UNAUTHENTICATED",
  permission: "PERMISSION_DENIED",
  "not-found": "NOT_FOUND",
  "too-large": "INVALID_ARGUMENT",
  "rate-limit": "RESOURCE_EXHAUSTED",
  "context-window": "INVALID_ARGUMENT",
  "content-filter": "INVALID_ARGUMENT",
  overloaded: "UNAVAILABLE",
  timeout: "DEADLINE_EXCEEDED",
  server: "INTERNAL",
};

const BY_CODE: Readonly<Record<number, string>> = {
  401: STATUSES.authentication,
  403: STATUSES.permission,
  404: STATUSES["not-found"],
  408: STATUSES.timeout,
  429: STATUSES["rate-limit"],
  502: STATUSES.overloaded,
  503: STATUSES.overloaded,
  504: STATUSES.timeout,
};

const statusOf = (code: number): string =>
  BY_CODE[code] ?? (code >= 500 ? STATUSES.server : STATUSES["invalid-request"]);

/** `{"error": {"code", "message", "status"}}`. */
export function geminiError({ status: code, message, kind, type }: ClientError): Buffer {
  const status = type ?? (kind === undefined ? statusOf(code) : STATUSES[kind]);
  return Buffer.from(JSON.stringify({ error: { code, message, status } }));
}

/** The clients read an `error` member out of any data event. */
export const geminiErrorEvent = (error: ClientError): Buffer =>
  sseEvent(geminiError(error).toString("utf8"));
