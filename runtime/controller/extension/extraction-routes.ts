import { RE2JS } from "re2js";
import { RouteSchema } from "../../../protos/gen/envoy/config/route/v3/route_components_pb.ts";
import { aroundModel } from "../../endpoints/path-models.ts";
import { ENDPOINT_HEADER } from "../../program/names.ts";
import { type JsonObject, typed } from "../xds/json.ts";
import { extractionPaths } from "../xds/paths.ts";
import { ALWAYS, ON_DEMAND } from "./filter-names.ts";
import { bytesOf } from "./messages.ts";
import type { ExtensionOptions } from "./options.ts";

/**
 * The first routes of a host: each takes one known path until the model is read, never after.
 *
 * Envoy decides at the first route which of the filters that are off by default are in the chain. So
 * these turn on ours, and all that any route of the host may want; those that the final route does not
 * want are passed over (`guarded`). Whoever is no AI request never meets any of them.
 */
export function extractionRoutes(
  filters: readonly string[],
  { prefixes, bufferBytes }: ExtensionOptions,
): Uint8Array[] {
  const on: JsonObject = Object.fromEntries(
    [...ALWAYS, ...ON_DEMAND, ...filters].map((name) => [name, turnedOn]),
  );
  return extractionPaths(prefixes).map(({ path, endpoint }) =>
    bytesOf(RouteSchema, {
      name: `aigateway/extract/${endpoint}`,
      match: {
        ...pathMatch(path),
        headers: [
          { name: ":method", string_match: { exact: "POST" } },
          { name: ENDPOINT_HEADER, present_match: true, invert_match: true },
        ],
      },
      typed_per_filter_config: on,
      request_body_buffer_limit: String(bufferBytes),
      // Not reached, since the extraction filter always lets Envoy choose again or answers itself.
      direct_response: {
        status: 500,
        body: { inline_string: "the model of this request was not read" },
      },
    }),
  );
}

/** Envoy leaves the query out of either. */
function pathMatch(path: string): JsonObject {
  const around = aroundModel(path);
  if (around === undefined) return { path };
  return { safe_regex: { regex: around.map(RE2JS.quote).join(".+") } };
}

const turnedOn: JsonObject = typed("envoy.config.route.v3.FilterConfig", { config: {} });
