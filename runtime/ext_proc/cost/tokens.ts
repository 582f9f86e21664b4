import type { Usage } from "../../lib/usage.ts";

/** A count as it may be charged: what is missing, or no count at all, is 0. */
export const tokenCount = (count: number | undefined): number =>
  count !== undefined && Number.isSafeInteger(count) && count > 0 ? count : 0;

/** As reported, or input and output. */
export const totalTokens = (usage: Usage): number =>
  tokenCount(usage.totalTokens ?? tokenCount(usage.inputTokens) + tokenCount(usage.outputTokens));
