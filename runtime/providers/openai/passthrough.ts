import type { Passthrough, UsageField } from "../provider.ts";
import { observeChat } from "./observe.ts";

const selectors: Partial<Record<UsageField, readonly string[]>> = {
  inputTokens: ["usage", "prompt_tokens"],
  outputTokens: ["usage", "completion_tokens"],
  totalTokens: ["usage", "total_tokens"],
  cachedInputTokens: ["usage", "prompt_tokens_details", "cached_tokens"],
  reasoningTokens: ["usage", "completion_tokens_details", "reasoning_tokens"],
  model: ["model"],
};

/** A prefix may be empty: DeepSeek serves `/chat/completions`. */
export const openAiPath = (prefix: string, rest: string): string =>
  prefix === "" ? `/${rest}` : `/${prefix}/${rest}`;

export const chatPassthrough: Passthrough = {
  path: ({ prefix }) => openAiPath(prefix, "chat/completions"),
  observer: observeChat,
  nativeUsage: { json: selectors, sse: selectors },
  streamUsageOption: true,
};
