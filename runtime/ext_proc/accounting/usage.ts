import type { Usage } from "../../lib/usage.ts";
import type { UsageReading } from "../../program/finished-line.ts";

/** Usage as it was read; undefined where there is none. */
export function usageOf(reading: UsageReading): Usage | undefined {
  const { uncachedInputTokens, model, firstToken, betweenTokens, ...usage } = reading;
  if (usage.inputTokens === undefined && uncachedInputTokens !== undefined) {
    usage.inputTokens =
      uncachedInputTokens + (usage.cachedInputTokens ?? 0) + (usage.cacheCreationInputTokens ?? 0);
  }
  return Object.keys(usage).length === 0 ? undefined : usage;
}
