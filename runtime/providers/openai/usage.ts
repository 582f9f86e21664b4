import type { Usage } from "../../lib/usage.ts";

/** `usage` of chat completions. */
export interface OpenAiUsage {
  prompt_tokens?: number;
  completion_tokens?: number;
  total_tokens?: number;
  prompt_tokens_details?: { cached_tokens?: number } | null;
  completion_tokens_details?: { reasoning_tokens?: number } | null;
}

export function usageOf(usage: OpenAiUsage): Usage {
  const fields: [keyof Usage, number | undefined][] = [
    ["inputTokens", usage.prompt_tokens],
    ["outputTokens", usage.completion_tokens],
    ["totalTokens", usage.total_tokens],
    ["cachedInputTokens", usage.prompt_tokens_details?.cached_tokens],
    ["reasoningTokens", usage.completion_tokens_details?.reasoning_tokens],
  ];
  return Object.fromEntries(fields.filter(([, count]) => typeof count === "number"));
}
