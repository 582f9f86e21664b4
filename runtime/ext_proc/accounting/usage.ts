import type { Usage } from "../../lib/usage.ts";
import { UNCACHED_INPUT_KEY, USAGE_KEYS } from "../../program/names.ts";

/** Usage from a request's dynamic metadata; undefined where there is none. */
export function readUsage(values: Readonly<Record<string, unknown>>): Usage | undefined {
  const usage: Usage = {};
  for (const field of Object.keys(USAGE_KEYS) as (keyof Usage)[]) {
    const count = countOf(values[USAGE_KEYS[field]]);
    if (count !== undefined) usage[field] = count;
  }
  const uncached = countOf(values[UNCACHED_INPUT_KEY]);
  if (usage.inputTokens === undefined && uncached !== undefined) {
    usage.inputTokens =
      uncached + (usage.cachedInputTokens ?? 0) + (usage.cacheCreationInputTokens ?? 0);
  }
  return Object.keys(usage).length === 0 ? undefined : usage;
}

const countOf = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
