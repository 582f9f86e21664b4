import type { NativeUsage } from "../../providers/provider.ts";

/**
 * Where messages tell their usage, whoever serves them. Input tokens are a sum of three fields,
 * which Envoy's filters cannot make: they are read apart.
 */
export const MESSAGES_USAGE: NativeUsage = {
  json: {
    uncachedInputTokens: ["usage", "input_tokens"],
    outputTokens: ["usage", "output_tokens"],
    cachedInputTokens: ["usage", "cache_read_input_tokens"],
    cacheCreationInputTokens: ["usage", "cache_creation_input_tokens"],
    reasoningTokens: ["usage", "output_tokens_details", "thinking_tokens"],
    model: ["model"],
  },
  sse: {
    uncachedInputTokens: ["message", "usage", "input_tokens"],
    outputTokens: ["usage", "output_tokens"],
    cachedInputTokens: ["message", "usage", "cache_read_input_tokens"],
    cacheCreationInputTokens: ["message", "usage", "cache_creation_input_tokens"],
    reasoningTokens: ["usage", "output_tokens_details", "thinking_tokens"],
    model: ["message", "model"],
  },
};
