import type { KubeItem } from "./reflector.ts";

interface GatewayStatus {
  conditions?: { type: string; status: string; reason: string; message: string }[];
}

/** A Gateway without an address of its own may be reached all the same, as by port forwarding. */
const STILL_SERVES: ReadonlySet<string> = new Set([
  "AddressNotAssigned",
  "AddressNotUsable",
  "Pending",
]);

/** Why a Gateway serves nothing, as its status says; undefined where it serves or nobody has judged it. Pure. */
export function notServing({ status }: KubeItem): string | undefined {
  const { conditions = [] } = (status ?? {}) as GatewayStatus;
  const failed = conditions.find(
    (each) =>
      (each.type === "Accepted" || each.type === "Programmed") &&
      each.status === "False" &&
      !STILL_SERVES.has(each.reason),
  );
  return failed === undefined ? undefined : `${failed.reason}: ${failed.message}`;
}
