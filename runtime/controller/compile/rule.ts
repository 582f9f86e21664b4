import type { AIGatewayRoute } from "../../api/index.ts";
import type { Cost } from "../../program/program.ts";
import type { BackendTrafficPolicy } from "../snapshot/foreign.ts";
import { keyOf, type Snapshot } from "../snapshot/snapshot.ts";
import { type ResolvedBackend, resolveBackend } from "./backends.ts";
import { cannotServe, type LaneBackend, lanesOf } from "./lanes.ts";
import { MAX_BACKEND_REFS } from "./limits.ts";
import { modelsOf } from "./models.ts";
import type { CompileOptions } from "./options.ts";
import type { HeaderMatch, NarrowedPlan, RulePlan } from "./plan.ts";
import type { ProblemLog } from "./problem.ts";
import { DEFAULT_REQUEST_TIMEOUT_MS, durationField, retryOf } from "./traffic.ts";

/** What is the same for all rules of a route on one Gateway. */
export interface RuleContext {
  snapshot: Snapshot;
  options: CompileOptions;
  route: AIGatewayRoute;
  costs: readonly Cost[];
  policy: BackendTrafficPolicy | undefined;
  /** Names of the Gateway's listeners that serve the route. */
  listeners: string[];
  /** By rule. */
  matches: readonly HeaderMatch[][][];
  log: ProblemLog;
}

export interface CompiledRule {
  rule: Omit<RulePlan, "revision">;
  secrets: [name: string, value: string][];
}

/** One rule of a route, as one Gateway serves it. */
export function compileRule(context: RuleContext, index: number): CompiledRule {
  const { route, costs, policy, listeners, log } = context;
  // biome-ignore lint/style/noNonNullAssertion: index comes from the array's own keys
  const rule = route.spec.rules[index]!;
  const field = `spec.rules[${index}]`;
  const resolved = backendsOf(context, index, field);
  const lanes = resolved.map((backend) => backend.lane);
  const { endpoints, narrowed } = lanesOf(lanes, costs);
  reportUnserved(context, field, endpoints, lanes);
  const policyTimeout = policy?.spec.timeout;
  const requestTimeoutMs =
    durationField(route, `${field}.timeouts.request`, rule.timeouts?.request, log) ??
    (policy &&
      durationField(
        policy,
        "spec.timeout.http.requestTimeout",
        policyTimeout?.http?.requestTimeout,
        log,
      )) ??
    DEFAULT_REQUEST_TIMEOUT_MS;
  const connectTimeoutMs =
    policy &&
    durationField(
      policy,
      "spec.timeout.tcp.connectTimeout",
      policyTimeout?.tcp?.connectTimeout,
      log,
    );
  const streamIdleTimeoutMs = durationField(
    route,
    `${field}.streamIdleTimeout`,
    rule.streamIdleTimeout,
    log,
  );
  const attemptTimeoutMs = durationField(
    route,
    `${field}.timeouts.backendRequest`,
    rule.timeouts?.backendRequest,
    log,
  );
  const backends = resolved.map((backend) => backend.plan);
  const retry = retryOf(policy, backends, attemptTimeoutMs, log);
  const matches = context.matches[index] ?? [];
  const narrowedPlans = narrowed.map((each): NarrowedPlan => {
    const able = backends.filter((_, at) => each.backends.includes(at));
    const own = retryOf(policy, able, attemptTimeoutMs, log);
    return {
      endpoints: each.endpoints,
      backends: able.map(({ origin }) => origin.position),
      ...(own === undefined ? {} : { retry: own }),
    };
  });
  return {
    rule: {
      id: `${keyOf(route.metadata)}/rule/${index}`,
      route: keyOf(route.metadata),
      hostnames: [...(route.spec.hostnames ?? [])],
      matches,
      requestTimeoutMs,
      backends,
      endpoints,
      models: modelsOf(route, rule, matches),
      listeners,
      ...(rule.name === undefined ? {} : { ruleName: rule.name }),
      ...(streamIdleTimeoutMs === undefined ? {} : { streamIdleTimeoutMs }),
      ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
      ...(retry === undefined ? {} : { retry }),
      ...(narrowedPlans.length === 0 ? {} : { narrowed: narrowedPlans }),
    },
    secrets: resolved.flatMap((backend) => backend.secrets),
  };
}

function backendsOf(
  { snapshot, options, route, costs, log }: RuleContext,
  index: number,
  field: string,
): ResolvedBackend[] {
  const refs = route.spec.rules[index]?.backendRefs ?? [];
  const limit = options.platform === "cluster" ? MAX_BACKEND_REFS : refs.length;
  if (refs.length > limit) {
    log.error(
      route,
      `${field}.backendRefs`,
      "BackendUnsupported",
      `only the first ${limit} of ${refs.length} backends are served: a rule of an HTTPRoute has no more`,
    );
  }
  const resolved = refs
    .slice(0, limit)
    .map((ref, refIndex) => ({ ref, refIndex }))
    .filter(({ ref }) => ref.weight !== 0)
    .map(({ ref, refIndex }) =>
      resolveBackend({ snapshot, options, route, costs, log }, index, refIndex, ref),
    )
    .filter((backend): backend is ResolvedBackend => backend !== undefined);
  if (resolved.length === 0) {
    log.error(
      route,
      `${field}.backendRefs`,
      "NoBackend",
      "no backend of this rule can be served; its requests are answered with 503",
    );
  }
  return resolved;
}

/** Endpoints that some backends of a rule serve and others cannot. */
function reportUnserved(
  { route, log }: RuleContext,
  field: string,
  endpoints: RulePlan["endpoints"],
  lanes: readonly LaneBackend[],
): void {
  for (const { backend, lacks } of cannotServe(Object.keys(endpoints), lanes)) {
    log.warn(
      route,
      `${field}.backendRefs`,
      "EndpointUnsupported",
      `backend ${backend.name} (${backend.schema}) cannot serve ${lacks.map(([why, ids]) => `${ids.join(", ")} (${why})`).join("; ")}, which other backends of the rule serve; such requests go to these alone`,
    );
  }
}
