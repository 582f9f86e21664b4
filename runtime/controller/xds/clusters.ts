import { BACKEND_METADATA_KEY, ENDPOINT_METADATA_NAMESPACE } from "../../program/names.ts";
import { hostnameOf } from "../compile/addresses.ts";
import { partSuffix } from "../compile/narrowed.ts";
import type { Address, BackendPlan, RulePlan, TlsPlan } from "../compile/plan.ts";
import { openCircuitBreakers } from "./ext-proc.ts";
import { duration, extension, type Json, type JsonObject, typed } from "./json.ts";
import {
  lanesOfRule,
  soleBackendFilters,
  type UpstreamOptions,
  upstreamFilters,
} from "./upstream-filters.ts";

export interface ClusterOptions {
  /** Bytes that may be held per request; bounds what can be retried. */
  bufferBytes: number;
  /** The system's CA bundle, for TLS policies that ask for it. */
  systemCaFile: string;
}

export interface RuleClusters {
  /** The cluster that the rule's route names. */
  name: string;
  clusters: JsonObject[];
  /** Endpoints of those clusters that get them by EDS. */
  endpoints: JsonObject[];
}

const DEFAULT_CONNECT_TIMEOUT_MS = 5000;
const TRANSPORT_MATCH = "envoy.transport_socket_match";

/**
 * The clusters of one rule. Backends known by name are resolved by Envoy (STRICT_DNS), backends
 * known by address come by EDS, so that a changed address touches no cluster. One cluster holds them
 * all where they are of one kind; else each priority has its own, under an aggregate that tries them
 * in order and carries the filters (those of its parts are not run).
 */
export function ruleClusters(rule: RulePlan, options: ClusterOptions): RuleClusters {
  const name = clusterName(rule);
  const [sole, ...others] = rule.backends;
  if (sole !== undefined && others.length === 0) {
    return { name, clusters: [soleCluster(name, sole, rule, options)], endpoints: [] };
  }
  const groups = groupsOf(rule.backends);
  const [only] = groups;
  if (only !== undefined && groups.length === 1) {
    const part = clusterOf(name, only, rule, options, true);
    return { name, clusters: [part.cluster], endpoints: part.endpoints };
  }
  const parts = groups.map((group, index) =>
    clusterOf(`${name}/part/${index}-${group.kind}`, group, rule, options, false),
  );
  return {
    name,
    clusters: [
      ...parts.map((part) => part.cluster),
      aggregateCluster(
        name,
        parts.map((part) => String(part.cluster.name)),
        rule,
      ),
    ],
    endpoints: parts.flatMap((part) => part.endpoints),
  };
}

/**
 * Name of a rule's cluster. That of a rule with one backend tells its lanes: its filters then need not
 * ask, since a route whose lanes are others names another cluster.
 */
export const clusterName = (rule: RulePlan): string => {
  const name = `ai/${rule.id}${partSuffix(rule)}`;
  return rule.backends.length === 1 ? `${name}/${lanesOfRule(rule)}` : name;
};

/** One backend: its endpoints are part of the cluster, so that they change with its filters. */
function soleCluster(
  name: string,
  backend: BackendPlan,
  rule: RulePlan,
  options: ClusterOptions,
): JsonObject {
  const byAddress = backend.addresses.every((at) => at.kind === "ip");
  return {
    ...commonCluster(name, [backend], rule, options),
    typed_extension_protocol_options: protocolOptions(
      backend.http2,
      soleBackendFilters(rule, backend),
    ),
    ...(byAddress ? { type: "STATIC" } : BY_NAME),
    load_assignment: loadAssignment(name, [backend]),
  };
}

/**
 * Failover over clusters in order. Its own filters run for whichever part is chosen; filters on the
 * parts would be ignored.
 */
export function aggregateCluster(
  name: string,
  parts: string[],
  rule: RulePlan,
  options: UpstreamOptions = {},
): JsonObject {
  return {
    name,
    connect_timeout: duration(rule.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS),
    lb_policy: "CLUSTER_PROVIDED",
    cluster_type: extension(
      "envoy.clusters.aggregate",
      "envoy.extensions.clusters.aggregate.v3.ClusterConfig",
      {
        clusters: parts,
      },
    ),
    circuit_breakers: openCircuitBreakers,
    typed_extension_protocol_options: protocolOptions(
      rule.backends.some((b) => b.http2),
      upstreamFilters(rule, options),
    ),
  };
}

interface Group {
  kind: "dns" | "eds";
  backends: BackendPlan[];
}

/** Consecutive priorities of one kind; a priority that mixes names and addresses is resolved by name. */
function groupsOf(backends: readonly BackendPlan[]): Group[] {
  const priorities = [...new Set(backends.map((b) => b.priority))].sort((a, b) => a - b);
  const groups: Group[] = [];
  for (const priority of priorities) {
    const members = backends.filter((b) => b.priority === priority);
    const byAddress = members.every((b) => b.addresses.every((a) => a.kind === "ip"));
    const kind = byAddress ? "eds" : "dns";
    const last = groups.at(-1);
    if (last?.kind === kind) last.backends.push(...members);
    else groups.push({ kind, backends: [...members] });
  }
  return groups;
}

function clusterOf(
  name: string,
  group: Group,
  rule: RulePlan,
  options: ClusterOptions,
  withFilters: boolean,
): { cluster: JsonObject; endpoints: JsonObject[] } {
  const assignment = loadAssignment(name, group.backends);
  const cluster: JsonObject = {
    ...commonCluster(name, group.backends, rule, options),
    typed_extension_protocol_options: protocolOptions(
      group.backends.some((b) => b.http2),
      withFilters ? upstreamFilters(rule) : [],
    ),
    ...(group.kind === "dns"
      ? { ...BY_NAME, load_assignment: assignment }
      : {
          type: "EDS",
          eds_cluster_config: { eds_config: { ads: {}, resource_api_version: "V3" } },
        }),
  };
  return { cluster, endpoints: group.kind === "eds" ? [assignment] : [] };
}

const BY_NAME: JsonObject = { type: "STRICT_DNS", dns_lookup_family: "V4_PREFERRED" };

function commonCluster(
  name: string,
  backends: readonly BackendPlan[],
  rule: RulePlan,
  options: ClusterOptions,
): JsonObject {
  const sockets = transportSockets(backends, options);
  return {
    name,
    connect_timeout: duration(rule.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS),
    lb_policy: "LEAST_REQUEST",
    per_connection_buffer_limit_bytes: options.bufferBytes,
    circuit_breakers: openCircuitBreakers,
    common_lb_config: { locality_weighted_lb_config: {} },
    ...(sockets.length > 0 ? { transport_socket_matches: sockets } : {}),
  };
}

function protocolOptions(http2: boolean, filters: JsonObject[]): JsonObject {
  const type = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
  return {
    [type]: typed(type, {
      explicit_http_config: http2 ? { http2_protocol_options: {} } : { http_protocol_options: {} },
      ...(filters.length === 0 ? {} : { http_filters: filters as Json[] }),
    }),
  };
}

function loadAssignment(name: string, backends: readonly BackendPlan[]): JsonObject {
  const priorities = [...new Set(backends.map((b) => b.priority))].sort((a, b) => a - b);
  return {
    cluster_name: name,
    endpoints: backends.map((backend) => ({
      // One locality per backend: its weight is the backend's, however many addresses it has.
      locality: { region: backend.key },
      // Envoy wants priorities without gaps.
      priority: priorities.indexOf(backend.priority),
      load_balancing_weight: backend.weight,
      lb_endpoints: backend.addresses.map((at) => lbEndpoint(backend, at)),
    })),
  };
}

/** Who the hosts of a backend are: read by the filters of each attempt and by the access log. */
export const endpointMetadata = (backend: BackendPlan): JsonObject => ({
  [BACKEND_METADATA_KEY]: backend.key,
  ai_service_backend_name: backend.name,
  provider: backend.provider,
  ...(backend.modelOverride === undefined ? {} : { model_name_override: backend.modelOverride }),
});

function lbEndpoint(backend: BackendPlan, at: Address): JsonObject {
  return {
    endpoint: {
      hostname: hostnameOf(at),
      address: { socket_address: { address: at.host, port_value: at.port } },
    },
    metadata: {
      filter_metadata: {
        [ENDPOINT_METADATA_NAMESPACE]: endpointMetadata(backend),
        ...(backend.tls === undefined ? {} : { [TRANSPORT_MATCH]: { backend: backend.key } }),
      },
    },
  };
}

function transportSockets(backends: readonly BackendPlan[], options: ClusterOptions): JsonObject[] {
  return backends.flatMap((backend) =>
    backend.tls === undefined
      ? []
      : [
          {
            name: backend.key,
            match: { backend: backend.key },
            transport_socket: tlsSocket(backend.tls, backend.http2, options),
          },
        ],
  );
}

function tlsSocket(tls: TlsPlan, http2: boolean, options: ClusterOptions): JsonObject {
  return extension(
    "envoy.transport_sockets.tls",
    "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
    {
      sni: tls.sni,
      common_tls_context: {
        alpn_protocols: [http2 ? "h2" : "http/1.1"],
        validation_context: {
          trusted_ca:
            tls.ca.kind === "system"
              ? { filename: options.systemCaFile }
              : { inline_string: tls.ca.pem },
          match_typed_subject_alt_names: [{ san_type: "DNS", matcher: { exact: tls.sni } }],
        },
      },
    },
  );
}
