import type { AIGatewayRoute, AIServiceBackend, GatewayConfig } from "../../api/index.ts";
import { shortHash } from "../../lib/hash.ts";
import { remember } from "../../lib/remember.ts";
import type { Gateway } from "../snapshot/foreign.ts";
import { byAge } from "../snapshot/meaning.ts";
import { keyOf, namespaceOf, type Snapshot } from "../snapshot/snapshot.ts";
import { type ReadLog, type View, viewOf } from "../snapshot/view.ts";
import { attachedListeners } from "./attachment.ts";
import { checkBackend } from "./backends.ts";
import { costsOf } from "./costs.ts";
import { checkExtProc, extProcOf, forwardProxyOf, gatewayConfigOf } from "./gateway-config.ts";
import {
  contentProblems,
  earlier,
  type LastGood,
  NOTHING_GOOD,
  newer,
  servedConfigs,
  withSpecOf,
} from "./last-good.ts";
import { matchesOf } from "./matches.ts";
import type { CompileOptions } from "./options.ts";
import { reportOrphans } from "./orphans.ts";
import type { GatewayPlan, Plan, RulePlan } from "./plan.ts";
import { type Problem, ProblemLog } from "./problem.ts";
import { ruleRevision } from "./revision.ts";
import { compileRule } from "./rule.ts";
import { reportUnusedPolicies, trafficPolicyOf } from "./traffic.ts";

/** What one route comes to on one Gateway. */
export interface RouteUnit {
  rules: RulePlan[];
  secrets: [name: string, value: string][];
  problems: Problem[];
}

/** Compiles one route for one Gateway, or knows already what comes of it. */
export type UnitCompiler = (
  view: View,
  gateway: Gateway,
  route: AIGatewayRoute,
  listeners: string[],
) => RouteUnit;

/**
 * Resources in, plan out. Pure and total: it never throws, reports everything that is wrong, and a
 * part that is wrong takes nothing else with it.
 */
export const compile = (
  snapshot: Snapshot,
  options: CompileOptions = { platform: "cluster" },
): Plan =>
  assemble(
    snapshot,
    (view, gateway, route, listeners) => compileUnit(view, gateway, route, listeners, options).unit,
    NOTHING_GOOD,
    options,
  ).plan;

/**
 * Puts the units of all routes together; what is bad in itself is left to its last good version. The
 * newer of two counts: what was good here, and what others remember.
 */
export function assemble(
  newest: Snapshot,
  unitOf: UnitCompiler,
  lastGood: LastGood,
  options: CompileOptions,
  remembered: LastGood["routes"] = NOTHING_GOOD.routes,
): { plan: Plan; good: LastGood } {
  const log = new ProblemLog();
  const { snapshot, good: configs, problems } = servedConfigs(newest, lastGood.configs);
  log.add(problems);
  const view = viewOf(snapshot);
  const gateways = [...snapshot.Gateway.values()];
  const unitsOf = (route: AIGatewayRoute): Map<Gateway, RouteUnit> =>
    new Map(
      gateways.flatMap((gateway) => {
        const listeners = attachedListeners(route, gateway);
        return listeners === undefined ? [] : [[gateway, unitOf(view, gateway, route, listeners)]];
      }),
    );

  const goodRoutes = new Map<string, AIGatewayRoute>();
  const routes = new Map<string, AIGatewayRoute>();
  const parts = new Map(gateways.map((gateway) => [gateway, [] as RouteUnit[]]));
  for (const route of routesByAge(snapshot.AIGatewayRoute)) {
    const key = keyOf(route.metadata);
    let units = unitsOf(route);
    const faults = [...units.values()].flatMap((unit) => contentProblems(route, unit.problems));
    const bad = faults.length > 0;
    const known = newer(earlier(lastGood.routes, route), earlier(remembered, route));
    // What no Gateway takes was not judged.
    const good = units.size > 0 && !bad ? route : known;
    if (good !== undefined) goodRoutes.set(key, good);
    const served = bad && known !== undefined ? withSpecOf(known, route) : route;
    if (served !== route) {
      log.add(faults);
      units = unitsOf(served);
    }
    routes.set(key, served);
    for (const [gateway, unit] of units) {
      log.add(unit.problems);
      parts.get(gateway)?.push(unit);
    }
  }
  if (options.platform === "cluster") {
    for (const backend of unreferenced(snapshot, routes.values())) {
      checkBackend(backend, { snapshot: view.snapshot, options, log });
    }
  }
  reportOrphans(snapshot, log);
  reportUnusedPolicies(snapshot, log);
  return {
    plan: {
      gateways: [...parts].map(([gateway, units]) => gatewayPlan(snapshot, gateway, units, log)),
      problems: log.problems,
      routes,
    },
    good: { routes: goodRoutes, configs },
  };
}

const routesByAge = remember((routes: Snapshot["AIGatewayRoute"]) =>
  [...routes.values()].sort(byAge),
);

/** Backends that a route refers to, by `namespace/name`. */
const referencesOf = remember(({ metadata, spec }: AIGatewayRoute): string[] =>
  spec.rules.flatMap((rule) =>
    (rule.backendRefs ?? []).map(
      ({ namespace, name }) => `${namespace || namespaceOf(metadata)}/${name}`,
    ),
  ),
);

/** Backends that no route refers to. */
function unreferenced(snapshot: Snapshot, routes: Iterable<AIGatewayRoute>): AIServiceBackend[] {
  const referenced = new Set<string>();
  for (const route of routes) for (const key of referencesOf(route)) referenced.add(key);
  return [...snapshot.AIServiceBackend]
    .filter(([key]) => !referenced.has(key))
    .map(([, backend]) => backend);
}

function gatewayPlan(
  snapshot: Snapshot,
  gateway: Gateway,
  units: readonly RouteUnit[],
  log: ProblemLog,
): GatewayPlan {
  const config = gatewayConfigOf(snapshot, gateway, log);
  const forwardProxy = forwardProxyOf(config, log);
  const rules = units.flatMap((unit) => unit.rules);
  if (config !== undefined) checkExtProc(config, log);
  const own: Pick<GatewayPlan, "listeners" | "extProc" | "forwardProxy"> = {
    listeners: gateway.spec.listeners.map(({ name, port, protocol, hostname }) => ({
      name,
      port,
      protocol,
      ...(hostname === undefined ? {} : { hostname }),
    })),
    extProc: extProcOf(gateway, config),
    ...(forwardProxy === undefined ? {} : { forwardProxy }),
  };
  return {
    name: keyOf(gateway.metadata),
    ...own,
    rules,
    secrets: new Map(units.flatMap((unit) => unit.secrets)),
    revision: shortHash(JSON.stringify(own), ...rules.map((rule) => rule.revision)),
  };
}

/** Compiles a route for a Gateway, and tells what was read of the snapshot for it. */
export function compileUnit(
  view: View,
  gateway: Gateway,
  route: AIGatewayRoute,
  listeners: string[],
  options: CompileOptions,
): { unit: RouteUnit; reads: ReadLog } {
  const { snapshot, reads } = view.recording();
  const log = new ProblemLog();
  const config: GatewayConfig | undefined = gatewayConfigOf(snapshot, gateway);
  const context = {
    snapshot,
    options,
    route,
    listeners,
    log,
    costs: costsOf(route, config, log),
    policy: trafficPolicyOf(snapshot, route, gateway),
    matches: matchesOf(route, options.platform === "cluster", log),
  };
  const secrets: RouteUnit["secrets"] = [];
  const rules = route.spec.rules.map((_, index): RulePlan => {
    const start = reads.length;
    const compiled = compileRule(context, index);
    secrets.push(...compiled.secrets);
    const revision = ruleRevision(compiled.rule, reads.objects("Secret", start));
    return { ...compiled.rule, revision };
  });
  return { unit: { rules, secrets, problems: log.problems }, reads };
}
