import type { AIGatewayRoute, GatewayConfig } from "../../api/index.ts";
import { keyOf, type Snapshot } from "../snapshot/snapshot.ts";
import { configCosts } from "./costs.ts";
import { forwardProxyOf } from "./gateway-config.ts";
import type { Problem, Reason } from "./problem.ts";
import { ProblemLog } from "./problem.ts";

/**
 * What goes on serving while the newest version of an object is bad. Decided per problem:
 *
 * | what is bad | what is served |
 * | --- | --- |
 * | the route itself: a match, a cost, a duration, a program too large, too many matches | its last good version, with what that one refers to as it is now; without one, what can be served of the newest |
 * | the GatewayConfig itself: a cost, the proxy | its last good version; without one, the newest without that cost, and nothing past the proxy |
 * | what a route refers to: backend, policy, Secret, grant | the newest version without that backend; a rule without any answers 503 |
 *
 * References are never answered from the past: a Secret that is gone is a key that must not be used.
 */
export interface LastGood {
  routes: ReadonlyMap<string, AIGatewayRoute>;
  configs: ReadonlyMap<string, GatewayConfig>;
}

export const NOTHING_GOOD: LastGood = { routes: new Map(), configs: new Map() };

const OF_CONTENT: ReadonlySet<Reason> = new Set<Reason>([
  "InvalidMatch",
  "InvalidCost",
  "InvalidValue",
  "ProgramTooLarge",
]);

/** Problems by which a route is bad in itself, whatever it refers to. */
export const contentProblems = (
  route: AIGatewayRoute,
  problems: readonly Problem[],
): readonly Problem[] =>
  problems.filter(
    (problem) =>
      problem.severity === "error" &&
      problem.kind === "AIGatewayRoute" &&
      problem.object === keyOf(route.metadata) &&
      OF_CONTENT.has(problem.reason),
  );

/** An earlier version of this very object; not one of another that had its name. */
export function earlier<T extends { metadata: { name: string; uid?: string | undefined } }>(
  good: ReadonlyMap<string, T>,
  newest: T,
): T | undefined {
  const known = good.get(keyOf(newest.metadata));
  return known !== undefined && known.metadata.uid === newest.metadata.uid ? known : undefined;
}

/** The newer of two versions of an object. */
export const newer = <T extends { metadata: { generation?: number | undefined } }>(
  a: T | undefined,
  b: T | undefined,
): T | undefined =>
  a === undefined || (b?.metadata.generation ?? 0) > (a.metadata.generation ?? 0) ? (b ?? a) : a;

/** A route as it is served: what an earlier version says, under the labels and annotations of today. */
export const withSpecOf = (good: AIGatewayRoute, newest: AIGatewayRoute): AIGatewayRoute => ({
  ...newest,
  metadata: { ...newest.metadata, generation: good.metadata.generation },
  spec: good.spec,
});

/** The snapshot with the GatewayConfigs that are served, which of them are good, and what is wrong. */
export function servedConfigs(
  snapshot: Snapshot,
  good: LastGood["configs"],
): { snapshot: Snapshot; good: LastGood["configs"]; problems: readonly Problem[] } {
  const log = new ProblemLog();
  const served = new Map<string, GatewayConfig>();
  const nowGood = new Map<string, GatewayConfig>();
  for (const [key, config] of snapshot.GatewayConfig) {
    const before = log.problems.length;
    configCosts(config, log);
    forwardProxyOf(config, log);
    const sound = log.problems.length === before ? config : earlier(good, config);
    if (sound !== undefined) nowGood.set(key, sound);
    served.set(key, sound ?? config);
  }
  return {
    snapshot: { ...snapshot, GatewayConfig: served },
    good: nowGood,
    problems: log.problems,
  };
}
