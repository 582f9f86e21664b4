import type { FinishReason, TokenLogprob } from "../../conversation/events.ts";
import type { Usage } from "../../lib/usage.ts";

/** What has no word of its own there: an answer that a filter took away is one that failed. */
const REASONS: Readonly<Record<FinishReason, string>> = {
  stop: "COMPLETE",
  "stop-sequence": "STOP_SEQUENCE",
  length: "MAX_TOKENS",
  "tool-use": "TOOL_CALL",
  "content-filter": "ERROR",
  refusal: "COMPLETE",
  "context-window": "MAX_TOKENS",
  pause: "COMPLETE",
  error: "ERROR",
};

export const finishReason = (reason: FinishReason): string => REASONS[reason];

/** Undefined where the provider has counted nothing. */
export function usageJson(usage: Usage): object | undefined {
  const { inputTokens, outputTokens, cachedInputTokens } = usage;
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  const tokens = { input_tokens: inputTokens ?? 0, output_tokens: outputTokens ?? 0 };
  return {
    billed_units: tokens,
    tokens,
    ...(cachedInputTokens === undefined ? {} : { cached_tokens: cachedInputTokens }),
  };
}

/** Tokens are told by their text: their numbers are the provider's own. */
export const logprobsJson = (tokens: readonly TokenLogprob[]): object[] =>
  tokens.map(({ token, logprob }) => ({ text: token, token_ids: [], logprobs: [logprob] }));

export interface Citation {
  /** As it travels here, in Anthropic's shape. */
  citation: unknown;
  span?: { start: number; end: number };
}

/** A citation of a text; undefined where it names no source. */
export function citationJson(
  { citation, span }: Citation,
  text: string,
  contentIndex: number,
  documentIds: readonly string[],
): object | undefined {
  const { document_index, document_title, cited_text, url, source, title } = Object(
    citation,
  ) as Record<string, unknown>;
  const { start, end } = span ?? { start: 0, end: text.length };
  const id = typeof document_index === "number" ? documentIds[document_index] : (url ?? source);
  if (typeof id !== "string") return undefined;
  const document = {
    id,
    ...textual("title", document_title ?? title),
    ...textual("url", url),
    ...textual("snippet", cited_text),
  };
  return {
    start,
    end,
    text: text.slice(start, end),
    sources: [{ type: "document", id, document }],
    content_index: contentIndex,
    type: "TEXT_CONTENT",
  };
}

const textual = (name: string, value: unknown): Record<string, string> =>
  typeof value === "string" && value !== "" ? { [name]: value } : {};
