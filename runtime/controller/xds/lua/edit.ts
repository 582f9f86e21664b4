import { ENDPOINT_HEADER, LANE_HEADER } from "../../../program/names.ts";
import { READ_LUA, SPLICE_LUA } from "./read.ts";
import { WISHES_LUA } from "./wishes.ts";

/**
 * The filter behind all others of a listener that is shared with filters of users: what a native
 * route changes in the request, which they have seen as the client sent it. They may have changed the
 * body themselves, so it is read again. The route's metadata under the filter's name has in `wishes`, by
 * endpoint id, `{model?, path?, form?}`.
 */
export const EDIT_SCRIPT = `${READ_LUA}
${WISHES_LUA}
${SPLICE_LUA}
function envoy_on_request(handle)
  local headers = handle:headers()
  if headers:get('${LANE_HEADER}') ~= 'native' then return end
  local wishes = handle:metadata():get('wishes')
  local edit = wishes and wishes_of(wishes)[headers:get('${ENDPOINT_HEADER}')]
  if not edit then return end
  if edit.path then
    local path = headers:get(':path')
    local query = find(path, '?', 1, true)
    local target = edit.path
    if query then
      target = target .. (find(target, '?', 1, true) and '&' .. sub(path, query + 1) or sub(path, query))
    end
    headers:replace(':path', target)
  end
  if not edit.model then return end
  local found, problem, body, raw = read(handle, edit.form)
  if found then
    splice(body, raw, found, edit.model, edit.form)
  else
    handle:respond({ [':status'] = '400' }, problem)
  end
end
`;
