/**
 * The steps from what is served to what shall be served, such that no request meets a route without
 * its cluster or a cluster without its endpoints (make before break). No I/O.
 */
import { type ResourceKind, type ServedResources, union } from "./resources.ts";

export interface Stage {
  readonly serve: ServedResources;
  /** Names that Envoy will only now begin to ask for, since something new refers to them. */
  readonly expected: readonly (readonly [ResourceKind, string])[];
  /** New clusters must be ready for traffic before the next stage sends some. */
  readonly clustersMustBeReady: boolean;
}

/**
 * 1. New and changed clusters with their endpoints and secrets; nothing is taken away.
 * 2. Listeners, with the route configurations that are new. Before changed routes, so that a filter
 *    that a route relies on (authentication, limits) is in place when the route changes.
 * 3. Changed routes.
 * What is no longer needed is still served after these; dropping it is a step of its own, later.
 */
export function makeStages(from: ServedResources, to: ServedResources): readonly Stage[] {
  const foundation = {
    clusters: union(from.clusters, to.clusters),
    endpoints: union(from.endpoints, to.endpoints),
    secrets: union(from.secrets, to.secrets),
  };
  const added = (kind: ResourceKind) =>
    [...to[kind].keys()]
      .filter((name) => !from[kind].has(name))
      .map((name) => [kind, name] as const);
  return [
    {
      serve: { ...foundation, listeners: from.listeners, routes: from.routes },
      expected: added("endpoints"),
      clustersMustBeReady: clustersChange(from, to),
    },
    {
      serve: { ...foundation, listeners: to.listeners, routes: union(to.routes, from.routes) },
      expected: [...added("routes"), ...added("secrets")],
      clustersMustBeReady: false,
    },
    {
      serve: { ...foundation, listeners: to.listeners, routes: union(from.routes, to.routes) },
      expected: [],
      clustersMustBeReady: false,
    },
  ];
}

/** Whether a cluster of `to` is new or changed. */
function clustersChange(from: ServedResources, to: ServedResources): boolean {
  return [...to.clusters].some(([name, { hash }]) => from.clusters.get(name)?.hash !== hash);
}
