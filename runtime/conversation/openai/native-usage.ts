import type { NativeUsage } from "../../providers/provider.ts";

const selectors: NativeUsage["json"] = {
  inputTokens: ["usage", "prompt_tokens"],
  outputTokens: ["usage", "completion_tokens"],
  totalTokens: ["usage", "total_tokens"],
  cachedInputTokens: ["usage", "prompt_tokens_details", "cached_tokens"],
  reasoningTokens: ["usage", "completion_tokens_details", "reasoning_tokens"],
  model: ["model"],
};

/** Where chat completions tell their usage, whoever serves them. */
export const CHAT_USAGE: NativeUsage = { json: selectors, sse: selectors };
