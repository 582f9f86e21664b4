import type { Resource } from "../../api/index.ts";
import { rulesByRoute } from "../compile/by-route.ts";
import type { Plan } from "../compile/plan.ts";
import { keyOf, namespaceOf, type Snapshot } from "../snapshot/snapshot.ts";
import { findingsOf } from "./findings.ts";
import {
  backendConditions,
  gatewayConfigConditions,
  plannedBackends,
  securityPolicyConditions,
  unservedConditions,
} from "./others.ts";
import { gatewaysOfPools, poolStatus } from "./pools.ts";
import { routeConditions } from "./routes.ts";
import type { Condition, ProgrammedFacts, StatusUpdate } from "./types.ts";

/** The status of every object of ours, and of every InferencePool, in the snapshot, in a stable order. Pure. */
export function statusesOf(snapshot: Snapshot, plan: Plan, facts: ProgrammedFacts): StatusUpdate[] {
  const findings = findingsOf(snapshot, plan);
  const rules = rulesByRoute(plan);
  const backends = plannedBackends(plan);
  const gatewaysOfPool = gatewaysOfPools(plan);
  const updates = <T extends Resource>(
    objects: ReadonlyMap<string, T>,
    judge: (object: T) => Condition[],
  ): StatusUpdate[] => [...objects.values()].map((object) => update(object, judge(object)));
  return [
    ...updates(snapshot.AIGatewayRoute, (route) =>
      routeConditions(route, plan, rules.get(keyOf(route.metadata)) ?? new Map(), findings, facts),
    ),
    ...updates(snapshot.AIServiceBackend, (backend) =>
      backendConditions(backend, backends, findings),
    ),
    ...updates(snapshot.BackendSecurityPolicy, (policy) =>
      securityPolicyConditions(policy, backends, findings),
    ),
    ...updates(snapshot.GatewayConfig, (config) => gatewayConfigConditions(config, plan, findings)),
    ...[...snapshot.InferencePool].map(([key, pool]) =>
      poolStatus(pool, gatewaysOfPool.get(key), findings),
    ),
    ...updates(snapshot.MCPRoute, unservedConditions),
    ...updates(snapshot.QuotaPolicy, unservedConditions),
  ];
}

const update = (object: Resource, conditions: Condition[]): StatusUpdate => ({
  apiVersion: object.apiVersion,
  kind: object.kind,
  namespace: namespaceOf(object.metadata),
  name: object.metadata.name,
  generation: object.metadata.generation ?? 0,
  conditions,
});
