/** What an HTTPRoute of the Gateway API can hold; an AIGatewayRoute can hold more. */

/** Backends of a rule. */
export const MAX_BACKEND_REFS = 16;
/** Weight of a backend. */
export const MAX_WEIGHT = 1_000_000;
/** Matches of a rule, and of all rules together. */
export const MAX_MATCHES_PER_RULE = 64;
export const MAX_MATCHES = 128;

/**
 * How many matches each rule may keep. A rule without matches has one, and so has the rule that
 * answers 404 at the end.
 */
export function matchBudgets(counts: readonly number[]): number[] {
  let left = MAX_MATCHES - 1 - counts.length;
  return counts.map((count) => {
    const extra = Math.min(Math.max(count, 1), MAX_MATCHES_PER_RULE) - 1;
    const given = Math.min(extra, left);
    left -= given;
    return 1 + given;
  });
}
