import { shortHash } from "../../lib/hash.ts";
import { remember } from "../../lib/remember.ts";
import type { GatewayPlan, Plan, RulePlan } from "../compile/plan.ts";
import { ownExtProcName } from "./names.ts";

/**
 * The plan in which each rule knows its ext_proc. Gateways whose own one can serve are sent to it; until
 * then they stay with the common one, so that settings that start no Pod take nothing down.
 *
 * @param available Deployments that are available, by `namespace/name`.
 */
export const withExtProcPlaces = (plan: Plan, available: ReadonlySet<string>): Plan => ({
  ...plan,
  gateways: plan.gateways.map((gateway): GatewayPlan => {
    const { extProc } = gateway;
    if (extProc === "sidecar") return placed(gateway, "sidecar", ofSidecar);
    return extProc === "starting" && available.has(deploymentOf(gateway))
      ? placed(gateway, "own", ofOwn)
      : gateway;
  }),
});

const placed = (
  gateway: GatewayPlan,
  extProc: "own" | "sidecar",
  place: (rule: RulePlan) => RulePlan,
): GatewayPlan => ({
  ...gateway,
  extProc,
  rules: gateway.rules.map(place),
  revision: shortHash(gateway.revision, extProc),
});

/** The same rule is the same object again: much is remembered by it. */
const placing = (extProc: "own" | "sidecar"): ((rule: RulePlan) => RulePlan) =>
  remember((rule: RulePlan) => ({
    ...rule,
    extProc,
    revision: shortHash(rule.revision, extProc),
  }));
const ofOwn = placing("own");
const ofSidecar = placing("sidecar");

function deploymentOf({ name: key }: GatewayPlan): string {
  const [namespace = "", name = ""] = key.split("/");
  return `${namespace}/${ownExtProcName(name)}`;
}

interface Conditions {
  conditions?: { type: string; status: string }[];
}

/** Whether a Deployment says that enough of its Pods serve. */
export const isAvailable = (status: unknown): boolean =>
  ((status ?? {}) as Conditions).conditions?.some(
    (each) => each.type === "Available" && each.status === "True",
  ) ?? false;
