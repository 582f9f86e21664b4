import type { HeaderLookup } from "../../conversation/codec.ts";
import type { ErrorKind, ProviderError } from "../../conversation/events.ts";

const MAX_MESSAGE_LENGTH = 2000;

/** By status; 498 and 499 are Cohere's own. https://docs.cohere.com/reference/errors */
const KINDS: Readonly<Record<number, ErrorKind>> = {
  401: "authentication",
  402: "rate-limit",
  403: "permission",
  404: "not-found",
  413: "too-large",
  429: "rate-limit",
  498: "authentication",
  503: "overloaded",
  504: "timeout",
};

/** The only way in which Cohere says that a prompt is too long. */
const TOO_LONG = /too many tokens/i;

/** Reads `{"id", "message"}`. */
export function cohereProviderError(
  status: number,
  headers: HeaderLookup,
  body: Buffer,
): ProviderError {
  const byStatus = KINDS[status] ?? (status >= 500 ? "server" : "invalid-request");
  const message = messageOf(byStatus, status, body.toString("utf8").trim());
  const tooLong = byStatus === "invalid-request" && TOO_LONG.test(message);
  const retryAfter = Number(headers("retry-after"));
  return {
    status: status === 498 ? 401 : status,
    kind: tooLong ? "context-window" : byStatus,
    message,
    ...(Number.isFinite(retryAfter) && retryAfter > 0 ? { retryAfter } : {}),
  };
}

function messageOf(kind: ErrorKind, status: number, text: string): string {
  // What is wrong with the gateway's key is not for its clients.
  if (kind === "authentication") return "the provider refused the gateway's credentials";
  const said = parsedMessage(text) ?? (/^[<{[]/.test(text) ? "" : text);
  return said === ""
    ? `the provider answered with status ${status}`
    : said.slice(0, MAX_MESSAGE_LENGTH);
}

function parsedMessage(text: string): string | undefined {
  try {
    const { message } = Object(JSON.parse(text)) as { message?: unknown };
    return typeof message === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}
