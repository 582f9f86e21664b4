import type { Usage } from "../../lib/usage.ts";

/** Anthropic's clients expect `input_tokens` without those that came from or went into a cache. */
export function encodeUsage({
  inputTokens = 0,
  outputTokens = 0,
  cachedInputTokens = 0,
  cacheCreationInputTokens = 0,
  reasoningTokens,
}: Usage): Record<string, unknown> {
  // Members that Anthropic's clients count on are there, with null for what nobody has told.
  return {
    input_tokens: Math.max(0, inputTokens - cachedInputTokens - cacheCreationInputTokens),
    cache_creation_input_tokens: cacheCreationInputTokens,
    cache_read_input_tokens: cachedInputTokens,
    output_tokens: outputTokens,
    output_tokens_details:
      reasoningTokens === undefined ? null : { thinking_tokens: reasoningTokens },
    server_tool_use: null,
  };
}

/** What a whole message says besides of what it took. */
export const encodeMessageUsage = (usage: Usage): Record<string, unknown> => ({
  ...encodeUsage(usage),
  cache_creation: null,
  inference_geo: null,
  service_tier: null,
  speed: null,
});
