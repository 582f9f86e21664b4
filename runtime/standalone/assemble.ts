import { partsOf } from "../controller/compile/narrowed.ts";
import type { GatewayPlan } from "../controller/compile/plan.ts";
import { ACCOUNTING_CLUSTER, accountingLog } from "../controller/xds/access-log.ts";
import { ruleClusters } from "../controller/xds/clusters.ts";
import {
  address,
  EXT_PROC_CLUSTER,
  grpcCluster,
  type SocketAddress,
} from "../controller/xds/ext-proc.ts";
import { extractionFilter } from "../controller/xds/extraction-filter.ts";
import { duration, extension, type Json, type JsonObject, typed } from "../controller/xds/json.ts";
import {
  bufferFilter,
  CLIENT_BACKLOG_BYTES,
  dropForgedHeaders,
  MAX_ANSWER_BYTES,
} from "../controller/xds/listener-parts.ts";
import { localReplyConfig } from "../controller/xds/local-replies.ts";
import { extractionPaths, fixedAnswers } from "../controller/xds/paths.ts";
import { virtualHosts } from "../controller/xds/routes.ts";
import { savedHeadersFilter } from "../controller/xds/saved-headers.ts";
import { usageFilters } from "../controller/xds/usage-filters.ts";
import type { Prefixes } from "../endpoints/prefixes.ts";

export interface AssembleOptions {
  listen: { host: string; port: number };
  extProc: SocketAddress[];
  /** Absent: finished requests are not reported. */
  accounting?: SocketAddress;
  prefixes: Prefixes;
  bufferBytes: number;
  systemCaFile: string;
  /** Line per request on Envoy's standard output. */
  accessLog: boolean;
}

/** Everything that Envoy is told, by kind of resource, in JSON form. */
export interface EnvoyResources {
  listeners: JsonObject[];
  routes: JsonObject[];
  clusters: JsonObject[];
  endpoints: JsonObject[];
  secrets: JsonObject[];
}

const ROUTES = "aigateway";

/** The whole Envoy configuration of one gateway. Pure. */
export function assemble(gateway: GatewayPlan, options: AssembleOptions): EnvoyResources {
  const perRule = gateway.rules
    .filter((rule) => rule.backends.length > 0)
    .flatMap(partsOf)
    .map((rule) => ruleClusters(rule, options));
  return {
    listeners: [listener(gateway, options)],
    routes: [
      {
        name: ROUTES,
        max_direct_response_body_size_bytes: MAX_ANSWER_BYTES,
        ignore_port_in_host_matching: true,
        virtual_hosts: virtualHosts(gateway, {
          bufferBytes: options.bufferBytes,
          answers: fixedAnswers(options.prefixes),
        }),
      },
    ],
    clusters: [
      grpcCluster(EXT_PROC_CLUSTER, options.extProc, options.bufferBytes),
      ...(options.accounting
        ? [grpcCluster(ACCOUNTING_CLUSTER, [options.accounting], options.bufferBytes)]
        : []),
      ...perRule.flatMap((rule) => rule.clusters),
    ],
    endpoints: perRule.flatMap((rule) => rule.endpoints),
    secrets: [...gateway.secrets].map(([name, value]) => ({
      name,
      generic_secret: { secret: { inline_string: value } },
    })),
  };
}

function listener(gateway: GatewayPlan, options: AssembleOptions): JsonObject {
  return {
    name: "aigateway",
    address: address(options.listen),
    per_connection_buffer_limit_bytes: CLIENT_BACKLOG_BYTES,
    filter_chains: [
      {
        filters: [
          extension(
            "envoy.filters.network.http_connection_manager",
            "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
            {
              stat_prefix: "aigateway",
              rds: {
                route_config_name: ROUTES,
                config_source: { ads: {}, resource_api_version: "V3" },
              },
              early_header_mutation_extensions: [dropForgedHeaders()],
              http_filters: [
                bufferFilter("envoy.filters.http.buffer", options.bufferBytes),
                extractionFilter(extractionPaths(options.prefixes)),
                ...savedHeadersFilter(gateway),
                ...usageFilters(gateway),
                {
                  name: "envoy.filters.http.router",
                  typed_config: typed("envoy.extensions.filters.http.router.v3.Router", {
                    suppress_envoy_headers: true,
                  }),
                },
              ] as Json[],
              access_log: [
                ...(options.accounting ? [accountingLog()] : []),
                ...(options.accessLog ? [stdoutLog()] : []),
              ],
              local_reply_config: localReplyConfig(options.prefixes),
              // Clients' own ids pass; making up others costs as much as reading the model does.
              generate_request_id: false,
              normalize_path: true,
              use_remote_address: true,
              skip_xff_append: true,
              // Streams may pause for as long as a model thinks; the route's own timeouts bound them.
              stream_idle_timeout: duration(0),
              common_http_protocol_options: { headers_with_underscores_action: "REJECT_REQUEST" },
              http2_protocol_options: {
                max_concurrent_streams: 10_000,
                initial_stream_window_size: CLIENT_BACKLOG_BYTES,
                initial_connection_window_size: CLIENT_BACKLOG_BYTES,
              },
            },
          ),
        ],
      },
    ],
  };
}

const stdoutLog = (): JsonObject =>
  extension(
    "envoy.access_loggers.stdout",
    "envoy.extensions.access_loggers.stream.v3.StdoutAccessLog",
    {
      log_format: {
        json_format: {
          time: "%START_TIME%",
          method: "%REQ(:METHOD)%",
          path: "%REQ(X-AI-EG-ORIGINAL-PATH?:PATH)%",
          status: "%RESPONSE_CODE%",
          details: "%RESPONSE_CODE_DETAILS%",
          model: "%REQ(X-AI-EG-MODEL)%",
          route: "%ROUTE_NAME%",
          attempts: "%UPSTREAM_REQUEST_ATTEMPT_COUNT%",
          duration_ms: "%DURATION%",
          metadata: "%DYNAMIC_METADATA(io.envoy.ai_gateway)%",
        },
      },
    },
  );
