import { ACCOUNTING_PORT, serviceHost } from "../../manifests/names.ts";
import type { Plan } from "../compile/plan.ts";
import { ownExtProcName } from "../objects/names.ts";

/** Host name of the ext_proc that a Gateway (`namespace/name`) has to itself. */
export function ownExtProcHost(gateway: string): string {
  const [namespace = "", name = ""] = gateway.split("/");
  return serviceHost(ownExtProcName(name), namespace);
}

/** Where Envoys of a Gateway report finished requests: beside its own ext_proc where that serves. */
export function accountingOf(
  plan: Plan | undefined,
  gateway: string,
  common: { host: string; accountingPort: number },
): { host: string; port: number } {
  const own = plan?.gateways.find(({ name }) => name === gateway)?.extProc === "own";
  return own
    ? { host: ownExtProcHost(gateway), port: ACCOUNTING_PORT }
    : { host: common.host, port: common.accountingPort };
}
