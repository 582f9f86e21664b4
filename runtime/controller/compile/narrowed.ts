import type { RulePlan } from "./plan.ts";

/**
 * A rule as parts: for each set of endpoints that only some of its backends serve a rule of these
 * alone, and last what all of them serve. No endpoint is in two; weights and priorities count among
 * the backends of the part.
 */
export function partsOf(rule: RulePlan): RulePlan[] {
  const { narrowed, ...whole } = rule;
  if (narrowed === undefined) return [rule];
  const apart = new Set(narrowed.flatMap(({ endpoints }) => endpoints));
  const { retry: _, ...bare } = whole;
  return [
    ...narrowed.map(({ endpoints, backends, retry }) => ({
      ...bare,
      part: backends.join("-"),
      backends: rule.backends.filter(({ origin }) => backends.includes(origin.position)),
      endpoints: pick(rule, (id) => endpoints.includes(id)),
      ...(retry === undefined ? {} : { retry }),
    })),
    { ...whole, endpoints: pick(rule, (id) => !apart.has(id)) },
  ];
}

const pick = (rule: RulePlan, wanted: (endpoint: string) => boolean): RulePlan["endpoints"] =>
  Object.fromEntries(Object.entries(rule.endpoints).filter(([id]) => wanted(id)));

/** The part of a rule that requests of an endpoint go through; undefined where none serves it. */
export const partFor = (rule: RulePlan, endpoint: string): RulePlan | undefined =>
  partsOf(rule).find(({ endpoints }) => endpoints[endpoint] !== undefined);

/** What stands behind a name, to tell parts of one rule apart. */
export const partSuffix = ({ part }: RulePlan): string =>
  part === undefined ? "" : `/only/${part}`;
