import { ClusterSchema } from "../../../protos/gen/envoy/config/cluster/v3/cluster_pb.ts";
import type { GatewayPlan } from "../compile/plan.ts";
import { ACCOUNTING_CLUSTER } from "../xds/access-log.ts";
import {
  EXT_PROC_CLUSTER,
  grpcCluster,
  OTHER_EXT_PROC_CLUSTERS,
  type SocketAddress,
} from "../xds/ext-proc.ts";
import { duration, type JsonObject, typed } from "../xds/json.ts";
import { bytesOf } from "./messages.ts";
import type { ExtensionOptions } from "./options.ts";

/** How soon a replica that came is used, and one that went is not. */
const DNS_REFRESH_MS = 2000;
const HEALTH_INTERVAL_MS = 2000;
const HEALTH_TIMEOUT_MS = 1000;

const SIDECAR_SOCKET_CLUSTER = "aigateway_ext_proc_socket";

/**
 * The external processors and the accounting server of the Gateways of an Envoy. The common one is there
 * in any case, for the streams that it has, and others for as long as one of the plans knows them. Where
 * several Gateways share an Envoy, the first by name that has one of its own has it for all of them.
 *
 * @param placesOf Where the plans say that a Gateway's requests are processed.
 */
export function ownClusters(
  gateways: readonly string[],
  placesOf: (gateway: string) => ReadonlySet<GatewayPlan["extProc"]>,
  options: ExtensionOptions,
): Uint8Array[] {
  const { extProc, ownExtProc, sidecarSocket } = options;
  const [first = ""] = gateways;
  const accounting = options.accounting(first);
  const withOwn = gateways.find((gateway) => placesOf(gateway).has("own"));
  const withSidecar = gateways.some((gateway) => placesOf(gateway).has("sidecar"));
  const { own, sidecar } = OTHER_EXT_PROC_CLUSTERS;
  return [
    cluster(EXT_PROC_CLUSTER, extProc, options, [healthCheck]),
    ...(withOwn !== undefined && ownExtProc !== undefined
      ? [cluster(own, ownExtProc(withOwn), options, [healthCheck])]
      : []),
    ...(withSidecar && sidecarSocket !== undefined
      ? [
          cluster(SIDECAR_SOCKET_CLUSTER, { path: sidecarSocket }, options, [healthCheck]),
          bytesOf(ClusterSchema, sidecarFirst(sidecar, options)),
        ]
      : []),
    ...(accounting === undefined ? [] : [cluster(ACCOUNTING_CLUSTER, accounting, options, [])]),
  ];
}

/** Envoys that have none beside them yet, or whose one has died, are served by the common one. */
function sidecarFirst(name: string, { bufferBytes }: ExtensionOptions): JsonObject {
  const { type: _, load_assignment: __, ...settings } = grpcCluster(name, [], bufferBytes);
  return {
    ...settings,
    lb_policy: "CLUSTER_PROVIDED",
    cluster_type: {
      name: "envoy.clusters.aggregate",
      typed_config: typed("envoy.extensions.clusters.aggregate.v3.ClusterConfig", {
        clusters: [SIDECAR_SOCKET_CLUSTER, EXT_PROC_CLUSTER],
      }),
    },
  };
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
