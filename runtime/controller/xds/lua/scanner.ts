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

-- Index of the quote that closes the string which opens at i, or nil; q is the first quote behind i.
local function string_end(s, i, q)
  while q do
    local b = q - 1
    while b > i and byte(s, b) == 92 do b = b - 1 end
    if (q - b) % 2 == 1 then return q end
    q = find(s, '"', q + 1, true)
  end
  return nil
end

-- Where the members of an object stand: the quotes of a key, the first byte of a value and the one behind it. Kept
-- by a worker from request to request; who reads the members of a member appends to them.
local keys, key_ends, values, value_ends = {}, {}, {}, {}

-- Enters the members of the object that opens at p behind the first n. Returns how many there are now and the index of
-- the closing brace; nil where there is none. One flat loop without closures or calls of its own, which LuaJIT makes
-- one piece of machine code of: to go in and out of that at each member takes longer than all else.
local function index(s, p, n)
  local key, key_end, value, value_end, depth = 0, 0, 0, 0, 0
  local colon, scalar, comma = false, false, false
  while true do
    p = p + 1
    local c = byte(s, p)
    if c == 34 then
      local q = find(s, '"', p + 1, true)
      if q and byte(s, q - 1) == 92 then q = string_end(s, p, q) end
      if not q then return nil end
      if depth == 0 then
        if colon then
          if value ~= 0 then return nil end
          value, value_end = p, q + 1
        else
          if key ~= 0 then return nil end
          key, key_end = p, q
        end
      end
      p = q
    elseif c == 123 or c == 91 then
      if depth == 0 then
        if not colon or value ~= 0 then return nil end
        value = p
      end
      depth = depth + 1
    elseif depth > 0 then
      if c == 125 or c == 93 then
        depth = depth - 1
        if depth == 0 then value_end = p + 1 end
      elseif not c then
        return nil
      end
    elseif c == 44 or c == 125 then
      if value_end == 0 then
        if c == 125 and key == 0 and not comma then return n, p end
        return nil
      end
      n = n + 1
      keys[n], key_ends[n], values[n], value_ends[n] = key, key_end, value, value_end
      if c == 125 then return n, p end
      key, value, value_end, colon, scalar, comma = 0, 0, 0, false, false, true
    elseif c == 58 then
      if colon or key == 0 then return nil end
      colon = true
    elseif not c or c == 93 then
      return nil
    elseif c ~= 32 and c ~= 10 and c ~= 13 and c ~= 9 then
      if not colon or (value ~= 0 and not (scalar and value_end == p)) then return nil end
      if value == 0 then value, scalar = p, true end
      value_end = p + 1
    end
  end
end

-- Index of the first byte from i on that is no JSON white space, and that byte.
local function next_byte(s, i)
  local c = byte(s, i)
  while c == 32 or c == 10 or c == 13 or c == 9 do
    i = i + 1
    c = byte(s, i)
  end
  return i, c
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

-- The key of member i.
local function name_of(s, i) return unescape(sub(s, keys[i] + 1, key_ends[i] - 1)) end

-- The value of member i as it is written.
local function text_of(s, i) return sub(s, values[i], value_ends[i] - 1) end

-- A table {model, from, to, stream, events, usage}, or nil and what is wrong with the body.
local function scan(s)
  local start, first = next_byte(s, 1)
  if first ~= 123 then return nil, 'the request body is not a JSON object' end
  local count, finish = index(s, start, 0)
  local _, rest = next_byte(s, (finish or 0) + 1)
  if not count or rest then return nil, 'the request body is not valid JSON' end
  local found, problem = {}, nil
  for i = 1, count do
    local name = name_of(s, i)
    if name == 'model' then
      if found.from then problem = 'the request body has more than one "model"' end
      found.from, found.to = values[i], value_ends[i]
    elseif name == 'stream' then
      found.stream = text_of(s, i) == 'true'
    elseif name == 'stream_format' then
      found.events = text_of(s, i) == '"sse"'
    elseif name == 'stream_options' and byte(s, values[i]) == 123 then
      local last = index(s, values[i], count)
      for option = count + 1, last or count do
        if name_of(s, option) == 'include_usage' then found.usage = text_of(s, option) == 'true' end
      end
    end
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
