/**
 * Lua that finds the part `model` of a `multipart/form-data` body (RFC 7578, 2046) without looking
 * at what files hold: a search for the boundary, and the head of each part.
 *
 * What two readers could understand in two ways is refused, so that a form cannot be routed by one
 * model and served by another: bare line feeds before a boundary, boundaries with a tail, escaped
 * quotes, parameters and headers that repeat, names that some readers turn into `model`. The rules
 * are those of `runtime/lib/multipart.ts`, which ext_proc reads forms with; a property test holds
 * the two together. Needs the locals of the scanner.
 */
export const FORM_LUA = String.raw`
local lower = string.lower
local MAX_PART_HEAD = 16384

-- Reads "; key=value" pairs from i to the end of s; nil where they cannot be read in one way only.
local function parameters(s, i)
  local out = {}
  while true do
    local _, last = find(s, '^[ \t]*', i)
    i = last + 1
    if i > #s then return out end
    if byte(s, i) ~= 59 then return nil end
    _, last = find(s, '^[ \t]*', i + 1)
    i = last + 1
    if i > #s then return out end
    local _, key_end, key = find(s, "^([%w!#$&+%-^_|~.%%*'\96]+)=", i)
    if not key then return nil end
    key = lower(key)
    i = key_end + 1
    local value
    if byte(s, i) == 34 then
      local quote = find(s, '"', i + 1, true)
      if not quote or byte(s, quote - 1) == 92 then return nil end
      value = sub(s, i + 1, quote - 1)
      i = quote + 1
    else
      local _, value_end = find(s, '^[^%s;"\\]+', i)
      if not value_end then return nil end
      value = sub(s, i, value_end)
      i = value_end + 1
    end
    if out[key] then return nil end
    out[key] = value
  end
end

local function boundary_of(content_type)
  local _, last = find(lower(content_type or ''), '^[ \t]*multipart/form%-data')
  local given = last and parameters(content_type, last + 1)
  local boundary = given and given.boundary
  if not boundary or #boundary > 70 or not find(boundary, "^[%w'()+_,./:=? -]+$")
    or byte(boundary, #boundary) == 32 then return nil end
  return boundary
end

-- The head of a part, as {name, file, encoded}; nil where it cannot be read.
local function part_head(s)
  local disposition, encoding
  for line in string.gmatch(s .. '\r\n', '(.-)\r\n') do
    local key, value = string.match(line, '^([%w-]+):[ \t]*([^\r\n%z]*)$')
    if not key then return nil end
    key = lower(key)
    if key == 'content-disposition' then
      if disposition then return nil end
      disposition = value
    elseif key == 'content-transfer-encoding' then
      encoding = lower(value)
    end
  end
  local _, last = find(lower(disposition or ''), '^form%-data')
  local given = last and parameters(disposition, last + 1)
  if not given or not given.name or given['name*'] then return nil end
  return {
    name = given.name,
    file = given.filename or given['filename*'],
    encoded = encoding and encoding ~= 'binary' and encoding ~= '8bit' and encoding ~= '7bit',
  }
end

local function looks_like_model(name)
  local plain = gsub(gsub(name, '\\', ''), '%%(%x%x)', function(hex) return char(tonumber(hex, 16)) end)
  return plain == 'model' or sub(plain, 1, 6) == 'model['
end

local NOT_A_FORM = 'the request body is not a valid form (multipart/form-data)'

-- A table {model, from, to}, or nil and what is wrong with the body.
local function scan_form(s, content_type)
  local boundary = boundary_of(content_type)
  if not boundary then
    return nil, 'the content type must be multipart/form-data with a boundary'
  end
  local delimiter = '--' .. boundary
  local found, part, at = {}, nil, 1
  while true do
    local i = find(s, delimiter, at, true)
    if not i then return nil, NOT_A_FORM end
    local before = i > 1 and byte(s, i - 1)
    if part and before ~= 10 and before ~= 13 then
      at = i + 1
    else
      local first = not part and (i == 1 or i == 3)
      if i > 1 and sub(s, i - 2, i - 1) ~= '\r\n' or not part and not first then
        return nil, NOT_A_FORM
      end
      if part then
        if i - 2 < part.from then return nil, NOT_A_FORM end
        if part.model then found.from, found.to = part.from, i - 2 end
      end
      local after = i + #delimiter
      local closing = sub(s, after, after + 1) == '--'
      if closing then after = after + 2 end
      local _, pad = find(s, '^[ \t]*', after)
      after = pad + 1
      if closing then
        if find(s, '[^\r\n]', after) then return nil, NOT_A_FORM end
        break
      end
      if sub(s, after, after + 1) ~= '\r\n' then return nil, NOT_A_FORM end
      local head_end = find(sub(s, after + 2, after + 1 + MAX_PART_HEAD), '\r\n\r\n', 1, true)
      local head = head_end and part_head(sub(s, after + 2, after + head_end))
      if not head then return nil, NOT_A_FORM end
      part = { from = after + head_end + 5 }
      if looks_like_model(head.name) then
        if found.seen then return nil, 'the form has more than one "model"' end
        if head.name ~= 'model' or head.file or head.encoded then
          return nil, '"model" must be a plain field of the form'
        end
        found.seen, part.model = true, true
      end
      at = part.from
    end
  end
  if not found.seen then return nil, 'the form has no "model"' end
  found.model = sub(s, found.from, found.to - 1)
  if found.model == '' then return nil, '"model" must not be empty' end
  if #found.model > 1024 or find(found.model, '[%c]') then
    return nil, '"model" has control characters or is longer than 1024 bytes'
  end
  return found
end
`;
