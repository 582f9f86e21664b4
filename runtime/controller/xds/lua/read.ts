import { FORM_LUA } from "./form.ts";
import { SCANNER_LUA } from "./scanner.ts";

/**
 * `read(handle, form)` waits for the whole request body and finds the model in it: what the scanner
 * found or nil, the problem, the body's buffer, and its bytes. Headers have to be asked for again.
 */
export const READ_LUA = `${SCANNER_LUA}
${FORM_LUA}
local function read(handle, form)
  local body = handle:body(true)
  local size = body and body:length() or 0
  local raw = size > 0 and body:getBytes(0, size) or ''
  local found, problem
  if form then
    found, problem = scan_form(raw, handle:headers():get('content-type'))
  else
    found, problem = scan(raw)
  end
  return found, problem, body, raw
end
`;

/** `splice(body, raw, found, model, form)` puts another model into a body that was read. */
export const SPLICE_LUA = `
local function json_string(s)
  return '"' .. gsub(gsub(s, '[\\\\"]', '\\\\%0'), '%c', function(c)
    return string.format('\\\\u%04x', byte(c))
  end) .. '"'
end

local function splice(body, raw, found, model, form)
  local value = form and model or json_string(model)
  body:setBytes(sub(raw, 1, found.from - 1) .. value .. sub(raw, found.to))
end
`;
