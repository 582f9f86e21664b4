import { clone } from "@bufbuild/protobuf";
import {
  type RouteAction,
  RouteAction_ClusterNotFoundResponseCode,
  type WeightedCluster_ClusterWeight,
  WeightedCluster_ClusterWeightSchema,
} from "../../../protos/gen/envoy/config/route/v3/route_components_pb.ts";
import { partSuffix } from "../compile/narrowed.ts";
import type { BackendPlan, RulePlan } from "../compile/plan.ts";
import { aggregateCluster } from "../xds/clusters.ts";
import type { JsonObject } from "../xds/json.ts";
import type { UpstreamOptions } from "../xds/upstream-filters.ts";
import { ruleName } from "./names.ts";

/**
 * Envoy Gateway gives each backend of some rules a cluster of its own (names beside addresses, a
 * backend without endpoints, zone preferences, …) and shares requests among them by weight. A retry
 * would then never leave the cluster that was picked. So each of the first priority is picked by its
 * weight, and behind it, in an aggregate cluster, stand all others in their order.
 */
interface Part {
  backend: BackendPlan;
  weight: WeightedCluster_ClusterWeight;
}

/** Name of the aggregate that begins with a backend's cluster. */
const aggregateName = (part: string, rule: RulePlan): string =>
  `${part}/failover${partSuffix(rule)}`;

/**
 * Points a route that shares its requests among clusters at aggregates of them.
 *
 * @returns whether it does.
 */
export function shareAmong(action: RouteAction, rule: RulePlan): boolean {
  if (action.clusterSpecifier.case !== "weightedClusters") return false;
  const shared = action.clusterSpecifier.value;
  const parts = partsOf(shared.clusters, rule);
  if (parts.length === 0) return false;
  const first = Math.min(...parts.map(({ backend }) => backend.priority));
  shared.clusters = parts
    .filter(({ backend }) => backend.priority === first)
    .map(({ weight }) => {
      const own = clone(WeightedCluster_ClusterWeightSchema, weight);
      own.name = aggregateName(weight.name, rule);
      return own;
    });
  action.clusterNotFoundResponseCode = RouteAction_ClusterNotFoundResponseCode.SERVICE_UNAVAILABLE;
  return true;
}

/** The aggregates that `shareAmong` points at, for the clusters that a route names. */
export function aggregates(
  names: readonly string[],
  rule: RulePlan,
  options: UpstreamOptions,
): JsonObject[] {
  const parts = partsOfNames(names, rule);
  const first = Math.min(...parts.map(({ backend }) => backend.priority));
  return parts
    .filter(({ backend }) => backend.priority === first)
    .map(({ name }) => {
      const others = parts.filter((other) => other.name !== name);
      return aggregateCluster(
        aggregateName(name, rule),
        [name, ...others.map((o) => o.name)],
        rule,
        options,
      );
    });
}

function partsOf(weights: readonly WeightedCluster_ClusterWeight[], rule: RulePlan): Part[] {
  const byName = new Map(weights.map((weight) => [weight.name, weight]));
  return partsOfNames([...byName.keys()], rule).flatMap(({ name, backend }) => {
    const weight = byName.get(name);
    return weight === undefined ? [] : [{ backend, weight }];
  });
}

/** Clusters of backends that the plan knows, in the order of their priorities. */
function partsOfNames(
  names: readonly string[],
  rule: RulePlan,
): { name: string; backend: BackendPlan }[] {
  return [...new Set(names)]
    .flatMap((name) => {
      const found = ruleName(name);
      if (found?.rule !== rule.id) return [];
      const backend = rule.backends.find(({ origin }) => origin.position === found.backend);
      return backend === undefined ? [] : [{ name, backend }];
    })
    .sort(
      (a, b) =>
        a.backend.priority - b.backend.priority ||
        a.backend.origin.position - b.backend.origin.position,
    );
}
