import type { AIGatewayRoute } from "../../api/index.ts";
import { parentRefsOf } from "../compile/attachment.ts";
import { MAX_BACKEND_REFS, MAX_WEIGHT } from "../compile/limits.ts";
import type { Origin, RulePlan } from "../compile/plan.ts";
import { poolOrigin, poolServiceName } from "../compile/pool-service.ts";
import { keyOf, namespaceOf, type Snapshot } from "../snapshot/snapshot.ts";
import { filterRef } from "./filters.ts";
import { type KubeObject, ownedBy } from "./kube-object.ts";
import { lastGoodAnnotation } from "./last-good.ts";
import {
  ENVOY_GATEWAY,
  GATEWAY_API,
  GENERATED_ANNOTATION,
  hostRewriteFilter,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  noBackendFilter,
  notFoundFilter,
  PRIORITIES_ANNOTATION,
  REVISION_ANNOTATION,
  ROUTE_NOT_FOUND_RULE,
} from "./names.ts";

type Rule = AIGatewayRoute["spec"]["rules"][number];
type BackendRef = NonNullable<Rule["backendRefs"]>[number];

export interface HttpRouteInput {
  snapshot: Snapshot;
  /** The version of the route that is served. */
  route: AIGatewayRoute;
  /** The plan of each rule, by its index; the same whatever the Gateway in all that is read here. */
  rules: readonly RulePlan[];
  /** Names that rules get which have none of their own and must be told apart, by index. */
  names: ReadonlyMap<number, string>;
  /** Time limit of each rule, by its index; undefined leaves it to the Gateways' policies. */
  timeouts: readonly (string | undefined)[];
  rootPrefix: string;
  /** Present where this route carries the revision of a Gateway. */
  revision: string | undefined;
}

/**
 * The HTTPRoute of an AIGatewayRoute: same name, rule i for rule i, and one more rule that answers
 * 404. A rule of which nothing can be served keeps its place and answers 503.
 */
export function httpRoute(input: HttpRouteInput): KubeObject {
  const { route, rootPrefix } = input;
  const { name, labels } = route.metadata;
  const { hostnames } = route.spec;
  return {
    apiVersion: `${GATEWAY_API}/v1`,
    kind: "HTTPRoute",
    metadata: {
      name,
      namespace: namespaceOf(route.metadata),
      labels: { ...labels, [MANAGED_BY_LABEL]: MANAGED_BY },
      annotations: annotationsOf(input),
      ...ownedBy(route),
    },
    spec: {
      parentRefs: parentRefsOf(route).refs.map(({ ref }) => ref),
      ...(hostnames === undefined ? {} : { hostnames: [...hostnames] }),
      rules: [
        ...input.rules.map((plan, index) => ruleOf(input, plan, index)),
        {
          name: ROUTE_NOT_FOUND_RULE,
          matches: [{ path: prefix(rootPrefix) }],
          filters: [filterRef(notFoundFilter(name))],
        },
      ],
    },
  };
}

/** kubectl's copy of the whole AIGatewayRoute means nothing on another object. */
const NOT_CARRIED = "kubectl.kubernetes.io/last-applied-configuration";

function annotationsOf({ snapshot, route, revision }: HttpRouteInput): Record<string, string> {
  const { [NOT_CARRIED]: _, ...carried } = route.metadata.annotations ?? {};
  return {
    ...carried,
    ...lastGoodAnnotation(route, snapshot.AIGatewayRoute.get(keyOf(route.metadata))),
    [GENERATED_ANNOTATION]: "true",
    [PRIORITIES_ANNOTATION]: route.spec.rules
      .flatMap((rule, index) =>
        (rule.backendRefs ?? []).map((ref) => `${index}:${ref.name}:${ref.priority ?? 0}`),
      )
      .join(","),
    ...(revision === undefined ? {} : { [REVISION_ANNOTATION]: revision }),
  };
}

const prefix = (value: string): object => ({ type: "PathPrefix", value });

function ruleOf(input: HttpRouteInput, plan: RulePlan, index: number): object {
  const { route, rootPrefix } = input;
  const routeName = route.metadata.name;
  const rule = route.spec.rules[index];
  const name = rule?.name ?? input.names.get(index);
  const request = input.timeouts[index];
  const matches = plan.matches.length > 0 ? plan.matches : [[]];
  const served = plan.backends.length > 0;
  return {
    ...(name === undefined ? {} : { name }),
    matches: matches.map((headers) => ({
      path: prefix(rootPrefix),
      ...(headers.length > 0 ? { headers } : {}),
    })),
    filters: [filterRef(served ? hostRewriteFilter(routeName) : noBackendFilter(routeName))],
    ...(served ? { backendRefs: backendRefs(input, rule, plan) } : {}),
    ...(request === undefined ? {} : { timeouts: { request } }),
  };
}

/** Every reference in its place; those that are not served have weight 0. */
function backendRefs(input: HttpRouteInput, rule: Rule | undefined, plan: RulePlan): object[] {
  const served = new Map(plan.backends.map((backend) => [backend.origin.position, backend]));
  return (rule?.backendRefs ?? []).slice(0, MAX_BACKEND_REFS).map((ref, position) => {
    const backend = served.get(position);
    return backend === undefined
      ? { ...written(input, absentOrigin(input, ref, position)), weight: 0 }
      : { ...written(input, backend.origin), weight: Math.min(backend.weight, MAX_WEIGHT) };
  });
}

function written({ route }: HttpRouteInput, origin: Origin): object {
  return {
    group: origin.group,
    kind: origin.kind,
    name: origin.name,
    ...(origin.namespace === namespaceOf(route.metadata) ? {} : { namespace: origin.namespace }),
    ...(origin.port === undefined ? {} : { port: origin.port }),
  };
}

/** Services must be named with a port, also those that are not there. */
const ANY_PORT = 80;

/** What stands in the place of a reference that is not served: what it names, as far as it is known. */
function absentOrigin(
  { snapshot, route }: HttpRouteInput,
  ref: BackendRef,
  position: number,
): Origin {
  const namespace = ref.namespace || namespaceOf(route.metadata);
  if (ref.kind === "InferencePool") {
    const pool = snapshot.InferencePool.get(`${namespace}/${ref.name}`);
    const absent = { group: "", kind: "Service", namespace, port: ANY_PORT } as const;
    return pool === undefined
      ? { ...absent, name: poolServiceName(ref.name), position }
      : { ...poolOrigin(pool), position };
  }
  const target = snapshot.AIServiceBackend.get(`${namespace}/${ref.name}`)?.spec.backendRef;
  return {
    group: ENVOY_GATEWAY,
    kind: "Backend",
    namespace: target?.namespace ?? namespace,
    name: target?.name ?? ref.name,
    position,
  };
}
