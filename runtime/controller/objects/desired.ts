import type { AIGatewayRoute } from "../../api/index.ts";
import { rulesByRoute } from "../compile/by-route.ts";
import { gatewayConfigOf } from "../compile/gateway-config.ts";
import type { Plan, RulePlan } from "../compile/plan.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { carriersOf } from "./carriers.ts";
import { failoverOf } from "./failover-policy.ts";
import { routeFilters } from "./filters.ts";
import { httpRoute } from "./http-route.ts";
import type { KubeObject } from "./kube-object.ts";
import { ownExtProc } from "./own-ext-proc.ts";
import { poolServices } from "./pool-services.ts";

export interface ObjectOptions {
  /** Prefix of every path that is served. */
  rootPrefix: string;
  /** The objects of the common ext_proc, from which those of a Gateway's own are made; absent: none has one. */
  extProc?: readonly KubeObject[];
}

/**
 * Everything that the controller writes, as complete bodies for server-side apply; what it wrote
 * earlier and is not here is to be deleted. Pure, and the same for the same input, order included.
 */
export function desiredObjects(
  snapshot: Snapshot,
  plan: Plan,
  options: ObjectOptions,
): KubeObject[] {
  const rules = rulesByRoute(plan);
  const carriers = carriersOf(plan);
  const ofRoutes = [...plan.routes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, route]) => {
      const byGateway = rules.get(key);
      return byGateway === undefined
        ? []
        : objectsOfRoute(snapshot, route, byGateway, carriers.get(key), options);
    });
  const { extProc } = options;
  const ofGateways = plan.gateways
    .filter(
      ({ extProc: kind, rules: planned }) =>
        (kind === "starting" || kind === "own") && planned.length > 0,
    )
    .flatMap(({ name }) => {
      const gateway = snapshot.Gateway.get(name);
      const settings = gateway && gatewayConfigOf(snapshot, gateway)?.spec.extProc?.kubernetes;
      return gateway === undefined || settings === undefined || extProc === undefined
        ? []
        : ownExtProc(extProc, gateway, settings);
    });
  return [...ofRoutes, ...poolServices(snapshot, plan), ...ofGateways];
}

function objectsOfRoute(
  snapshot: Snapshot,
  route: AIGatewayRoute,
  byGateway: ReadonlyMap<string, RulePlan[]>,
  revision: string | undefined,
  { rootPrefix }: ObjectOptions,
): KubeObject[] {
  const gateways = [...byGateway.keys()]
    .map((key) => snapshot.Gateway.get(key))
    .filter((gateway) => gateway !== undefined);
  const [rules = []] = byGateway.values();
  const failover = failoverOf(snapshot, route, gateways, rules);
  const timeouts = route.spec.rules.map(
    (rule, index) =>
      rule.timeouts?.request ??
      commonTimeout([...byGateway.values()].map((planned) => planned[index])),
  );
  const { names } = failover;
  return [
    ...routeFilters(route),
    httpRoute({ snapshot, route, rules, names, timeouts, rootPrefix, revision }),
    ...failover.policies,
  ];
}

/** The time limit of a rule where it is the same on every Gateway; policies of Gateways can differ. */
function commonTimeout(rules: readonly (RulePlan | undefined)[]): string | undefined {
  const limits = new Set(rules.map((rule) => rule?.requestTimeoutMs));
  const [limit] = limits;
  return limits.size === 1 && limit !== undefined ? gatewayDuration(limit) : undefined;
}

/** As the Gateway API writes durations: no unit has more than five digits. */
function gatewayDuration(limit: number): string {
  const parts: [unit: string, amount: number][] = [
    ["h", Math.floor(limit / 3_600_000)],
    ["m", Math.floor(limit / 60_000) % 60],
    ["s", Math.floor(limit / 1000) % 60],
    ["ms", limit % 1000],
  ];
  const text = parts.map(([unit, amount]) => (amount === 0 ? "" : `${amount}${unit}`)).join("");
  return text === "" ? "0s" : text;
}
