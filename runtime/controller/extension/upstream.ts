import { fromBinary } from "@bufbuild/protobuf";
import type { Cluster } from "../../../protos/gen/envoy/config/cluster/v3/cluster_pb.ts";
import { UpstreamCodecSchema } from "../../../protos/gen/envoy/extensions/filters/http/upstream_codec/v3/upstream_codec_pb.ts";
import {
  type HttpFilter,
  HttpFilterSchema,
} from "../../../protos/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.ts";
import {
  type HttpProtocolOptions,
  HttpProtocolOptionsSchema,
} from "../../../protos/gen/envoy/extensions/upstreams/http/v3/http_protocol_options_pb.ts";
import { messageFromJson, packAny } from "../../../protos/registry.ts";
import { remember } from "../../lib/remember.ts";
import type { RulePlan } from "../compile/plan.ts";
import { extension, type JsonObject } from "../xds/json.ts";
import { chosenFilter, deny } from "../xds/matching.ts";
import { upstreamFilters } from "../xds/upstream-filters.ts";
import { holds } from "./messages.ts";

const OPTIONS = HttpProtocolOptionsSchema.typeName;

/** Refuses every request: the filters of a cluster that no plan knows. */
const DENYING: readonly HttpFilter[] = [
  chosenFilter("deny", { on_no_match: deny }),
  extension(
    "envoy.filters.http.upstream_codec",
    "envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec",
  ),
].map(toFilter);

/** The filters that every attempt at a rule's backends goes through; built once for each plan. */
const filtersOf = remember((rule: RulePlan): readonly HttpFilter[] =>
  upstreamFilters(rule).map(toFilter),
);
const tellingFiltersOf = remember((rule: RulePlan): readonly HttpFilter[] =>
  upstreamFilters(rule, { names: true }).map(toFilter),
);

function toFilter(json: JsonObject): HttpFilter {
  return messageFromJson(HttpFilterSchema, json);
}

/**
 * Puts a rule's filters in front of those that the cluster has; without a rule, everything is refused.
 *
 * @param names Answers say who served them.
 * @param plainProxy Requests go to a forward proxy as they are: it has to be told whom they are for.
 */
export function setUpstreamFilters(
  cluster: Cluster,
  rule: RulePlan | undefined,
  plainProxy: boolean,
  names: boolean,
): void {
  const packed = cluster.typedExtensionProtocolOptions[OPTIONS];
  const options = holds(packed, HttpProtocolOptionsSchema)
    ? fromBinary(HttpProtocolOptionsSchema, packed.value)
    : withProtocol();
  if (plainProxy) nameHosts(options);
  const ours = rule === undefined ? DENYING : (names ? tellingFiltersOf : filtersOf)(rule);
  const others = options.httpFilters.filter((filter) => !isCodec(filter));
  options.httpFilters = [...ours.slice(0, -1), ...others, ...ours.slice(-1)];
  cluster.typedExtensionProtocolOptions[OPTIONS] = packAny(HttpProtocolOptionsSchema, options);
}

function nameHosts({ upstreamProtocolOptions: { case: kind, value } }: HttpProtocolOptions): void {
  if (kind !== "explicitHttpConfig") return;
  const { protocolConfig } = value;
  if (protocolConfig.case !== "httpProtocolOptions") return;
  protocolConfig.value.sendFullyQualifiedUrl = true;
}

/** Filters may only stand where a protocol is named as well. */
const withProtocol = (): HttpProtocolOptions =>
  messageFromJson(HttpProtocolOptionsSchema, {
    explicit_http_config: { http_protocol_options: {} },
  });

const isCodec = ({ configType }: HttpFilter): boolean =>
  configType.case === "typedConfig" && holds(configType.value, UpstreamCodecSchema);
