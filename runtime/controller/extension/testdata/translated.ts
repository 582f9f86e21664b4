/** Resources in the shape in which Envoy Gateway 1.9 translates them, for tests. */
import { fromBinary, toJson } from "@bufbuild/protobuf";
import { ClusterSchema } from "../../../../protos/gen/envoy/config/cluster/v3/cluster_pb.ts";
import { ClusterLoadAssignmentSchema } from "../../../../protos/gen/envoy/config/endpoint/v3/endpoint_pb.ts";
import { ListenerSchema } from "../../../../protos/gen/envoy/config/listener/v3/listener_pb.ts";
import { RouteConfigurationSchema } from "../../../../protos/gen/envoy/config/route/v3/route_pb.ts";
import { typeRegistry } from "../../../../protos/registry.ts";
import { DEFAULT_PREFIXES } from "../../../endpoints/prefixes.ts";
import { extension, type Json, type JsonObject, typed } from "../../xds/json.ts";
import { bytesOf } from "../messages.ts";
import type { ExtensionOptions } from "../options.ts";
import type { Translation } from "../wire.ts";

export const OPTIONS: ExtensionOptions = {
  prefixes: DEFAULT_PREFIXES,
  bufferBytes: 1024 * 1024,
  extProc: { host: "ai-eg-ext-proc.envoy-ai-gateway-system", port: 1063 },
  accounting: () => ({ host: "ai-eg-ext-proc.envoy-ai-gateway-system", port: 1065 }),
};

const from = (kind: string, name: string, annotations?: JsonObject): JsonObject => ({
  filter_metadata: {
    "envoy-gateway": {
      resources: [{ kind, name, namespace: "default", ...(annotations ? { annotations } : {}) }],
    },
  },
});

const generated = (revision = "r-1"): JsonObject => ({
  "ai-gateway-generated": "true",
  "ai-gateway-revision": revision,
});

export interface BackendAt {
  name: string;
  host: string;
  port?: number;
  position: number;
  /** `Backend` where left out. */
  kind?: "Backend" | "Service";
}

const locality = (
  rule: string,
  { name, host, port = 443, position, kind = "Backend" }: BackendAt,
): JsonObject => ({
  locality: { region: `${rule}/backend/${position}` },
  metadata: from(kind, name),
  load_balancing_weight: 1,
  lb_endpoints: [
    {
      endpoint: { address: { socket_address: { address: host, port_value: port } } },
      load_balancing_weight: 1,
      metadata: {
        filter_metadata: { "envoy.transport_socket_match": { name: `${rule}/tls/${position}` } },
      },
    },
  ],
});

export const assignment = (cluster: string, backends: BackendAt[], rule = cluster): JsonObject => ({
  cluster_name: cluster,
  endpoints: backends.map((backend) => locality(rule, backend)),
});

export const assignmentBytes = (...args: Parameters<typeof assignment>): Uint8Array =>
  bytesOf(ClusterLoadAssignmentSchema, assignment(...args));

export const cluster = (name: string, backends: BackendAt[], rule = name): JsonObject => ({
  name,
  metadata: from("HTTPRoute", name.split("/")[2] ?? "", generated()),
  connect_timeout: "10s",
  per_connection_buffer_limit_bytes: 32768,
  circuit_breakers: { thresholds: [{ max_retries: 1024 }] },
  load_assignment: assignment(name, backends, rule),
});

export interface RouteAt {
  name: string;
  model?: string;
  action?: JsonObject;
  filters?: string[];
  /** Not one of ours. */
  foreign?: boolean;
  /** Of the plan with which its HTTPRoute was written. */
  revision?: string;
}

const enabled = typed("envoy.config.route.v3.FilterConfig", { config: {} });

export const route = ({
  name,
  model,
  action,
  filters = [],
  foreign,
  revision,
}: RouteAt): JsonObject => ({
  name,
  match: {
    prefix: "/",
    ...(model === undefined
      ? {}
      : { headers: [{ name: "x-ai-eg-model", string_match: { exact: model } }] }),
  },
  metadata: from("HTTPRoute", name.split("/")[2] ?? "", foreign ? undefined : generated(revision)),
  ...(action ?? { route: { cluster: name.replace(/\/match.*/, "") } }),
  ...(filters.length === 0
    ? {}
    : { typed_per_filter_config: Object.fromEntries(filters.map((f) => [f, enabled])) }),
});

export const NOT_FOUND = { direct_response: { status: 404 } };

const filter = (name: string): JsonObject => ({
  ...extension(name, "envoy.extensions.filters.http.lua.v3.Lua"),
  disabled: true,
});

const listener = (table: string, filters: string[]): JsonObject => ({
  name: table,
  per_connection_buffer_limit_bytes: 32768,
  default_filter_chain: {
    filters: [
      extension(
        "envoy.filters.network.http_connection_manager",
        "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        {
          stat_prefix: "http",
          rds: { route_config_name: table },
          http_filters: [
            ...filters.map(filter),
            extension(
              "envoy.filters.http.router",
              "envoy.extensions.filters.http.router.v3.Router",
            ),
          ] as Json[],
        },
      ),
    ],
  },
});

/** A Gateway `gw` with one listener and one host. */
export const translation = (parts: {
  clusters: JsonObject[];
  routes: RouteAt[];
  filters?: string[];
}): Translation => ({
  clusters: parts.clusters.map((json) => bytesOf(ClusterSchema, json)),
  secrets: [],
  listeners: [bytesOf(ListenerSchema, listener("default/gw/http", parts.filters ?? []))],
  routes: [
    bytesOf(RouteConfigurationSchema, {
      name: "default/gw/http",
      virtual_hosts: [
        {
          name: "default/gw/http/*",
          domains: ["*"],
          metadata: from("Gateway", "gw"),
          routes: parts.routes.map(route),
        },
      ],
    }),
  ],
});

/** Protobuf JSON, with names as in the .proto files, so that tests read like Envoy's documentation. */
const shown = (schema: Parameters<typeof fromBinary>[0], bytes: Uint8Array): unknown =>
  toJson(schema, fromBinary(schema, bytes), { registry: typeRegistry, useProtoFieldName: true });

/** Plain data of unknown depth, as tests read it. */
export interface Shown {
  [field: string]: Shown;
}

/** A translation as plain data. */
export function show(output: Translation): {
  clusters: Shown[];
  listeners: Shown[];
  routes: Shown[];
} {
  const list = (schema: Parameters<typeof shown>[0], all: Uint8Array[]): Shown[] =>
    all.map((bytes) => shown(schema, bytes) as Shown);
  const tables = list(RouteConfigurationSchema, output.routes) as unknown as {
    virtual_hosts: { routes: Shown[] }[];
  }[];
  return {
    clusters: list(ClusterSchema, output.clusters),
    listeners: list(ListenerSchema, output.listeners),
    routes: tables.flatMap((table) => table.virtual_hosts.flatMap((host) => host.routes)),
  };
}

export const showAssignment = (bytes: Uint8Array): Shown =>
  shown(ClusterLoadAssignmentSchema, bytes) as Shown;
