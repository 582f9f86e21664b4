/** What a route wants of requests, by endpoint id: flags that are set, texts, and lists of texts. */
export type Wishes = Record<string, Record<string, string | readonly string[] | true>>;

const ESCAPED = /[%\t\n]/g;
const escaped = (text: string): string =>
  text.replace(ESCAPED, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, "0")}`);

/**
 * Wishes as one text: a line for each endpoint, its fields behind tabs (`field` or `field=value`; `field+value` for each
 * of a list). Envoy hands Lua a copy of a route's whole metadata for each request, and copying a
 * structure with an entry for each field of each endpoint takes as long as all else in the filter.
 */
export const encodeWishes = (wishes: Wishes): string =>
  Object.entries(wishes)
    .map(([endpoint, fields]) =>
      [escaped(endpoint), ...Object.entries(fields).flatMap(encodeField)].join("\t"),
    )
    .join("\n");

function encodeField([name, value]: [string, string | readonly string[] | true]): string[] {
  if (value === true) return [name];
  if (typeof value === "string") return [`${name}=${escaped(value)}`];
  return value.map((each) => `${name}+${escaped(each)}`);
}

/**
 * `wishes_of(text)` is a table by endpoint id, read once for each text: a worker keeps what it has
 * read, up to a bound that only changes of configuration can reach.
 */
export const WISHES_LUA = String.raw`
local known, known_count = {}, 0

local function plain(text)
  return (string.gsub(text, '%%(%x%x)', function(hex) return string.char(tonumber(hex, 16)) end))
end

local function wishes_of(text)
  local wishes = known[text]
  if wishes then return wishes end
  wishes = {}
  for line in string.gmatch(text, '[^\n]+') do
    local fields, endpoint
    for part in string.gmatch(line, '[^\t]+') do
      local name, sign, value = string.match(part, '^([%w_]+)([=+]?)(.*)$')
      if not fields then
        fields, endpoint = {}, plain(part)
      elseif sign == '=' then
        fields[name] = plain(value)
      elseif sign == '+' then
        fields[name] = fields[name] or {}
        table.insert(fields[name], plain(value))
      else
        fields[name] = true
      end
    end
    wishes[endpoint] = fields
  end
  if known_count >= 4096 then known, known_count = {}, 0 end
  known[text], known_count = wishes, known_count + 1
  return wishes
end
`;
