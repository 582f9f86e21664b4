import type { Usage } from "../../lib/usage.ts";
import type { UsageReading } from "../../program/finished-line.ts";
import { USAGE_KEYS } from "../../program/names.ts";

/** Usage as it was read; undefined where there is none. */
export function usageOf(reading: UsageReading): Usage | undefined {
  const usage: Usage = {};
  for (const field of Object.keys(USAGE_KEYS) as (keyof Usage)[]) {
    const count = reading[field];
    if (count !== undefined) usage[field] = count;
  }
  const { uncachedInputTokens } = reading;
  if (usage.inputTokens === undefined && uncachedInputTokens !== undefined) {
    usage.inputTokens =
      uncachedInputTokens + (usage.cachedInputTokens ?? 0) + (usage.cacheCreationInputTokens ?? 0);
  }
  return Object.keys(usage).length === 0 ? undefined : usage;
}
