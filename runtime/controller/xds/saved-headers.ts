import type { GatewayPlan } from "../compile/plan.ts";
import { savedHeaderKey } from "./headers.ts";
import { extension, type JsonObject } from "./json.ts";
import { touchedHeaders } from "./upstream-filters.ts";

/** Keeps the client's values of headers that attempts change, so that each attempt starts from them. */
export function savedHeadersFilter(gateway: Pick<GatewayPlan, "rules">): JsonObject[] {
  const names = [...new Set(gateway.rules.flatMap(touchedHeaders))].sort();
  if (names.length === 0) return [];
  return [
    extension(
      "envoy.filters.http.set_filter_state",
      "envoy.extensions.filters.http.set_filter_state.v3.Config",
      {
        on_request_headers: names.map((name) => ({
          object_key: savedHeaderKey(name),
          factory_key: "envoy.string",
          skip_if_empty: true,
          format_string: {
            text_format_source: { inline_string: `%REQ(${name})%` },
            omit_empty_values: true,
          },
        })),
      },
    ),
  ];
}
