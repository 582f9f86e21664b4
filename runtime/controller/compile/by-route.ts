import type { Plan, RulePlan } from "./plan.ts";

/** Rules of each route, by the route's key and then by Gateway. */
export function rulesByRoute(plan: Plan): Map<string, Map<string, RulePlan[]>> {
  const routes = new Map<string, Map<string, RulePlan[]>>();
  for (const gateway of plan.gateways) {
    for (const rule of gateway.rules) {
      const gateways = routes.get(rule.route) ?? new Map<string, RulePlan[]>();
      routes.set(rule.route, gateways);
      const rules = gateways.get(gateway.name);
      if (rules === undefined) gateways.set(gateway.name, [rule]);
      else rules.push(rule);
    }
  }
  return routes;
}
