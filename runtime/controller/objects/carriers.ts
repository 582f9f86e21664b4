import { shortHash } from "../../lib/hash.ts";
import type { Plan } from "../compile/plan.ts";

/**
 * The routes that carry the revisions of the Gateways: of each Gateway the first of its routes by
 * name. Route key to revision; a route that carries several Gateways has a hash of theirs.
 */
export function carriersOf(plan: Plan): Map<string, string> {
  const revisions = new Map<string, string[]>();
  for (const gateway of plan.gateways) {
    const [first] = gateway.rules.map((rule) => rule.route).sort();
    if (first === undefined) continue;
    revisions.set(first, [...(revisions.get(first) ?? []), `${gateway.name} ${gateway.revision}`]);
  }
  return new Map([...revisions].map(([route, all]) => [route, shortHash(...all.sort())]));
}
