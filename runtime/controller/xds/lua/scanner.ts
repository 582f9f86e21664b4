/**
 * Lua that reads the top-level members of a JSON object without parsing the rest: `model`, `stream`
 * and `stream_options.include_usage`, with the byte range of the model for a splice.
 *
 * Strings are skipped by a search for the next quote, so long prompts and inline images cost a
 * memory scan; nothing on the way is a pattern, so that LuaJIT compiles it. It reads to the end on purpose: providers take the last of two members with one name,
 * so stopping at the first would let a forged body be routed by one model and served by another.
 * Two `model` members are refused, whatever escapes their names are written with.
 *
 * Written for Lua 5.1 (LuaJIT in Envoy). Checked against JSON.parse by property tests.
 */
export const SCANNER_LUA = String.raw`
local find, byte, sub, gsub, char = string.find, string.byte, string.sub, string.gsub, string.char

-- Index of the first byte from i on that is no JSON white space, and that byte; nil at the end.
local function next_byte(s, i)
  local c = byte(s, i)
  while c == 32 or c == 10 or c == 13 or c == 9 do
    i = i + 1
    c = byte(s, i)
  end
  if not c then return nil end
  return i, c
end

-- Index after the closing quote of the string that opens at i, or nil.
local function skip_string(s, i)
  local q = find(s, '"', i + 1, true)
  while q do
    local b = q - 1
    while b > i and byte(s, b) == 92 do b = b - 1 end
    if (q - b) % 2 == 1 then return q + 1 end
    q = find(s, '"', q + 1, true)
  end
  return nil
end

-- Index after the value that starts at i, or nil where the text ends inside it.
local function skip_value(s, i)
  local c = byte(s, i)
  if c == 34 then return skip_string(s, i) end
  if c ~= 123 and c ~= 91 then
    local p = i
    while c and c ~= 44 and c ~= 125 and c ~= 93 and c > 32 do
      p = p + 1
      c = byte(s, p)
    end
    if p == i or not c then return nil end
    return p
  end
  local depth, p = 1, i + 1
  while true do
    c = byte(s, p)
    if c == 34 then
      p = skip_string(s, p)
      if not p then return nil end
    else
      if c == 123 or c == 91 then
        depth = depth + 1
      elseif c == 125 or c == 93 then
        depth = depth - 1
        if depth == 0 then return p + 1 end
      elseif not c then
        return nil
      end
      p = p + 1
    end
  end
end

local function utf8(code)
  if code < 0x80 then return char(code) end
  if code < 0x800 then return char(0xC0 + math.floor(code / 64), 0x80 + code % 64) end
  if code < 0x10000 then
    return char(0xE0 + math.floor(code / 4096), 0x80 + math.floor(code / 64) % 64, 0x80 + code % 64)
  end
  return char(0xF0 + math.floor(code / 262144), 0x80 + math.floor(code / 4096) % 64,
    0x80 + math.floor(code / 64) % 64, 0x80 + code % 64)
end

local escapes = { b = '\b', f = '\f', n = '\n', r = '\r', t = '\t' }

-- The text between quotes with its escapes resolved; lone surrogates become U+FFFD.
local function unescape(s)
  local q = find(s, '\\', 1, true)
  if not q then return s end
  local out, p = {}, 1
  while q do
    out[#out + 1] = sub(s, p, q - 1)
    local c = sub(s, q + 1, q + 1)
    if c == 'u' then
      local code = tonumber(sub(s, q + 2, q + 5), 16) or 0xFFFD
      p = q + 6
      if code >= 0xD800 and code <= 0xDFFF then
        local low = code <= 0xDBFF and sub(s, p, p + 1) == '\\u' and tonumber(sub(s, p + 2, p + 5), 16)
        if low and low >= 0xDC00 and low <= 0xDFFF then
          code = 0x10000 + (code - 0xD800) * 1024 + low - 0xDC00
          p = p + 6
        else
          code = 0xFFFD
        end
      end
      out[#out + 1] = utf8(code)
    else
      out[#out + 1] = escapes[c] or c
      p = q + 2
    end
    q = find(s, '\\', p, true)
  end
  return table.concat(out) .. sub(s, p)
end

-- Calls visit(key, value_start, value_end) for each member of the object that starts at i.
-- Returns the index after the object, or nil where it is not one.
local function members(s, i, visit)
  local p, c = next_byte(s, i + 1)
  if c == 125 then return p + 1 end
  while c == 34 do
    local key_end = skip_string(s, p)
    if not key_end then return nil end
    local colon
    colon, c = next_byte(s, key_end)
    if c ~= 58 then return nil end
    local value = next_byte(s, colon + 1)
    if not value then return nil end
    local value_end = skip_value(s, value)
    if not value_end then return nil end
    visit(unescape(sub(s, p + 1, key_end - 2)), value, value_end)
    p, c = next_byte(s, value_end)
    if c == 125 then return p + 1 end
    if c ~= 44 then return nil end
    p, c = next_byte(s, p + 1)
  end
  return nil
end

-- A table {model, from, to, stream, events, usage}, or nil and what is wrong with the body.
local function scan(s)
  local start, first = next_byte(s, 1)
  if first ~= 123 then return nil, 'the request body is not a JSON object' end
  local found, problem = {}, nil
  local finish = members(s, start, function(key, from, to)
    if key == 'model' then
      if found.from then problem = 'the request body has more than one "model"' end
      found.from, found.to = from, to
    elseif key == 'stream' then
      found.stream = sub(s, from, to - 1) == 'true'
    elseif key == 'stream_format' then
      found.events = sub(s, from, to - 1) == '"sse"'
    elseif key == 'stream_options' and byte(s, from) == 123 then
      members(s, from, function(option, value, value_end)
        if option == 'include_usage' then found.usage = sub(s, value, value_end - 1) == 'true' end
      end)
    end
  end)
  if not finish or next_byte(s, finish) then
    return nil, 'the request body is not valid JSON'
  end
  if problem then return nil, problem end
  if not found.from then return nil, 'the request body has no "model"' end
  if byte(s, found.from) ~= 34 then return nil, '"model" must be a string' end
  found.model = unescape(sub(s, found.from + 1, found.to - 2))
  if found.model == '' then return nil, '"model" must not be empty' end
  if #found.model > 1024 or find(found.model, '[%c]') then
    return nil, '"model" has control characters or is longer than 1024 bytes'
  end
  return found
end
`;
