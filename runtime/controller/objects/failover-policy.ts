import type { AIGatewayRoute } from "../../api/index.ts";
import type { RetryPlan, RulePlan } from "../compile/plan.ts";
import { retriesDecided } from "../compile/traffic.ts";
import type { Gateway } from "../snapshot/foreign.ts";
import { namespaceOf, type Snapshot } from "../snapshot/snapshot.ts";
import { type KubeObject, ownedBy } from "./kube-object.ts";
import {
  ENVOY_GATEWAY,
  FAILOVER_ANNOTATION,
  failoverPolicy,
  GATEWAY_API,
  MANAGED_BY,
  MANAGED_BY_LABEL,
} from "./names.ts";

export interface Failover {
  policies: KubeObject[];
  /** Names of rules that have none of their own, so that a policy can name them; by index. */
  names: Map<number, string>;
}

const NONE: Failover = { policies: [], names: new Map() };

/**
 * Retries that make priorities real: without a retry, Envoy tries one priority only. Rules with
 * several priorities get a BackendTrafficPolicy with the retries of their plan, unless a user's policy
 * targets the route or already says how its Gateways retry, or the route's annotation says `none`.
 * It merges into a policy on the Gateway, so that rate limits and the like there stay in force.
 */
export function failoverOf(
  snapshot: Snapshot,
  route: AIGatewayRoute,
  gateways: readonly Gateway[],
  rules: readonly RulePlan[],
): Failover {
  if (route.metadata.annotations?.[FAILOVER_ANNOTATION] === "none") return NONE;
  const decided = retriesDecided(snapshot, route, gateways);
  if (decided === "all") return NONE;
  const names = new Map<number, string>();
  const groups = new Map<string, { retry: RetryPlan; sections: string[]; first: number }>();
  for (const [index, { retry }] of rules.entries()) {
    if (retry?.attemptsPerPriority === undefined) continue;
    const given = route.spec.rules[index]?.name;
    if (given !== undefined && decided.has(given)) continue;
    const section = given ?? freeName(route, index);
    if (given === undefined) names.set(index, section);
    const content = JSON.stringify(retry);
    const group = groups.get(content);
    if (group === undefined) groups.set(content, { retry, sections: [section], first: index });
    else group.sections.push(section);
  }
  const policies = [...groups.values()].map(({ retry, sections, first }) =>
    policyOf(route, String(first), sections, retry),
  );
  return { policies, names };
}

/** `rule-<index>`, or more of it where the user has given that name to another rule. */
function freeName(route: AIGatewayRoute, index: number): string {
  const taken = new Set(route.spec.rules.map((rule) => rule.name));
  let name = `rule-${index}`;
  while (taken.has(name)) name = `ai-eg-${name}`;
  return name;
}

function policyOf(
  route: AIGatewayRoute,
  part: string,
  sections: readonly string[],
  retry: RetryPlan,
): KubeObject {
  return {
    apiVersion: `${ENVOY_GATEWAY}/v1alpha1`,
    kind: "BackendTrafficPolicy",
    metadata: {
      name: failoverPolicy(route.metadata.name, part),
      namespace: namespaceOf(route.metadata),
      labels: { [MANAGED_BY_LABEL]: MANAGED_BY },
      ...ownedBy(route),
    },
    spec: {
      mergeType: "StrategicMerge",
      targetRefs: sections.map((sectionName) => ({
        group: GATEWAY_API,
        kind: "HTTPRoute",
        name: route.metadata.name,
        sectionName,
      })),
      retry: retrySpec(retry),
    },
  };
}

const ms = (value: number): string => `${value}ms`;

function retrySpec(retry: RetryPlan): object {
  const backOff = {
    ...(retry.baseIntervalMs === undefined ? {} : { baseInterval: ms(retry.baseIntervalMs) }),
    ...(retry.maxIntervalMs === undefined ? {} : { maxInterval: ms(retry.maxIntervalMs) }),
  };
  const perRetry = {
    ...(retry.perTryTimeoutMs === undefined ? {} : { timeout: ms(retry.perTryTimeoutMs) }),
    ...(Object.keys(backOff).length > 0 ? { backOff } : {}),
  };
  return {
    numRetries: retry.numRetries,
    numAttemptsPerPriority: retry.attemptsPerPriority,
    retryOn: { triggers: retry.retryOn, httpStatusCodes: retry.statusCodes },
    ...(Object.keys(perRetry).length > 0 ? { perRetry } : {}),
  };
}
