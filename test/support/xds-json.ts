/** Small pieces of Envoy configuration in protobuf JSON, for data-plane tests. */
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";

export const extension = (name: string, type: string, config: JsonObject = {}): JsonObject => ({
  name,
  typed_config: { "@type": `type.googleapis.com/${type}`, ...config },
});

const ROUTER = extension(
  "envoy.filters.http.router",
  "envoy.extensions.filters.http.router.v3.Router",
);

const HTTP_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

/** An HTTP listener on a free port, whose routes come by RDS under the listener's own name. */
export const listener = (name: string, filters: readonly JsonObject[] = []): JsonObject => ({
  name,
  address: { socket_address: { address: "127.0.0.1", port_value: 0 } },
  filter_chains: [
    {
      filters: [
        extension(
          "envoy.filters.network.http_connection_manager",
          "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
          {
            stat_prefix: name,
            rds: { route_config_name: name, config_source: ADS },
            http_filters: [...filters, ROUTER],
          },
        ),
      ],
    },
  ],
});

export const ADS: JsonObject = { ads: {}, resource_api_version: "V3" };

/** Everything goes to one cluster. */
export const routeTo = (name: string, cluster: string, more: JsonObject = {}): JsonObject => ({
  name,
  virtual_hosts: [
    {
      name,
      domains: ["*"],
      routes: [{ match: { prefix: "/" }, route: { cluster, timeout: "0s", ...more } }],
    },
  ],
});

export const edsCluster = (name: string, more: JsonObject = {}): JsonObject => ({
  name,
  type: "EDS",
  eds_cluster_config: { eds_config: ADS },
  connect_timeout: "2s",
  ...more,
});

/** HTTP/1.1 towards the hosts, through these upstream filters. */
export const upstreamFilters = (filters: readonly JsonObject[]): JsonObject => ({
  typed_extension_protocol_options: {
    [HTTP_OPTIONS]: {
      "@type": `type.googleapis.com/${HTTP_OPTIONS}`,
      explicit_http_config: { http_protocol_options: {} },
      http_filters: [
        ...filters,
        extension(
          "envoy.filters.http.upstream_codec",
          "envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec",
        ),
      ] as JsonValue[],
    },
  },
});

export const hosts = (cluster: string, ...ports: number[]): JsonObject => ({
  cluster_name: cluster,
  endpoints: [
    {
      lb_endpoints: ports.map((port_value) => ({
        endpoint: { address: { socket_address: { address: "127.0.0.1", port_value } } },
      })),
    },
  ],
});

export const genericSecret = (name: string, value: string): JsonObject => ({
  name,
  generic_secret: { secret: { inline_string: value } },
});
