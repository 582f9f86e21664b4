import type { ModelPlace } from "../../../endpoints/endpoint.ts";
import { aroundModel } from "../../../endpoints/path-models.ts";
import {
  ENDPOINT_HEADER,
  FILTERS_HEADER,
  LANE_HEADER,
  METADATA_NAMESPACE,
  MODEL_HEADER,
  ORIGINAL_PATH_HEADER,
  SERVED_BY_HEADER,
  USAGE_HEADER,
} from "../../../program/names.ts";
import { READ_LUA, SPLICE_LUA } from "./read.ts";
import { USAGE_LUA } from "./usage.ts";
import { WISHES_LUA } from "./wishes.ts";

export interface ExtractionPath {
  /** Full client path without query. */
  path: string;
  /** Endpoint id. */
  endpoint: string;
  /** What providers lack that cannot serve it, for those who ask them: `has no API for embeddings`. */
  lack: string;
  /** Where requests name their model; `json` when absent. */
  modelIn?: ModelPlace;
}

export interface ExtractionOptions {
  /**
   * Filters of others follow in the listener. They are told, in a header, which of them the final
   * route wants, as its metadata says under `filters`; and they see the client's request: what a
   * native route changes in it is left to a filter behind them (`EDIT_SCRIPT`).
   */
  shared?: boolean;
  /** Who served a native request, as the answer's header of our own says, goes into its metadata. */
  names?: boolean;
}

/** Dynamic metadata by which the filter tells itself, when the answer comes, what the request was. */
const OWN_NAMESPACE = "aigateway.envoyproxy.io/extraction";

/**
 * The filter that comes first of all: finds the model in the body of known paths, sets the routing
 * headers, lets Envoy choose the route again, and makes the edits that a native route asks for. Out
 * of a native answer that is whole it reads usage; streams are read by `usageFilters`.
 *
 * What the final route wants stands in its metadata under the filter's name: in `served` which providers
 * it has, in
 * `wishes` (`encodeWishes`) by endpoint id `{lane, model?, path?, usage?, stream_usage?, read?,
 * stream_read?, estimate?, zero?}`.
 */
export function extractionScript(
  paths: readonly ExtractionPath[],
  options: ExtractionOptions = {},
): string {
  const { shared = false, names = false } = options;
  const table = paths
    .filter(({ modelIn }) => modelIn !== "path")
    .map(({ path, endpoint }) => `  [${luaString(path)}] = ${luaString(endpoint)},`)
    .join("\n");
  const forms = paths
    .filter(({ modelIn }) => modelIn === "form")
    .map(({ endpoint }) => `  [${luaString(endpoint)}] = true,`)
    .join("\n");
  const lacks = [...new Map(paths.map(({ endpoint, lack }) => [endpoint, lack]))]
    .map(([endpoint, lack]) => `  [${luaString(endpoint)}] = ${luaString(lack)},`)
    .join("\n");
  const patterns = paths
    .flatMap(({ path, endpoint }) => {
      const around = aroundModel(path);
      return around === undefined ? [] : [[...around, endpoint].map(luaString).join(", ")];
    })
    .map((values) => `  { ${values} },`)
    .join("\n");
  return `${READ_LUA}
${WISHES_LUA}
${USAGE_LUA}
${shared ? "" : SPLICE_LUA}
local endpoints = {
${table}
}
local forms = {
${forms}
}
local lacks = {
${lacks}
}
-- What stands before and behind the model in paths that name it.
local patterns = {
${patterns}
}
${PATH_LUA}
function envoy_on_request(handle)
  local headers = handle:headers()
  local path = headers:get(':path')
  local query = find(path, '?', 1, true)
  local bare = query and sub(path, 1, query - 1) or path
  local endpoint, in_path = endpoints[bare], nil
  if not endpoint then endpoint, in_path = named(bare) end
  if not endpoint or headers:get(':method') ~= 'POST' then return end
  headers:replace('${ENDPOINT_HEADER}', endpoint)
  local form = forms[endpoint]
  local found, problem, body, raw
  if in_path then
    found, problem = path_model(in_path)
    raw = ''
    path = without_keys(bare, query and sub(path, query + 1) or '')
    headers:replace(':path', path)
  else
    found, problem, body, raw = read(handle, form)
  end
  headers = handle:headers() -- waiting for the body has ended the life of the first one
  if not found then
    handle:respond({ [':status'] = '400' }, problem)
    return
  end
  headers:replace('${MODEL_HEADER}', found.model)
  handle:clearRouteCache()

  local metadata = handle:metadata()
${shared ? TELL_FILTERS_LUA : ""}
  local wishes = metadata:get('wishes')
  local route = wishes and wishes_of(wishes)[endpoint]
  if not route then
    local served = metadata:get('served')
    if served == nil then return end
    local why = served and '" is not served on this endpoint: ' .. served .. ' ' .. lacks[endpoint]
      or '" does not exist or is not routed'
    handle:respond({ [':status'] = '404' }, 'the model "' .. found.model .. why)
    return
  end
  if route.estimate or route.zero then
    local dynamic = handle:streamInfo():dynamicMetadata()
    for _, key in ipairs(route.estimate or {}) do
      dynamic:set('${METADATA_NAMESPACE}', key, math.ceil(#raw / 4))
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
${names ? KEEP_MODEL_LUA : ""}  if route.stream_read and (found.stream or found.events or form) then
    headers:replace('${USAGE_HEADER}', route.stream_read)
  end
  if route.read then
    handle:streamInfo():dynamicMetadata():set('${OWN_NAMESPACE}', 'read', route.read)
  end
${shared ? "" : EDIT_LUA}end

function envoy_on_response(handle)
${names ? TELL_NAMES_LUA : ""}  local kind = handle:headers():get('content-type')
  if not kind or sub(kind, 1, 16) ~= 'application/json' then return end
  local own = handle:streamInfo():dynamicMetadata():get('${OWN_NAMESPACE}')
  if own and own.read then read_usage(handle, usage_tree(own.read)) end
end
`;
}

/**
 * `named(path)`: the endpoint whose path this is and the model in it, as it stands there;
 * `without_keys(path, query)`: the two put together but for keys; `path_model(text)`: what the scanner would have found, or nil and what is wrong.
 */
const PATH_LUA = `
local function named(path)
  for _, pattern in ipairs(patterns) do
    local before, behind = #pattern[1], #pattern[2]
    if #path > before + behind and sub(path, 1, before) == pattern[1] and sub(path, -behind) == pattern[2] then
      return pattern[3], sub(path, before + 1, -behind - 1)
    end
  end
end

-- Keys of clients in the query are for nobody, neither logs nor the provider.
local function without_keys(bare, query)
  local kept = {}
  for name, value in string.gmatch(query, '([^=&]+)([^&]*)') do
    if name ~= 'key' and name ~= 'access_token' and name ~= 'oauth_token' then
      kept[#kept + 1] = name .. value
    end
  end
  return #kept == 0 and bare or bare .. '?' .. table.concat(kept, '&')
end

local function path_model(text)
  if find(gsub(text, '%%%x%x', ''), '%', 1, true) then return nil, 'the path is not valid' end
  local model = gsub(text, '%%(%x%x)', function(hex) return char(tonumber(hex, 16)) end)
  if #model > 1024 or find(model, '[%c]') then
    return nil, 'the model in the path has control characters or is longer than 1024 bytes'
  end
  return { model = model }
end
`;

const TELL_FILTERS_LUA = `
  headers:replace('${FILTERS_HEADER}', metadata:get('filters') or '|')`;

const KEEP_MODEL_LUA = `  handle:streamInfo():dynamicMetadata():set('${OWN_NAMESPACE}', 'model', found.model)
`;

/** What ext_proc writes of translated requests, under the same names. */
const TELL_NAMES_LUA = `
  local served = handle:headers():get('${SERVED_BY_HEADER}')
  if served then
    handle:headers():remove('${SERVED_BY_HEADER}')
    local dynamic = handle:streamInfo():dynamicMetadata()
    local kept = dynamic:get('${OWN_NAMESPACE}')
    local route, backend, model = string.match(served, '^(%S+) (%S+) ?(.*)$')
    if route and kept and kept.model then
      local function tell(key, value) dynamic:set('${METADATA_NAMESPACE}', key, value) end
      tell('route_name', route)
      tell('backend_name', backend)
      tell('ai_service_backend_name', backend)
      tell('original_model', kept.model)
      tell('model_name_override', model == '' and kept.model or model)
    end
  end
`;

const EDIT_LUA = `
  if route.model then splice(body, raw, found, route.model, form) end
  local target = route.path
  if query then
    target = target .. (find(target, '?', 1, true) and '&' .. sub(path, query + 1) or sub(path, query))
  end
  if target ~= path then headers:replace(':path', target) end
`;

const luaString = (text: string): string =>
  `"${text.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n")}"`;
