import type { AIGatewayRoute, GatewayConfig } from "../../api/index.ts";
import type { Gateway } from "../snapshot/foreign.ts";
import { keyOf, namespaceOf, type Snapshot } from "../snapshot/snapshot.ts";
import { type ResolvedBackend, resolveBackend } from "./backends.ts";
import { costsOf } from "./costs.ts";
import { cannotServe, lanesOf } from "./lanes.ts";
import { modelsOf } from "./models.ts";
import type { GatewayPlan, HeaderMatch, Plan, RulePlan } from "./plan.ts";
import { ProblemLog } from "./problem.ts";
import {
  DEFAULT_REQUEST_TIMEOUT_MS,
  durationField,
  reportUnusedPolicies,
  retryOf,
  trafficPolicyOf,
} from "./traffic.ts";

/** Annotation of a Gateway that names its GatewayConfig, in the same namespace. */
const GATEWAY_CONFIG_ANNOTATION = "aigateway.envoyproxy.io/gateway-config";

/**
 * Resources in, plan out. Pure and total: it never throws, reports everything that is wrong, and a
 * part that is wrong takes nothing else with it.
 */
export function compile(snapshot: Snapshot): Plan {
  const log = new ProblemLog();
  const gateways = [...snapshot.Gateway.values()].map((gateway) =>
    compileGateway(snapshot, gateway, log),
  );
  reportOrphans(snapshot, log);
  reportUnusedPolicies(snapshot, log);
  return { gateways, problems: log.problems };
}

function compileGateway(snapshot: Snapshot, gateway: Gateway, log: ProblemLog): GatewayPlan {
  const config = gatewayConfigOf(snapshot, gateway, log);
  const secrets = new Map<string, string>();
  const rules: RulePlan[] = [];
  const routes = [...snapshot.AIGatewayRoute.values()]
    .filter((route) => attaches(route, gateway))
    .sort(byAge);
  for (const route of routes) {
    for (const index of route.spec.rules.keys()) {
      rules.push(compileRule(snapshot, gateway, config, route, index, secrets, log));
    }
  }
  return {
    name: keyOf(gateway.metadata),
    listeners: gateway.spec.listeners.map(({ name, port, protocol, hostname }) => ({
      name,
      port,
      protocol,
      ...(hostname === undefined ? {} : { hostname }),
    })),
    rules,
    secrets,
  };
}

function compileRule(
  snapshot: Snapshot,
  gateway: Gateway,
  config: GatewayConfig | undefined,
  route: AIGatewayRoute,
  index: number,
  secrets: Map<string, string>,
  log: ProblemLog,
): RulePlan {
  // biome-ignore lint/style/noNonNullAssertion: index comes from the array's own keys
  const rule = route.spec.rules[index]!;
  const field = `spec.rules[${index}]`;
  const costs = costsOf(route, config, log);
  const resolved = (rule.backendRefs ?? [])
    .map((ref, refIndex) => ({ ref, refIndex }))
    .filter(({ ref }) => ref.weight !== 0)
    .map(({ ref, refIndex }) => resolveBackend(snapshot, route, index, refIndex, ref, costs, log))
    .filter((backend): backend is ResolvedBackend => backend !== undefined);
  if (resolved.length === 0) {
    log.error(
      route,
      `${field}.backendRefs`,
      "NoBackend",
      "no backend of this rule can be served; its requests are answered with 503",
    );
  }
  for (const [name, value] of resolved.flatMap((backend) => backend.secrets))
    secrets.set(name, value);

  const laneBackends = resolved.map((backend) => backend.lane);
  const endpoints = lanesOf(laneBackends, costs);
  for (const endpointId of Object.keys(endpoints)) {
    for (const backend of cannotServe(endpointId, laneBackends)) {
      log.warn(
        route,
        `${field}.backendRefs`,
        "EndpointUnsupported",
        `backend ${backend.name} (${backend.schema}) cannot serve ${endpointId}, which other backends of the rule serve; requests that reach it are refused`,
      );
    }
  }
  const policy = trafficPolicyOf(snapshot, route, gateway);
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
  const backends = resolved.map((backend) => backend.plan);
  const retry = retryOf(policy, backends, log);
  const matches = matchesOf(route, field, rule.matches, log);
  return {
    id: `${keyOf(route.metadata)}/rule/${index}`,
    route: keyOf(route.metadata),
    hostnames: [...(route.spec.hostnames ?? [])],
    matches,
    requestTimeoutMs,
    backends,
    endpoints,
    models: modelsOf(route, rule, matches),
    ...(rule.name === undefined ? {} : { ruleName: rule.name }),
    ...(streamIdleTimeoutMs === undefined ? {} : { streamIdleTimeoutMs }),
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    ...(retry === undefined ? {} : { retry }),
  };
}

function matchesOf(
  route: AIGatewayRoute,
  field: string,
  matches: AIGatewayRoute["spec"]["rules"][number]["matches"],
  log: ProblemLog,
): HeaderMatch[][] {
  const usable: HeaderMatch[][] = [];
  for (const [index, match] of (matches ?? []).entries()) {
    const headers = (match.headers ?? []).map(
      (header): HeaderMatch => ({
        name: header.name.toLowerCase(),
        value: header.value,
        type: header.type ?? "Exact",
      }),
    );
    const bad = headers.find((h) => h.type === "RegularExpression" && !compiles(h.value));
    if (bad !== undefined) {
      log.error(
        route,
        `${field}.matches[${index}]`,
        "InvalidMatch",
        `"${bad.value}" is not a regular expression (RE2); this match is left out`,
      );
      continue;
    }
    usable.push(headers);
  }
  // A rule whose every match is broken must match nothing, not everything.
  if (usable.length === 0 && (matches ?? []).length > 0)
    return [[{ name: ":method", value: "", type: "Exact" }]];
  return usable;
}

function compiles(pattern: string): boolean {
  try {
    new RegExp(pattern.replace(/^\(\?[a-z]+\)/, ""), "u");
    return true;
  } catch {
    return false;
  }
}

function gatewayConfigOf(
  snapshot: Snapshot,
  gateway: Gateway,
  log: ProblemLog,
): GatewayConfig | undefined {
  const name = gateway.metadata.annotations?.[GATEWAY_CONFIG_ANNOTATION];
  if (name === undefined) return undefined;
  const key = `${namespaceOf(gateway.metadata)}/${name}`;
  return (
    snapshot.GatewayConfig.get(key) ??
    log.error(
      gateway,
      `metadata.annotations["${GATEWAY_CONFIG_ANNOTATION}"]`,
      "GatewayNotFound",
      `GatewayConfig ${key} does not exist`,
    )
  );
}

const attaches = (route: AIGatewayRoute, gateway: Gateway): boolean =>
  (route.spec.parentRefs ?? []).some(
    (ref) =>
      ref.name === gateway.metadata.name &&
      (ref.namespace ?? namespaceOf(route.metadata)) === namespaceOf(gateway.metadata),
  );

function reportOrphans(snapshot: Snapshot, log: ProblemLog): void {
  for (const route of snapshot.AIGatewayRoute.values()) {
    for (const [index, ref] of (route.spec.parentRefs ?? []).entries()) {
      const key = `${ref.namespace ?? namespaceOf(route.metadata)}/${ref.name}`;
      if (snapshot.Gateway.has(key)) continue;
      log.error(
        route,
        `spec.parentRefs[${index}]`,
        "GatewayNotFound",
        `Gateway ${key} does not exist; the route is not served by it`,
      );
    }
    if ((route.spec.parentRefs ?? []).length === 0) {
      log.error(
        route,
        "spec.parentRefs",
        "GatewayNotFound",
        "the route names no Gateway, so nothing serves it",
      );
    }
  }
}

/** Gateway API precedence between routes: older first, then by name. */
function byAge(a: AIGatewayRoute, b: AIGatewayRoute): number {
  const age = (route: AIGatewayRoute): string => route.metadata.creationTimestamp ?? "";
  if (age(a) !== age(b)) return age(a) < age(b) ? -1 : 1;
  return keyOf(a.metadata) < keyOf(b.metadata) ? -1 : 1;
}
