import type { HeaderLookup } from "../codec.ts";
import type { ErrorKind, ProviderError } from "../events.ts";

const KINDS: Readonly<Record<string, ErrorKind>> = {
  invalid_request_error: "invalid-request",
  authentication_error: "authentication",
  billing_error: "permission",
  permission_error: "permission",
  not_found_error: "not-found",
  request_too_large: "too-large",
  rate_limit_error: "rate-limit",
  timeout_error: "timeout",
  overloaded_error: "overloaded",
  api_error: "server",
};

/** Anthropic's word for a kind of error. */
export const errorTypeOf = (kind: ErrorKind): string =>
  Object.keys(KINDS).find((type) => KINDS[type] === kind) ??
  (kind === "server" ? "api_error" : "invalid_request_error");

const KINDS_BY_STATUS: Readonly<Record<number, ErrorKind>> = {
  401: "authentication",
  402: "permission",
  403: "permission",
  404: "not-found",
  408: "timeout",
  413: "too-large",
  429: "rate-limit",
  503: "overloaded",
  504: "timeout",
  529: "overloaded",
};

const TOO_LONG =
  /prompt is too long|exceeds? (the )?context (limit|window)|context window exceeded/i;

/** Anthropic's own status for overload, which clients of other protocols do not know. */
const OVERLOADED = 529;
const MAX_MESSAGE_LENGTH = 2000;

/** Reads `{"type": "error", "error": {"type", "message"}}`, or what a proxy in between says instead. */
export function anthropicProviderError(
  status: number,
  headers: HeaderLookup,
  body: Buffer,
): ProviderError {
  const text = body.toString("utf8");
  const fields = errorFields(text);
  const retryAfter = Number(headers("retry-after"));
  return {
    ...describe(fields ?? { message: text.trim() }, status),
    ...(Number.isFinite(retryAfter) && retryAfter > 0 ? { retryAfter } : {}),
  };
}

/** The `error` event in the midst of a stream. */
export const streamedError = (data: string): ProviderError => ({
  ...describe(errorFields(data) ?? {}, 500),
  status: 0,
});

interface ErrorFields {
  type?: unknown;
  message?: unknown;
}

function describe({ type, message }: ErrorFields, status: number): ProviderError {
  // What is wrong with the gateway's key is not for its clients.
  if (status === 401) {
    return {
      status,
      kind: "authentication",
      message: "Anthropic refused the gateway's credentials",
    };
  }
  // A page of a proxy's says nothing that a client could use.
  const said = typeof message === "string" && !message.startsWith("<") ? message : "";
  const kind =
    KINDS[String(type)] ??
    KINDS_BY_STATUS[status] ??
    (status >= 500 ? "server" : "invalid-request");
  return {
    status: status === OVERLOADED ? 503 : status,
    kind: kind === "invalid-request" && TOO_LONG.test(said) ? "context-window" : kind,
    message:
      said === "" ? `Anthropic answered with status ${status}` : said.slice(0, MAX_MESSAGE_LENGTH),
  };
}

function errorFields(text: string): ErrorFields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const error = (value as { error?: unknown } | null)?.error;
    return typeof error === "object" && error !== null ? error : undefined;
  } catch {
    return undefined;
  }
}
