import type { Plan } from "../compile/plan.ts";
import { poolServiceName } from "../compile/pool-service.ts";
import type { InferencePool } from "../snapshot/foreign.ts";
import { namespaceOf, type Snapshot } from "../snapshot/snapshot.ts";
import { type KubeObject, ownedBy } from "./kube-object.ts";
import { MANAGED_BY, MANAGED_BY_LABEL } from "./names.ts";

/**
 * A headless Service for each InferencePool that a rule serves: by it Envoy Gateway finds the pool's pods
 * that are ready. The pool's endpoint picker chooses among them.
 */
export function poolServices(snapshot: Snapshot, plan: Plan): KubeObject[] {
  const backends = plan.gateways.flatMap(({ rules }) => rules.flatMap((rule) => rule.backends));
  const pools = new Set(backends.flatMap(({ pool, name }) => (pool === undefined ? [] : name)));
  return [...pools].sort().flatMap((key) => {
    const pool = snapshot.InferencePool.get(key);
    return pool === undefined ? [] : serviceOf(pool);
  });
}

const serviceOf = (pool: InferencePool): KubeObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: {
    name: poolServiceName(pool.metadata.name),
    namespace: namespaceOf(pool.metadata),
    labels: { [MANAGED_BY_LABEL]: MANAGED_BY },
    ...ownedBy(pool),
  },
  spec: {
    clusterIP: "None",
    selector: pool.spec.selector.matchLabels,
    ports: pool.spec.targetPorts.map(({ number }) => ({
      name: `http-${number}`,
      port: number,
      targetPort: number,
    })),
  },
});
