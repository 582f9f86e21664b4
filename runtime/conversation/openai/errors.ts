import type { HeaderLookup } from "../codec.ts";
import type { ErrorKind, ProviderError } from "../events.ts";

const MAX_MESSAGE_LENGTH = 2000;

/** By OpenAI's `error.code`, which says more than the status. */
const CODES: Readonly<Record<string, ErrorKind>> = {
  context_length_exceeded: "context-window",
  content_filter: "content-filter",
  content_policy_violation: "content-filter",
  insufficient_quota: "rate-limit",
  rate_limit_exceeded: "rate-limit",
  model_not_found: "not-found",
};

/** Servers that speak OpenAI's API often say it in words only. */
const TOO_LONG =
  /maximum context length|context (window|length)|prompt is too long|too many (input |prompt )?tokens/i;

interface ErrorFields {
  message?: string;
  code?: string;
}

/**
 * Reads an answer with an error status: OpenAI's `{"error": {message, type, param, code}}`, and what
 * servers like it send in its place.
 */
export function openAiProviderError(
  status: number,
  headers: HeaderLookup,
  body: Buffer,
): ProviderError {
  const text = body.toString("utf8").trim();
  const fields = readFields(parse(text)) ?? {};
  const retryAfter = Number(headers("retry-after"));
  return {
    ...describe(status, fields, text),
    ...(Number.isFinite(retryAfter) && retryAfter > 0 ? { retryAfter } : {}),
  };
}

/** The `error` member of a chunk, in a stream that had begun; undefined where there is none. */
export function streamedError(chunk: unknown): ProviderError | undefined {
  const error = isRecord(chunk) ? chunk.error : undefined;
  if (error === undefined || error === null) return undefined;
  const fields = readFields(chunk) ?? {};
  const status = statusOf(error, fields);
  return describe(status, fields, "");
}

function describe(status: number, { message, code }: ErrorFields, text: string): ProviderError {
  // What is wrong with the gateway's key is not for its clients, and messages quote keys.
  if (status === 401) {
    return {
      status,
      kind: "authentication",
      message: "the provider refused the gateway's credentials",
    };
  }
  const said = message ?? (text.startsWith("<") ? "" : text);
  const byStatus = kindOfStatus(status);
  const kind = CODES[code ?? ""] ?? byStatus;
  return {
    status,
    kind: byStatus === "invalid-request" && TOO_LONG.test(said) ? "context-window" : kind,
    message:
      said === ""
        ? `the provider answered with status ${status}`
        : said.slice(0, MAX_MESSAGE_LENGTH),
  };
}

/** `{"error": {…}}`, `{"error": "…"}`, `{"message": "…"}` and `{"detail": "…"}` are all in use. */
function readFields(value: unknown): ErrorFields | undefined {
  if (!isRecord(value)) return undefined;
  const error = isRecord(value.error) ? value.error : value;
  const message = [error.message, value.error, value.message, value.detail].find(isText);
  const code = [error.code, error.type].find((name) => isText(name) && name in CODES);
  return {
    ...(message === undefined ? {} : { message }),
    ...(isText(code) ? { code } : {}),
  };
}

/** Errors in a stream have no status of their own, though some servers put one into `code`. */
function statusOf(error: unknown, { code }: ErrorFields): number {
  const told = isRecord(error) ? (error.code ?? error.status) : undefined;
  // Not an object: some of those cannot be converted.
  const given = typeof told === "string" || typeof told === "number" ? Number(told) : Number.NaN;
  if (Number.isInteger(given) && given >= 400 && given < 600) return given;
  const kind = CODES[code ?? ""];
  if (kind === "rate-limit") return 429;
  return kind === "context-window" || kind === "content-filter" ? 400 : 502;
}

function kindOfStatus(status: number): ErrorKind {
  switch (status) {
    case 403:
      return "permission";
    case 404:
      return "not-found";
    case 408:
    case 504:
      return "timeout";
    case 413:
      return "too-large";
    case 429:
      return "rate-limit";
    case 503:
    case 529:
      return "overloaded";
    default:
      return status >= 500 ? "server" : "invalid-request";
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
