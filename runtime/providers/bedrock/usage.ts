import type { Usage } from "../../lib/usage.ts";
import type { TokenUsage } from "../../schemas/bedrock/response.ts";

/** Bedrock counts cached tokens apart from input tokens; the gateway counts them among these. */
export function toUsage(usage: TokenUsage): Usage {
  const { cacheReadInputTokens: read, cacheWriteInputTokens: written } = usage;
  const inputTokens = usage.inputTokens + (read ?? 0) + (written ?? 0);
  return {
    inputTokens,
    outputTokens: usage.outputTokens,
    totalTokens: inputTokens + usage.outputTokens,
    ...(read === undefined ? {} : { cachedInputTokens: read }),
    ...(written === undefined ? {} : { cacheCreationInputTokens: written }),
  };
}
