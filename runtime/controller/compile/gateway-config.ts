import type { GatewayConfig } from "../../api/index.ts";
import type { Gateway } from "../snapshot/foreign.ts";
import { namespaceOf, type Snapshot } from "../snapshot/snapshot.ts";
import type { ProblemLog } from "./problem.ts";

/** Annotation of a Gateway that names its GatewayConfig, in the same namespace. */
export const GATEWAY_CONFIG_ANNOTATION = "aigateway.envoyproxy.io/gateway-config";

/** The settings of a Gateway; undefined where it names none, or, with a problem, none that exists. */
export function gatewayConfigOf(
  snapshot: Snapshot,
  gateway: Gateway,
  log?: ProblemLog,
): GatewayConfig | undefined {
  const name = gateway.metadata.annotations?.[GATEWAY_CONFIG_ANNOTATION];
  if (name === undefined) return undefined;
  const key = `${namespaceOf(gateway.metadata)}/${name}`;
  return (
    snapshot.GatewayConfig.get(key) ??
    log?.error(
      gateway,
      `metadata.annotations["${GATEWAY_CONFIG_ANNOTATION}"]`,
      "GatewayNotFound",
      `GatewayConfig ${key} does not exist`,
    )
  );
}
