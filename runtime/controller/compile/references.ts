import type { AIGatewayRoute, AIServiceBackend } from "../../api/index.ts";
import type { InferencePool } from "../snapshot/foreign.ts";
import { namespaceOf, type Snapshot } from "../snapshot/snapshot.ts";
import { referencePermitted } from "./grants.ts";
import type { CompileOptions } from "./options.ts";
import { poolServiceName } from "./pool-service.ts";
import type { ProblemLog } from "./problem.ts";

const OWN_GROUP = "aigateway.envoyproxy.io";
const POOL_GROUP = "inference.networking.k8s.io";
export const HTTP_ROUTE = { group: "gateway.networking.k8s.io", kind: "HTTPRoute" } as const;

export type BackendRef = NonNullable<
  AIGatewayRoute["spec"]["rules"][number]["backendRefs"]
>[number];

/** What compiling a reference of a route needs to know. */
export interface ReferenceContext {
  snapshot: Snapshot;
  options: CompileOptions;
  route: AIGatewayRoute;
  log: ProblemLog;
}

export const isPool = (ref: BackendRef): boolean => ref.kind === "InferencePool";

/** The AIServiceBackend of a reference; undefined, with a problem, where it is not to be had. */
export function serviceOf(
  { snapshot, route, log }: ReferenceContext,
  field: string,
  ref: BackendRef,
): AIServiceBackend | undefined {
  const namespace = ref.namespace || namespaceOf(route.metadata);
  const from = { group: OWN_GROUP, kind: "AIGatewayRoute", namespace: namespaceOf(route.metadata) };
  const to = { group: OWN_GROUP, kind: "AIServiceBackend", name: ref.name, namespace };
  if (!referencePermitted(snapshot, from, to)) {
    return log.error(
      route,
      `${field}.namespace`,
      "RefNotPermitted",
      `AIServiceBackend ${namespace}/${ref.name} is in another namespace and no ReferenceGrant there permits it`,
    );
  }
  return (
    snapshot.AIServiceBackend.get(`${namespace}/${ref.name}`) ??
    log.error(
      route,
      `${field}.name`,
      "BackendNotFound",
      `AIServiceBackend ${namespace}/${ref.name} does not exist`,
    )
  );
}

/** The InferencePool of a reference; undefined, with a problem, where it is not to be had. */
export function poolOf(
  { snapshot, options, route, log }: ReferenceContext,
  field: string,
  ref: BackendRef,
): InferencePool | undefined {
  if (options.platform === "standalone") {
    return log.error(
      route,
      `${field}.kind`,
      "BackendUnsupported",
      "InferencePool needs a cluster with its endpoint picker; here only AIServiceBackend is served",
    );
  }
  const own = namespaceOf(route.metadata);
  const namespace = ref.namespace || own;
  const pool = { group: POOL_GROUP, kind: "InferencePool", name: ref.name, namespace };
  const service = { group: "", kind: "Service", name: poolServiceName(ref.name), namespace };
  const references = [
    { from: { group: OWN_GROUP, kind: "AIGatewayRoute" }, to: pool },
    // Envoy Gateway asks for a grant of its own.
    { from: HTTP_ROUTE, to: service },
  ];
  for (const { from, to } of references) {
    if (referencePermitted(snapshot, { ...from, namespace: own }, to)) continue;
    return log.error(
      route,
      `${field}.namespace`,
      "RefNotPermitted",
      `InferencePool ${namespace}/${ref.name} is in another namespace and no ReferenceGrant there permits ${to.kind} ${to.name} to ${from.kind} of ${own}`,
    );
  }
  return (
    snapshot.InferencePool.get(`${namespace}/${ref.name}`) ??
    log.error(
      route,
      `${field}.name`,
      "BackendNotFound",
      `InferencePool ${namespace}/${ref.name} does not exist`,
    )
  );
}
