import type { GatewayPlan, Plan, RulePlan } from "../compile/plan.ts";

/** A rule as one Gateway serves it. */
interface Placed {
  gateway: GatewayPlan;
  rule: RulePlan;
}

type Index = ReadonlyMap<string, readonly Placed[]>;

const indexes = new WeakMap<Plan, Index>();

function indexOf(plan: Plan): Index {
  const known = indexes.get(plan);
  if (known !== undefined) return known;
  const index = new Map<string, Placed[]>();
  for (const gateway of plan.gateways) {
    for (const rule of gateway.rules) {
      const placed = index.get(rule.id);
      if (placed === undefined) index.set(rule.id, [{ gateway, rule }]);
      else placed.push({ gateway, rule });
    }
  }
  indexes.set(plan, index);
  return index;
}

/**
 * Plans of a rule, newest first: for one of these Gateways, or for any where none is named (a route's
 * backends are the same for all its Gateways).
 */
export function plansOf(
  plans: readonly Plan[],
  rule: string,
  gateways: ReadonlySet<string>,
): RulePlan[] {
  return plans.flatMap((plan) => {
    const placed = indexOf(plan).get(rule) ?? [];
    const found =
      gateways.size === 0 ? placed[0] : placed.find(({ gateway }) => gateways.has(gateway.name));
    return found === undefined ? [] : [found.rule];
  });
}

/** Does any of the plans serve this route (`namespace/name`)? */
export const knowsRoute = (plans: readonly Plan[], route: string): boolean =>
  plans.some((plan) => plan.routes.has(route));

/** The newest plan of each of these Gateways. */
export function gatewayPlans(plans: readonly Plan[], names: ReadonlySet<string>): GatewayPlan[] {
  return [...names].sort().flatMap((name) => {
    const found = plans.flatMap((plan) => plan.gateways.find((each) => each.name === name) ?? []);
    return found.slice(0, 1);
  });
}

/** Where the plans, old ones too, have requests of each Gateway processed. */
export const extProcPlaces =
  (plans: readonly Plan[]) =>
  (gateway: string): ReadonlySet<GatewayPlan["extProc"]> =>
    new Set(
      plans.flatMap((plan) =>
        plan.gateways.filter(({ name }) => name === gateway).map(({ extProc }) => extProc),
      ),
    );

/** The value of a secret, the newest that is known. */
export function secretValue(plans: readonly Plan[], name: string): string | undefined {
  for (const plan of plans) {
    for (const gateway of plan.gateways) {
      const value = gateway.secrets.get(name);
      if (value !== undefined) return value;
    }
  }
  return undefined;
}
