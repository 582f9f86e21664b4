import {
  type Cluster,
  ClusterSchema,
  LoadBalancingPolicySchema,
} from "../../../protos/gen/envoy/config/cluster/v3/cluster_pb.ts";
import type { HttpFilter } from "../../../protos/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.ts";
import { HttpFilterSchema } from "../../../protos/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.ts";
import { messageFromJson } from "../../../protos/registry.ts";
import type { BackendPlan, PoolPlan, RulePlan } from "../compile/plan.ts";
import { grpcCluster } from "../xds/ext-proc.ts";
import { duration, extension, type JsonObject } from "../xds/json.ts";
import { bytesOf } from "./messages.ts";
import { policyJson } from "./subsets.ts";

/**
 * Of InferencePools: their endpoint pickers are external processors that see each request and name the
 * pod for it in a header, as the protocol of Gateway API's inference extension has it.
 */

/** Header in which a picker names pods, as `ip:port`, the preferred one first. */
export const PICKED_HEADER = "x-gateway-destination-endpoint";
const MESSAGE_TIMEOUT_MS = 5000;

interface Pool {
  /** `namespace/name`. */
  name: string;
  plan: PoolPlan;
}

const poolOf = ({ name, pool }: BackendPlan): Pool[] =>
  pool === undefined ? [] : [{ name, plan: pool }];

/** The pools of these rules, each once. */
const poolsOf = (rules: readonly RulePlan[]): Pool[] => [
  ...new Map(
    rules.flatMap(({ backends }) => backends.flatMap(poolOf)).map((pool) => [pool.name, pool]),
  ).values(),
];

/** `name_namespace`, as the reference has it in names of clusters and filters. */
const identity = ({ name: key }: Pool): string => key.split("/").reverse().join("_");
const clusterName = (pool: Pool): string =>
  `envoy.clusters.endpointpicker_${identity(pool)}_ext_proc`;
const filterName = (pool: Pool): string =>
  `envoy.filters.http.ext_proc/endpointpicker/${identity(pool)}_ext_proc`;

/** Names of the filters that requests of these rules go through. */
export const pickerFilterNames = (rules: readonly RulePlan[]): string[] =>
  poolsOf(rules).map(filterName);

/** The filters that ask the pickers of these rules. */
export const pickerFilters = (rules: readonly RulePlan[]): HttpFilter[] =>
  poolsOf(rules).map((pool) =>
    messageFromJson(HttpFilterSchema, {
      ...extension(
        filterName(pool),
        "envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor",
        {
          grpc_service: {
            envoy_grpc: { cluster_name: clusterName(pool), authority: authorityOf(pool) },
          },
          failure_mode_allow: pool.plan.endpointPicker.failOpen,
          // The route is chosen; what a picker says must not choose another.
          route_cache_action: "RETAIN",
          message_timeout: duration(MESSAGE_TIMEOUT_MS),
          processing_mode: {
            request_header_mode: "SEND",
            request_body_mode: "FULL_DUPLEX_STREAMED",
            request_trailer_mode: "SEND",
            response_header_mode: "SEND",
            response_body_mode: "FULL_DUPLEX_STREAMED",
            response_trailer_mode: "SEND",
          },
        },
      ),
      disabled: true,
    }),
  );

/** The clusters of the pickers of these rules. */
export const pickerClusters = (rules: readonly RulePlan[], bufferBytes: number): Uint8Array[] =>
  poolsOf(rules).map((pool) => {
    const { port, tls, failOpen } = pool.plan.endpointPicker;
    return bytesOf(ClusterSchema, {
      ...grpcCluster(clusterName(pool), [{ host: hostOf(pool), port }], bufferBytes),
      type: "STRICT_DNS",
      dns_lookup_family: "V4_PREFERRED",
      ...(tls ? { transport_socket: UNVERIFIED } : {}),
      ...(failOpen ? WATCHED : {}),
    });
  });

const hostOf = ({ plan: { endpointPicker } }: Pool): string =>
  `${endpointPicker.name}.${endpointPicker.namespace}.svc.cluster.local`;
const authorityOf = (pool: Pool): string => `${hostOf(pool)}:${pool.plan.endpointPicker.port}`;

/**
 * Once a duplex processor has begun to take a body, Envoy fails the request with it. A request passes
 * without its picker only where Envoy knows beforehand that there is none.
 */
const WATCHED: JsonObject = {
  health_checks: [
    {
      timeout: duration(1000),
      interval: duration(1000),
      no_traffic_interval: duration(1000),
      unhealthy_threshold: 1,
      healthy_threshold: 1,
      tcp_health_check: {},
    },
  ],
  common_lb_config: { healthy_panic_threshold: { value: 0 } },
};

/** Pickers have certificates that they sign themselves. */
const UNVERIFIED: JsonObject = extension(
  "envoy.transport_sockets.tls",
  "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
  { common_tls_context: { alpn_protocols: ["h2"] } },
);

/**
 * A cluster of a pool's pods: each request goes to the pod that the picker has named. Only pods of the
 * pool can be named; without a name, where a picker may fail, any of them is taken.
 */
export function followPicker(cluster: Cluster, rule: RulePlan): void {
  if (!rule.backends.some(({ pool }) => pool !== undefined)) return;
  cluster.loadBalancingPolicy = messageFromJson(LoadBalancingPolicySchema, {
    policies: [
      {
        typed_extension_config: extension(
          "envoy.load_balancing_policies.override_host",
          "envoy.extensions.load_balancing_policies.override_host.v3.OverrideHost",
          {
            override_host_sources: [{ header: PICKED_HEADER }],
            fallback_policy: policyJson(cluster.loadBalancingPolicy),
          },
        ),
      },
    ],
  });
}
