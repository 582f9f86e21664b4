import { clone } from "@bufbuild/protobuf";
import { ExtensionWithMatcherSchema } from "../../../protos/gen/envoy/extensions/common/matching/v3/extension_matcher_pb.ts";
import {
  type HttpFilter,
  HttpFilterSchema,
} from "../../../protos/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.ts";
import { MatcherSchema } from "../../../protos/gen/xds/type/matcher/v3/matcher_pb.ts";
import { messageFromJson, packAny } from "../../../protos/registry.ts";
import { FILTERS_HEADER } from "../../program/names.ts";
import { extension, type JsonObject } from "../xds/json.ts";
import { skip } from "../xds/matching.ts";
import { mark } from "./filter-names.ts";

/**
 * A filter that an AI request passes over unless its final route wants it. Requests that carry no
 * list of wishes, which are all others, meet the filter wherever it is on.
 */
export function guarded(filter: HttpFilter): HttpFilter {
  const { configType } = filter;
  // Cannot be wrapped: it then runs for every AI request of the hosts that use it, which is stricter.
  if (configType.case !== "typedConfig") return filter;
  const wrapped = clone(HttpFilterSchema, filter);
  wrapped.configType = {
    case: "typedConfig",
    value: packAny(ExtensionWithMatcherSchema, {
      extensionConfig: { name: filter.name, typedConfig: configType.value },
      xdsMatcher: messageFromJson(MatcherSchema, unwanted(mark(filter.name))),
    }),
  };
  return wrapped;
}

const unwanted = (filter: string): JsonObject => ({
  matcher_list: {
    matchers: [
      {
        predicate: {
          and_matcher: {
            predicate: [header({ prefix: "|" }), { not_matcher: header({ contains: filter }) }],
          },
        },
        on_match: skip,
      },
    ],
  },
});

const header = (match: JsonObject): JsonObject => ({
  single_predicate: {
    input: extension("wishes", "envoy.type.matcher.v3.HttpRequestHeaderMatchInput", {
      header_name: FILTERS_HEADER,
    }),
    value_match: match,
  },
});
