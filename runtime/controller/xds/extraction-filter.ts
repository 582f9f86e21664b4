import { type JsonObject, typed } from "./json.ts";
import { EDIT_SCRIPT } from "./lua/edit.ts";
import { type ExtractionOptions, type ExtractionPath, extractionScript } from "./lua/extraction.ts";

/** Name of the filter; the metadata of a route under this name tells it what the route wants. */
export const EXTRACTION_FILTER = "envoy.filters.http.lua/aigateway";
/** Where users' filters stand in the listener: the filter that edits native requests behind them. */
export const EDIT_FILTER = "envoy.filters.http.lua/aigateway-edit";

export const extractionFilter = (
  paths: readonly ExtractionPath[],
  options?: ExtractionOptions,
): JsonObject => lua(EXTRACTION_FILTER, extractionScript(paths, options));

export const editFilter = (): JsonObject => lua(EDIT_FILTER, EDIT_SCRIPT);

const lua = (name: string, script: string): JsonObject => ({
  name,
  typed_config: typed("envoy.extensions.filters.http.lua.v3.Lua", {
    default_source_code: { inline_string: script },
  }),
});
