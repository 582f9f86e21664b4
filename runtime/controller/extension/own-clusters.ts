import { ClusterSchema } from "../../../protos/gen/envoy/config/cluster/v3/cluster_pb.ts";
import { ACCOUNTING_CLUSTER } from "../xds/access-log.ts";
import { EXT_PROC_CLUSTER, grpcCluster, type SocketAddress } from "../xds/ext-proc.ts";
import { duration, type JsonObject } from "../xds/json.ts";
import { bytesOf } from "./messages.ts";
import type { ExtensionOptions } from "./options.ts";

/** How soon a replica that came is used, and one that went is not. */
const DNS_REFRESH_MS = 2000;
const HEALTH_INTERVAL_MS = 2000;
const HEALTH_TIMEOUT_MS = 1000;

/** The external processor and the accounting server of a Gateway. */
export function ownClusters(gateway: string, options: ExtensionOptions): Uint8Array[] {
  const accounting = options.accounting(gateway);
  return [
    cluster(EXT_PROC_CLUSTER, options.extProc(gateway), options, [healthCheck]),
    ...(accounting === undefined ? [] : [cluster(ACCOUNTING_CLUSTER, accounting, options, [])]),
  ];
}

/**
 * All replicas behind a name, each with its own health: one that drains or died is left before the
 * name forgets it.
 */
function cluster(
  name: string,
  at: SocketAddress,
  { bufferBytes }: ExtensionOptions,
  healthChecks: JsonObject[],
): Uint8Array {
  const base = grpcCluster(name, [at], bufferBytes);
  if ("path" in at) return bytesOf(ClusterSchema, { ...base, health_checks: healthChecks });
  return bytesOf(ClusterSchema, {
    ...base,
    type: "STRICT_DNS",
    dns_lookup_family: "V4_PREFERRED",
    dns_refresh_rate: duration(DNS_REFRESH_MS),
    health_checks: healthChecks,
    ignore_health_on_host_removal: true,
  });
}

const healthCheck: JsonObject = {
  timeout: duration(HEALTH_TIMEOUT_MS),
  interval: duration(HEALTH_INTERVAL_MS),
  // Looked at as often while no request has come.
  no_traffic_interval: duration(HEALTH_INTERVAL_MS),
  unhealthy_threshold: 2,
  healthy_threshold: 1,
  grpc_health_check: {},
};
