import { present } from "../../lib/present.ts";
import type { DetailedUsage } from "../../lib/usage.ts";

type Count = number | null | undefined;

/** `usage` of chat completions. */
export interface OpenAiUsage {
  prompt_tokens?: Count;
  completion_tokens?: Count;
  total_tokens?: Count;
  prompt_tokens_details?:
    | {
        cached_tokens?: Count;
        /** Written to the cache; OpenAI's name, and that of gateways in front of other vendors. */
        cache_write_tokens?: Count;
        cache_creation_input_tokens?: Count;
        audio_tokens?: Count;
      }
    | null
    | undefined;
  completion_tokens_details?: { reasoning_tokens?: Count } | null | undefined;
}

export function usageOf(usage: OpenAiUsage): DetailedUsage {
  const { prompt_tokens_details: prompt, completion_tokens_details: completion } = usage;
  return present({
    inputTokens: count(usage.prompt_tokens),
    outputTokens: count(usage.completion_tokens),
    totalTokens: count(usage.total_tokens),
    cachedInputTokens: count(prompt?.cached_tokens),
    cacheCreationInputTokens:
      count(prompt?.cache_write_tokens) ?? count(prompt?.cache_creation_input_tokens),
    audioInputTokens: count(prompt?.audio_tokens) || undefined,
    reasoningTokens: count(completion?.reasoning_tokens),
  });
}

/** Observers read answers that nobody has validated. */
const count = (value: Count): number | undefined => (typeof value === "number" ? value : undefined);
