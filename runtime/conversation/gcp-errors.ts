import { anthropicProviderError } from "./anthropic/errors.ts";
import type { HeaderLookup } from "./codec.ts";
import type { ErrorKind, ProviderError } from "./events.ts";

/** By Google's canonical status, which says more than the number. */
const KINDS: Readonly<Record<string, ErrorKind>> = {
  INVALID_ARGUMENT: "invalid-request",
  FAILED_PRECONDITION: "invalid-request",
  OUT_OF_RANGE: "invalid-request",
  UNAUTHENTICATED: "authentication",
  PERMISSION_DENIED: "permission",
  NOT_FOUND: "not-found",
  RESOURCE_EXHAUSTED: "rate-limit",
  DEADLINE_EXCEEDED: "timeout",
  CANCELLED: "timeout",
  UNAVAILABLE: "overloaded",
  INTERNAL: "server",
  UNKNOWN: "server",
};

const KINDS_BY_STATUS: Readonly<Record<number, ErrorKind>> = {
  401: "authentication",
  403: "permission",
  404: "not-found",
  408: "timeout",
  413: "too-large",
  429: "rate-limit",
  503: "overloaded",
  504: "timeout",
};

const TOO_LONG =
  /input token count.*exceeds|exceeds the maximum number of tokens|prompt is too long/i;
const MAX_MESSAGE_LENGTH = 2000;

/**
 * Reads an answer of Google's with an error status: `{"error": {code, message, status, details}}`,
 * alone or in a list as streams without SSE have it; models of other vendors answer in their own shape.
 */
export function gcpError(status: number, headers: HeaderLookup, body: Buffer): ProviderError {
  const text = body.toString("utf8");
  const value = parse(text);
  if (isRecord(value) && value.type === "error")
    return anthropicProviderError(status, headers, body);
  const error = errorOf(value);
  const said =
    error === undefined && !text.trim().startsWith("<") ? text.trim() : stringOf(error?.message);
  const retryAfter = Number(headers("retry-after") ?? retryDelay(error?.details));
  return {
    ...describeGcpError(status, stringOf(error?.status), said),
    ...(Number.isFinite(retryAfter) && retryAfter > 0 ? { retryAfter } : {}),
  };
}

/** An error in the midst of a stream; undefined where this is none. */
export function streamedGcpError(value: unknown): ProviderError | undefined {
  const error = errorOf(value);
  if (error === undefined) return undefined;
  const code = Number(error.code);
  const status = Number.isInteger(code) && code >= 400 && code < 600 ? code : 500;
  return describeGcpError(status, stringOf(error.status), stringOf(error.message));
}

function describeGcpError(status: number, name: string, said: string): ProviderError {
  // What is wrong with the gateway's key is not for its clients, and messages name its account.
  if (status === 401) {
    return { status, kind: "authentication", message: "Google refused the gateway's credentials" };
  }
  const kind =
    KINDS[name] ?? KINDS_BY_STATUS[status] ?? (status >= 500 ? "server" : "invalid-request");
  return {
    status,
    kind: kind === "invalid-request" && TOO_LONG.test(said) ? "context-window" : kind,
    message:
      said === "" ? `Google answered with status ${status}` : said.slice(0, MAX_MESSAGE_LENGTH),
  };
}

function errorOf(value: unknown): Record<string, unknown> | undefined {
  const holder: unknown = Array.isArray(value) ? value[0] : value;
  const error = isRecord(holder) ? holder.error : undefined;
  return isRecord(error) ? error : undefined;
}

/** `google.rpc.RetryInfo` has it as a duration: `"17s"`. */
function retryDelay(details: unknown): number | undefined {
  for (const detail of Array.isArray(details) ? details : []) {
    const match = isRecord(detail) ? /^(\d+(?:\.\d+)?)s$/.exec(String(detail.retryDelay)) : null;
    if (match) return Math.ceil(Number(match[1]));
  }
  return undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const stringOf = (value: unknown): string => (typeof value === "string" ? value : "");

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
