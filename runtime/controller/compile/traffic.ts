import type { AIGatewayRoute } from "../../api/index.ts";
import { parseDuration } from "../../lib/duration.ts";
import { MANAGED_BY, MANAGED_BY_LABEL } from "../objects/names.ts";
import type { BackendTrafficPolicy } from "../snapshot/foreign.ts";
import { namespaceOf, type Snapshot } from "../snapshot/snapshot.ts";
import { targeting } from "../snapshot/view.ts";
import type { BackendPlan, RetryPlan } from "./plan.ts";
import type { Locatable, ProblemLog } from "./problem.ts";

/** The reference's default for a rule without `timeouts.request`. */
export const DEFAULT_REQUEST_TIMEOUT_MS = 60_000;

/** Label of objects that the controller wrote, and its value: what it wrote is no user's wish. */
const isGenerated = ({ metadata }: Locatable): boolean =>
  metadata.labels?.[MANAGED_BY_LABEL] === MANAGED_BY;

const policiesOn = (
  snapshot: Snapshot,
  kind: string,
  metadata: Locatable["metadata"],
): BackendTrafficPolicy[] =>
  targeting(snapshot, "BackendTrafficPolicy", {
    kind,
    namespace: namespaceOf(metadata),
    name: metadata.name,
    labels: metadata.labels ?? {},
  }).filter((policy) => !isGenerated(policy));

/** Users' policies on a route, whichever part of it they name. */
const onRoute = (snapshot: Snapshot, route: AIGatewayRoute): BackendTrafficPolicy[] => [
  ...policiesOn(snapshot, "HTTPRoute", route.metadata),
  ...policiesOn(snapshot, "AIGatewayRoute", route.metadata),
];

/** The user's policy for a route: on the HTTPRoute of the route's name, else on the Gateway. */
export const trafficPolicyOf = (
  snapshot: Snapshot,
  route: AIGatewayRoute,
  gateway: Locatable,
): BackendTrafficPolicy | undefined =>
  onRoute(snapshot, route)[0] ?? policiesOn(snapshot, "Gateway", gateway.metadata)[0];

/** Rules of a route whose retries users' policies decide: all of them, or those of these names. */
export function retriesDecided(
  snapshot: Snapshot,
  route: AIGatewayRoute,
  gateways: readonly Locatable[],
): "all" | ReadonlySet<string> {
  const retrying = gateways.some((gateway) =>
    policiesOn(snapshot, "Gateway", gateway.metadata).some(({ spec }) => spec.retry !== undefined),
  );
  if (retrying) return "all";
  const sections = onRoute(snapshot, route).flatMap(({ spec }) => {
    const refs = [...(spec.targetRefs ?? []), ...(spec.targetRef ? [spec.targetRef] : [])].filter(
      ({ name }) => name === route.metadata.name,
    );
    return refs.length === 0 ? [undefined] : refs.map(({ sectionName }) => sectionName);
  });
  const named = sections.filter((section) => section !== undefined);
  return named.length < sections.length ? "all" : new Set(named);
}

/** A duration field, or undefined with a problem. */
export function durationField(
  on: Locatable,
  field: string,
  text: string | undefined,
  log: ProblemLog,
): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms === undefined) {
    return log.error(
      on,
      field,
      "InvalidValue",
      `"${text}" is not a duration such as 30s, 1m or 500ms`,
    );
  }
  return ms;
}

/**
 * Retries of a rule. With a user's policy, that; without one, what makes failover real: one attempt
 * per priority (or per backend) on connection failures, 429 and 5xx. A rule with one backend only
 * repeats what certainly had no effect. The time limit of an attempt is the rule's where the policy
 * has none.
 */
export function retryOf(
  policy: BackendTrafficPolicy | undefined,
  backends: readonly BackendPlan[],
  attemptTimeoutMs: number | undefined,
  log: ProblemLog,
): RetryPlan | undefined {
  const retry = retriesOf(policy, backends, log);
  return attemptTimeoutMs === undefined || retry.perTryTimeoutMs !== undefined
    ? retry
    : { ...retry, perTryTimeoutMs: attemptTimeoutMs };
}

function retriesOf(
  policy: BackendTrafficPolicy | undefined,
  backends: readonly BackendPlan[],
  log: ProblemLog,
): RetryPlan {
  const priorities = new Set(backends.map((b) => b.priority)).size;
  const own = policy?.spec.retry;
  if (policy !== undefined && own !== undefined) {
    const duration = (field: string, text: string | undefined): number | undefined =>
      durationField(policy, `spec.retry.perRetry.${field}`, text, log);
    const perTryTimeoutMs = duration("timeout", own.perRetry?.timeout);
    const baseIntervalMs = duration("backOff.baseInterval", own.perRetry?.backOff?.baseInterval);
    const maxIntervalMs = duration("backOff.maxInterval", own.perRetry?.backOff?.maxInterval);
    const triggers = own.retryOn?.triggers ?? [
      "connect-failure",
      "refused-stream",
      "retriable-status-codes",
    ];
    const statusCodes = own.retryOn?.httpStatusCodes ?? (own.retryOn?.triggers ? [] : [503]);
    return {
      numRetries: own.numRetries ?? 2,
      retryOn: [
        ...triggers,
        ...(statusCodes.length > 0 && !triggers.includes("retriable-status-codes")
          ? ["retriable-status-codes"]
          : []),
      ],
      statusCodes,
      ...(own.numAttemptsPerPriority === undefined
        ? {}
        : { attemptsPerPriority: own.numAttemptsPerPriority }),
      ...(perTryTimeoutMs === undefined ? {} : { perTryTimeoutMs }),
      ...(baseIntervalMs === undefined ? {} : { baseIntervalMs }),
      ...(maxIntervalMs === undefined ? {} : { maxIntervalMs }),
    };
  }
  if (backends.length > 1) {
    return {
      numRetries: priorities > 1 ? priorities - 1 : Math.min(backends.length - 1, 2),
      retryOn: ["connect-failure", "refused-stream", "reset", "5xx", "retriable-status-codes"],
      statusCodes: [429],
      baseIntervalMs: 25,
      ...(priorities > 1 ? { attemptsPerPriority: 1 } : {}),
    };
  }
  return { numRetries: 1, retryOn: ["connect-failure", "refused-stream"], statusCodes: [] };
}

/** Names policies that target nothing, which would else be ignored silently. */
export function reportUnusedPolicies(snapshot: Snapshot, log: ProblemLog): void {
  const known: Readonly<Record<string, ReadonlyMap<string, unknown>>> = {
    Gateway: snapshot.Gateway,
    HTTPRoute: snapshot.AIGatewayRoute,
    AIGatewayRoute: snapshot.AIGatewayRoute,
  };
  for (const policy of snapshot.BackendTrafficPolicy.values()) {
    if (isGenerated(policy)) continue;
    const refs = [
      ...(policy.spec.targetRefs ?? []),
      ...(policy.spec.targetRef ? [policy.spec.targetRef] : []),
    ];
    for (const [index, ref] of refs.entries()) {
      if (known[ref.kind]?.has(`${namespaceOf(policy.metadata)}/${ref.name}`)) continue;
      log.warn(
        policy,
        `spec.targetRefs[${index}]`,
        "BackendNotFound",
        `${ref.kind} ${namespaceOf(policy.metadata)}/${ref.name} is not here; the policy has no effect on it`,
      );
    }
  }
}
