import type { AIGatewayRoute, GatewayConfig } from "../../api/index.ts";
import { shortHash } from "../../lib/hash.ts";
import type { Gateway } from "../snapshot/foreign.ts";
import { keyOf, type Snapshot } from "../snapshot/snapshot.ts";
import { byAge, type ReadLog, type View, viewOf } from "../snapshot/view.ts";
import { attachedListeners } from "./attachment.ts";
import { costsOf } from "./costs.ts";
import { gatewayConfigOf } from "./gateway-config.ts";
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
  );

/** Puts the units of all routes together. */
export function assemble(snapshot: Snapshot, unitOf: UnitCompiler): Plan {
  const log = new ProblemLog();
  const view = viewOf(snapshot);
  const routes = [...snapshot.AIGatewayRoute.values()].sort(byAge);
  const gateways = [...snapshot.Gateway.values()].map((gateway): GatewayPlan => {
    gatewayConfigOf(snapshot, gateway, log);
    const rules: RulePlan[] = [];
    const secrets = new Map<string, string>();
    for (const route of routes) {
      const listeners = attachedListeners(route, gateway);
      if (listeners === undefined) continue;
      const unit = unitOf(view, gateway, route, listeners);
      rules.push(...unit.rules);
      for (const [name, value] of unit.secrets) secrets.set(name, value);
      log.add(unit.problems);
    }
    return gatewayPlan(gateway, rules, secrets);
  });
  reportOrphans(snapshot, log);
  reportUnusedPolicies(snapshot, log);
  return { gateways, problems: log.problems, routes: new Map(snapshot.AIGatewayRoute) };
}

function gatewayPlan(
  gateway: Gateway,
  rules: RulePlan[],
  secrets: Map<string, string>,
): GatewayPlan {
  const listeners = gateway.spec.listeners.map(({ name, port, protocol, hostname }) => ({
    name,
    port,
    protocol,
    ...(hostname === undefined ? {} : { hostname }),
  }));
  return {
    name: keyOf(gateway.metadata),
    listeners,
    rules,
    secrets,
    revision: shortHash(JSON.stringify(listeners), ...rules.map((rule) => rule.revision)),
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
