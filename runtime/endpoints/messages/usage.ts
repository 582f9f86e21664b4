import type { Usage } from "../../lib/usage.ts";

/** Anthropic's clients expect `input_tokens` without those that came from or went into a cache. */
export function encodeUsage({
  inputTokens = 0,
  outputTokens = 0,
  cachedInputTokens = 0,
  cacheCreationInputTokens = 0,
  reasoningTokens,
}: Usage): Record<string, unknown> {
  return {
    input_tokens: Math.max(0, inputTokens - cachedInputTokens - cacheCreationInputTokens),
    cache_creation_input_tokens: cacheCreationInputTokens,
    cache_read_input_tokens: cachedInputTokens,
    output_tokens: outputTokens,
    ...(reasoningTokens === undefined
      ? {}
      : { output_tokens_details: { thinking_tokens: reasoningTokens } }),
  };
}
