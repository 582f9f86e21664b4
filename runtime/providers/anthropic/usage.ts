import type { Usage } from "../../lib/usage.ts";

/** `usage` of messages; `input_tokens` leaves out what came from or went into the cache. */
export interface AnthropicUsage {
  input_tokens?: number | null;
  output_tokens?: number | null;
  cache_read_input_tokens?: number | null;
  cache_creation_input_tokens?: number | null;
}

export function usageOf(usage: AnthropicUsage): Usage {
  const cached = usage.cache_read_input_tokens ?? undefined;
  const created = usage.cache_creation_input_tokens ?? undefined;
  const output = usage.output_tokens ?? undefined;
  const input =
    usage.input_tokens == null ? undefined : usage.input_tokens + (cached ?? 0) + (created ?? 0);
  return {
    ...(input === undefined ? {} : { inputTokens: input }),
    ...(output === undefined ? {} : { outputTokens: output }),
    ...(input === undefined || output === undefined ? {} : { totalTokens: input + output }),
    ...(cached === undefined ? {} : { cachedInputTokens: cached }),
    ...(created === undefined ? {} : { cacheCreationInputTokens: created }),
  };
}
