import { serviceHost } from "../../manifests/names.ts";
import type { Plan } from "../compile/plan.ts";
import { ownExtProcName } from "../objects/names.ts";

/** Host name of the ext_proc of a Gateway (`namespace/name`): its own where it has one, else the common one. */
export function extProcHost(plan: Plan | undefined, gateway: string, common: string): string {
  const own = plan?.gateways.find(({ name }) => name === gateway)?.ownExtProc ?? false;
  const [namespace = "", name = ""] = gateway.split("/");
  return own ? serviceHost(ownExtProcName(name), namespace) : common;
}
