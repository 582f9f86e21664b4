import type { ModelPlace } from "../../../endpoints/endpoint.ts";
import {
  ENDPOINT_HEADER,
  LANE_HEADER,
  METADATA_NAMESPACE,
  MODEL_HEADER,
  ORIGINAL_PATH_HEADER,
  USAGE_HEADER,
} from "../../../program/names.ts";
import { FORM_LUA } from "./form.ts";
import { SCANNER_LUA } from "./scanner.ts";

export interface ExtractionPath {
  /** Full client path without query. */
  path: string;
  /** Endpoint id. */
  endpoint: string;
  /** Where requests name their model; `json` when absent. */
  modelIn?: ModelPlace;
}

/**
 * The filter that comes first of all: finds the model in the body of known paths, sets the routing
 * headers, lets Envoy choose the route again, and makes the edits that a native route asks for.
 *
 * What the final route wants stands in its metadata under the filter's name: `served`, and by
 * endpoint id `{lane, model?, path?, usage?, stream_usage?, estimate?, zero?}`.
 */
export function extractionScript(paths: readonly ExtractionPath[]): string {
  const table = paths
    .map(({ path, endpoint }) => `  [${luaString(path)}] = ${luaString(endpoint)},`)
    .join("\n");
  const forms = paths
    .filter(({ modelIn }) => modelIn === "form")
    .map(({ endpoint }) => `  [${luaString(endpoint)}] = true,`)
    .join("\n");
  return `${SCANNER_LUA}
${FORM_LUA}
local endpoints = {
${table}
}
local forms = {
${forms}
}

local function json_string(s)
  return '"' .. gsub(gsub(s, '[\\\\"]', '\\\\%0'), '%c', function(c)
    return string.format('\\\\u%04x', byte(c))
  end) .. '"'
end

function envoy_on_request(handle)
  local headers = handle:headers()
  local path = headers:get(':path')
  local query = find(path, '?', 1, true)
  local endpoint = endpoints[query and sub(path, 1, query - 1) or path]
  if not endpoint or headers:get(':method') ~= 'POST' then return end
  headers:replace('${ENDPOINT_HEADER}', endpoint)
  local body = handle:body(true)
  local size = body and body:length() or 0
  local raw = size > 0 and body:getBytes(0, size) or ''
  headers = handle:headers() -- waiting for the body has ended the life of the first one
  local form = forms[endpoint]
  local found, problem
  if form then
    found, problem = scan_form(raw, headers:get('content-type'))
  else
    found, problem = scan(raw)
  end
  if not found then
    handle:respond({ [':status'] = '400' }, problem)
    return
  end
  headers:replace('${MODEL_HEADER}', found.model)
  handle:clearRouteCache()

  local metadata = handle:metadata()
  local route = metadata:get(endpoint)
  if not route then
    local served = metadata:get('served')
    if served == nil then return end
    local why = served and '" is not served on this endpoint' or '" does not exist or is not routed'
    handle:respond({ [':status'] = '404' }, 'the model "' .. found.model .. why)
    return
  end
  if route.estimate or route.zero then
    local dynamic = handle:streamInfo():dynamicMetadata()
    for _, key in ipairs(route.estimate or {}) do
      dynamic:set('${METADATA_NAMESPACE}', key, math.ceil(size / 4))
    end
    for _, key in ipairs(route.zero or {}) do
      dynamic:set('${METADATA_NAMESPACE}', key, 0)
    end
  end
  local unasked = route.stream_usage and found.stream and not found.usage
  if route.lane ~= 'native' or unasked then
    headers:replace('${LANE_HEADER}', 'translated')
    headers:replace('${ORIGINAL_PATH_HEADER}', path)
    return
  end
  headers:replace('${LANE_HEADER}', 'native')
  headers:replace('${USAGE_HEADER}', route.usage)
  if route.model then
    local model = form and route.model or json_string(route.model)
    body:setBytes(sub(raw, 1, found.from - 1) .. model .. sub(raw, found.to))
  end
  local target = query and route.path .. sub(path, query) or route.path
  if target ~= path then headers:replace(':path', target) end
end
`;
}

const luaString = (text: string): string =>
  `"${text.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n")}"`;
