import type { Usage } from "../../lib/usage.ts";

type Count = number | null | undefined;

/** `usage` of messages; `input_tokens` leaves out what came from or went into the cache. */
export interface AnthropicUsage {
  input_tokens?: Count;
  output_tokens?: Count;
  cache_read_input_tokens?: Count;
  cache_creation_input_tokens?: Count;
  output_tokens_details?: { thinking_tokens?: Count } | null | undefined;
}

const COUNTS = new Set(["number", "object"]);

/** The counts of a stream so far; what an event leaves out, or leaves empty, stands. */
export const mergeUsage = (before: AnthropicUsage, later: AnthropicUsage): AnthropicUsage => ({
  ...before,
  ...Object.fromEntries(
    Object.entries(later).filter(([, count]) => COUNTS.has(typeof count) && count !== null),
  ),
});

export function usageOf(usage: AnthropicUsage): Usage {
  const cached = usage.cache_read_input_tokens ?? undefined;
  const created = usage.cache_creation_input_tokens ?? undefined;
  const output = usage.output_tokens ?? undefined;
  const reasoning = usage.output_tokens_details?.thinking_tokens ?? undefined;
  const input =
    usage.input_tokens == null ? undefined : usage.input_tokens + (cached ?? 0) + (created ?? 0);
  return {
    ...(input === undefined ? {} : { inputTokens: input }),
    ...(output === undefined ? {} : { outputTokens: output }),
    ...(input === undefined || output === undefined ? {} : { totalTokens: input + output }),
    ...(cached === undefined ? {} : { cachedInputTokens: cached }),
    ...(created === undefined ? {} : { cacheCreationInputTokens: created }),
    ...(reasoning === undefined ? {} : { reasoningTokens: reasoning }),
  };
}
