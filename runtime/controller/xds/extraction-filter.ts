import { type JsonObject, typed } from "./json.ts";
import { type ExtractionPath, extractionScript } from "./lua/extraction.ts";

/** Name of the filter; the metadata of a route under this name tells it what the route wants. */
export const EXTRACTION_FILTER = "envoy.filters.http.lua/aigateway";

export const extractionFilter = (paths: readonly ExtractionPath[]): JsonObject => ({
  name: EXTRACTION_FILTER,
  typed_config: typed("envoy.extensions.filters.http.lua.v3.Lua", {
    default_source_code: { inline_string: extractionScript(paths) },
  }),
});
