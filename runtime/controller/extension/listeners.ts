import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { AccessLogSchema } from "../../../protos/gen/envoy/config/accesslog/v3/accesslog_pb.ts";
import { TypedExtensionConfigSchema } from "../../../protos/gen/envoy/config/core/v3/extension_pb.ts";
import { Http2ProtocolOptionsSchema } from "../../../protos/gen/envoy/config/core/v3/protocol_pb.ts";
import type { FilterChain } from "../../../protos/gen/envoy/config/listener/v3/listener_components_pb.ts";
import { ListenerSchema } from "../../../protos/gen/envoy/config/listener/v3/listener_pb.ts";
import {
  type HttpConnectionManager,
  HttpConnectionManagerSchema,
  type HttpFilter,
  HttpFilterSchema,
  LocalReplyConfigSchema,
} from "../../../protos/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.ts";
import { messageFromJson } from "../../../protos/registry.ts";
import { ENDPOINT_HEADER } from "../../program/names.ts";
import type { GatewayPlan } from "../compile/plan.ts";
import { accountingLog } from "../xds/access-log.ts";
import { editFilter, extractionFilter } from "../xds/extraction-filter.ts";
import { extension, type JsonObject } from "../xds/json.ts";
import { bufferFilter, CLIENT_BACKLOG_BYTES, dropForgedHeaders } from "../xds/listener-parts.ts";
import { localReplyConfig } from "../xds/local-replies.ts";
import { extractionPaths } from "../xds/paths.ts";
import { savedHeadersFilter } from "../xds/saved-headers.ts";
import { usageFilters } from "../xds/usage-filters.ts";
import { PICKED_HEADER, pickerFilterNames, pickerFilters } from "./endpoint-picker.ts";
import { BUFFER_FILTER, SAVED_HEADERS_FILTER } from "./filter-names.ts";
import { guarded } from "./guarded.ts";
import { editAny, holds } from "./messages.ts";
import type { ExtensionOptions } from "./options.ts";

/** What a route configuration with AI routes asks of the listeners that use it. */
export interface Demand {
  /** Filters of others that AI requests may go through. */
  filters: ReadonlySet<string>;
  /** The Gateways whose routes it has. */
  gateways: readonly GatewayPlan[];
  /** Finished requests are reported. */
  accounting: boolean;
}

/**
 * A listener that carries AI routes: our filters first and last, those of users between them. Ours are
 * off for whoever is no AI request.
 *
 * @param names Requests' metadata is to say who served them.
 * @param demandOf By name of route configuration; undefined where it has no AI routes.
 * @returns undefined where nothing is to be changed.
 */
export function editListener(
  bytes: Uint8Array,
  demandOf: (routes: string) => Demand | undefined,
  options: ExtensionOptions,
  names: boolean,
): Uint8Array | undefined {
  const listener = fromBinary(ListenerSchema, bytes);
  const chains = [
    ...listener.filterChains,
    ...(listener.defaultFilterChain ? [listener.defaultFilterChain] : []),
  ];
  const edited = chains.map((chain) => editChain(chain, demandOf, options, names));
  if (!edited.includes(true)) return undefined;
  listener.perConnectionBufferLimitBytes = CLIENT_BACKLOG_BYTES;
  return toBinary(ListenerSchema, listener);
}

function editChain(
  chain: FilterChain,
  demandOf: (routes: string) => Demand | undefined,
  options: ExtensionOptions,
  names: boolean,
): boolean {
  let edited = false;
  for (const { configType } of chain.filters) {
    if (configType.case !== "typedConfig") continue;
    if (!holds(configType.value, HttpConnectionManagerSchema)) continue;
    configType.value = editAny(configType.value, HttpConnectionManagerSchema, (manager) => {
      const { routeSpecifier } = manager;
      if (routeSpecifier.case !== "rds") return;
      const demand = demandOf(routeSpecifier.value.routeConfigName);
      if (demand === undefined) return;
      editManager(manager, demand, options, names);
      edited = true;
    });
  }
  return edited;
}

function editManager(
  manager: HttpConnectionManager,
  demand: Demand,
  options: ExtensionOptions,
  names: boolean,
): void {
  manager.earlyHeaderMutationExtensions.unshift(
    messageFromJson(TypedExtensionConfigSchema, dropForgedHeaders()),
  );
  manager.earlyHeaderMutationExtensions.push(
    ...(demand.gateways.some(({ rules }) => pickerFilterNames(rules).length > 0)
      ? [messageFromJson(TypedExtensionConfigSchema, dropHeader(PICKED_HEADER))]
      : []),
  );
  manager.httpFilters = withOurs(manager.httpFilters, demand, options, names);
  if (demand.accounting) {
    manager.accessLog.push(messageFromJson(AccessLogSchema, { ...accountingLog(), filter: isAi }));
  }
  const replies = messageFromJson(
    LocalReplyConfigSchema,
    localReplyConfig(options.prefixes, { shared: true }),
  );
  if (manager.localReplyConfig === undefined) manager.localReplyConfig = replies;
  else manager.localReplyConfig.mappers.push(...replies.mappers);
  manager.http2ProtocolOptions ??= messageFromJson(Http2ProtocolOptionsSchema, {});
  manager.http2ProtocolOptions.initialStreamWindowSize = CLIENT_BACKLOG_BYTES;
  manager.http2ProtocolOptions.initialConnectionWindowSize = CLIENT_BACKLOG_BYTES;
}

/** Clients may not choose pods. */
const dropHeader = (name: string): JsonObject =>
  extension(
    "envoy.http.early_header_mutation.header_mutation",
    "envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation",
    { mutations: [{ remove: name }] },
  );

/** The endpoint is set for AI requests alone. */
const isAi: JsonObject = {
  header_filter: { header: { name: ENDPOINT_HEADER, present_match: true } },
};

/**
 * Extraction stands in front, so that users' filters meet the final route, and the request as the
 * client sent it. Behind them stands what changes native requests, keeps headers for later attempts as
 * those filters left them, and reads answers before they do.
 */
function withOurs(
  filters: readonly HttpFilter[],
  { filters: wanted, gateways }: Demand,
  { prefixes, bufferBytes }: ExtensionOptions,
  names: boolean,
): HttpFilter[] {
  const router = filters.slice(-1);
  const others = filters
    .slice(0, -1)
    .map((filter) => (filter.disabled && wanted.has(filter.name) ? guarded(filter) : filter));
  const gateway = { rules: gateways.flatMap(({ rules }) => rules) };
  return [
    off(bufferFilter(BUFFER_FILTER, bufferBytes)),
    off(extractionFilter(extractionPaths(prefixes), { shared: true, names })),
    ...others,
    ...pickerFilters(gateway.rules).map(guarded),
    guarded(off(editFilter())),
    ...savedHeadersFilter(gateway).map((filter) =>
      guarded(off({ ...filter, name: SAVED_HEADERS_FILTER })),
    ),
    ...usageFilters(gateway).map(off),
    ...router,
  ];
}

const off = (filter: JsonObject): HttpFilter =>
  messageFromJson(HttpFilterSchema, { ...filter, disabled: true });
