import { METADATA_NAMESPACE } from "../../program/names.ts";
import { PROGRAM_HEADER } from "../../program/program.ts";
import { duration, type JsonObject, typed } from "./json.ts";
import { type FilterAction, run } from "./matching.ts";
import { otherHosts } from "./other-hosts.ts";

/** Cluster of the common external processor. */
export const EXT_PROC_CLUSTER = "aigateway_ext_proc";

/**
 * Clusters of the external processors that Gateways have to themselves. A name each: to change where a
 * cluster leads would end every stream to it.
 */
export const OTHER_EXT_PROC_CLUSTERS = {
  own: "aigateway_ext_proc_own",
  sidecar: "aigateway_ext_proc_sidecar",
} as const;

/** Time for one answer of ext_proc to a message that Envoy waits for. */
const MESSAGE_TIMEOUT_MS = 10_000;

/**
 * A replica that cannot be reached any more costs no request: another is asked. Only while nothing was
 * sent, since Envoy keeps no more than 64 KiB of a stream for a second try. It stands in the cluster, not where the
 * stream is configured: that configuration is hashed for every stream, which took an eighth of a translated request.
 */
const nextReplica: JsonObject = {
  retry_on: "connect-failure,reset-before-request",
  num_retries: 3,
  ...otherHosts,
};

/**
 * Runs a backend's program. The request body comes whole, since every translation needs it whole and
 * a signature after it too; the response is duplex, since a translation cuts it anew.
 */
export const extProcAction = (
  program: string,
  place?: keyof typeof OTHER_EXT_PROC_CLUSTERS,
): FilterAction =>
  run(
    "ext_proc",
    typed("envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor", {
      grpc_service: {
        envoy_grpc: {
          cluster_name: place === undefined ? EXT_PROC_CLUSTER : OTHER_EXT_PROC_CLUSTERS[place],
        },
        initial_metadata: [{ key: PROGRAM_HEADER, value: program }],
      },
      failure_mode_allow: false,
      message_timeout: duration(MESSAGE_TIMEOUT_MS),
      processing_mode: {
        request_header_mode: "SEND",
        request_body_mode: "BUFFERED",
        response_header_mode: "SEND",
        response_body_mode: "FULL_DUPLEX_STREAMED",
        response_trailer_mode: "SEND",
      },
      metadata_options: { receiving_namespaces: { untyped: [METADATA_NAMESPACE] } },
    }),
  );

export type SocketAddress = { host: string; port: number } | { path: string };

export const address = (at: SocketAddress): JsonObject =>
  "path" in at
    ? { pipe: { path: at.path } }
    : { socket_address: { address: at.host, port_value: at.port } };

const UNLIMITED = 1_000_000_000;

/**
 * Limits far above Envoy's default of 1,024, which else is a hidden ceiling on concurrent streams
 * for whatever stands behind a cluster.
 */
export const openCircuitBreakers: JsonObject = {
  thresholds: [
    {
      priority: "DEFAULT",
      max_connections: UNLIMITED,
      max_pending_requests: UNLIMITED,
      max_requests: UNLIMITED,
      max_retries: UNLIMITED,
    },
  ],
};

/**
 * HTTP/2 window, and with it the bytes that Envoy queues on a stream to one of our servers before it
 * raises flow control. Raised out of reach: Envoy 1.38 to 1.40 crash when an upstream filter's
 * stream to ext_proc calls for a pause after the provider's answer has ended (a fast answer of a few
 * MiB is enough at 1 MiB).
 */
const WINDOW_BYTES = 256 * 1024 * 1024;

/** Streams per connection: few enough that load spreads over the processes behind the address. */
const STREAMS_PER_CONNECTION = 100;

/** Room for the programs of some hundred routes, which Envoy then sends once for each connection. */
const HEADER_TABLE_BYTES = 256 * 1024;

/** A cluster of one of our own gRPC servers. */
export function grpcCluster(
  name: string,
  addresses: SocketAddress[],
  bufferBytes: number,
): JsonObject {
  return {
    name,
    type: "STATIC",
    connect_timeout: duration(1000),
    lb_policy: "LEAST_REQUEST",
    per_connection_buffer_limit_bytes: bufferBytes,
    circuit_breakers: openCircuitBreakers,
    typed_extension_protocol_options: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": typed(
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
        {
          retry_policy: nextReplica,
          explicit_http_config: {
            http2_protocol_options: {
              max_concurrent_streams: STREAMS_PER_CONNECTION,
              hpack_table_size: HEADER_TABLE_BYTES,
              initial_stream_window_size: WINDOW_BYTES,
              initial_connection_window_size: WINDOW_BYTES,
            },
          },
        },
      ),
    },
    load_assignment: {
      cluster_name: name,
      endpoints: [
        { lb_endpoints: addresses.map((at) => ({ endpoint: { address: address(at) } })) },
      ],
    },
  };
}
