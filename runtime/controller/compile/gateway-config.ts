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

/** Where nothing ever answers (RFC 2606): what must go through a proxy does not go past it. */
const NO_PROXY_THERE = { host: "proxy.invalid", port: 1 };

/** Where the proxy of a config is; undefined where it has none. */
export function forwardProxyOf(
  config: GatewayConfig | undefined,
  log: ProblemLog,
): { host: string; port: number } | undefined {
  const address = config?.spec.forwardProxy?.address;
  if (config === undefined || address === undefined) return undefined;
  const [, host, digits] = /^(\[[0-9a-fA-F:.]+\]|[^\s:/@]+):(\d{1,5})$/.exec(address) ?? [];
  const port = Number(digits);
  if (host !== undefined && port >= 1 && port <= 65_535) {
    return { host: host.replace(/^\[|\]$/g, ""), port };
  }
  log.error(
    config,
    "spec.forwardProxy.address",
    "InvalidValue",
    "the proxy must be host:port, as proxy.example.com:3128; nothing is sent past it",
  );
  return NO_PROXY_THERE;
}

/**
 * Annotation of a Gateway, with the value `sidecar`: ext_proc runs beside each of its Envoys, put there by
 * the patch of its EnvoyProxy. Without it, in Pods of its own.
 */
export const EXT_PROC_ANNOTATION = "aigateway.envoyproxy.io/ext-proc";

/** Which ext_proc a Gateway asks for. */
export function extProcOf(
  gateway: Gateway,
  config: GatewayConfig | undefined,
): "common" | "starting" | "sidecar" {
  if (gateway.metadata.annotations?.[EXT_PROC_ANNOTATION] === "sidecar") return "sidecar";
  return config?.spec.extProc?.kubernetes === undefined ? "common" : "starting";
}

/** What its settings of ext_proc's container ask for and ext_proc's own Pods have not. */
export function checkExtProc(config: GatewayConfig, log: ProblemLog): void {
  if ((config.spec.extProc?.kubernetes?.volumeMounts ?? []).length === 0) return;
  log.warn(
    config,
    "spec.extProc.kubernetes.volumeMounts",
    "InvalidValue",
    "left out: ext_proc runs in Pods of its own, which have no volumes; give it values by env",
  );
}
