import type { Plan, RulePlan } from "../compile/plan.ts";
import type { EditedCluster } from "./clusters.ts";
import type { Binding } from "./hosts.ts";
import { knowsRoute, plansOf } from "./plans.ts";
import { agrees, type RouteFacts } from "./route-facts.ts";
import type { TableFacts } from "./tables.ts";

/** Edits a rule's clusters as one plan of it says. */
export type EditClusters = (rule: RulePlan) => EditedCluster[];

/**
 * Which plan of each rule holds for this translation. Envoy Gateway may have translated what is older
 * or newer than our newest plan, so of the plans that agree on the matches of all routes of the rule the
 * newest is taken that knows all endpoints, else the newest.
 */
export function bind(
  tables: readonly TableFacts[],
  plans: readonly Plan[],
  gateways: ReadonlySet<string>,
  clustersOf: (rule: string) => EditClusters,
): Binding {
  const routes = new Map<string, RouteFacts[]>();
  for (const { hosts } of tables) {
    for (const { facts } of hosts) {
      for (const route of facts.routes) {
        if (route.name === undefined) continue;
        const known = routes.get(route.name.rule);
        if (known === undefined) routes.set(route.name.rule, [route]);
        else known.push(route);
      }
    }
  }
  const bound = new Map<string, RulePlan>();
  for (const [id, ofRule] of routes) {
    const agreed = plansOf(plans, id, gateways).filter((rule) =>
      ofRule.every((route) => agrees(route, rule)),
    );
    const edit = clustersOf(id);
    const rule =
      agreed.length < 2
        ? agreed[0]
        : (agreed.find((each) => edit(each).every((c) => c.unknownEndpoints === 0)) ?? agreed[0]);
    if (rule !== undefined) bound.set(id, rule);
  }
  return {
    isAi: (route) => isAiRoute(route, plans),
    ruleOf: (id) => bound.get(id),
  };
}

/** Routes that the controller wrote say so; the plan knows them as well. */
export const isAiRoute = ({ generated, name }: RouteFacts, plans: readonly Plan[]): boolean =>
  name !== undefined && (generated || knowsRoute(plans, name.route));
