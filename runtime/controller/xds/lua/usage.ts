import { METADATA_NAMESPACE, USAGE_KEYS, USAGE_TEXT_KEY } from "../../../program/names.ts";
import type { UsageProfile } from "../../compile/plan.ts";

type Rule = UsageProfile["json"][number];

/** Bytes of an answer that are read; what a longer one has used stays unknown. */
const MAX_BYTES = 64 * 1024 * 1024;

const segment = (text: string): string =>
  text.replace(/[%/ ]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);

const FIELD_OF_KEY = new Map(Object.entries(USAGE_KEYS).map(([field, key]) => [key, field]));

function encodeRule({ selector, key, text }: Rule): string {
  const field = FIELD_OF_KEY.get(key);
  const kind = field === undefined ? (text ? "text" : "number") : text ? "model" : "count";
  return [kind, field ?? key, ...selector].map(segment).join("/");
}

/**
 * Rules as one text of a route's wishes. Each says the kind of the value, the key, and the way to it. What is for
 * accounting alone has kinds of its own, since Envoy takes its time for each key that is set.
 */
export const encodeUsageRules = (rules: readonly Rule[]): string => rules.map(encodeRule).join(" ");

/**
 * Reads usage out of JSON answers while they pass, without parsing more than leads to a number: Envoy's own
 * filter for this, chosen by a matcher as it has to be, takes thrice the time. Needs the scanner and the wishes.
 *
 * `usage_tree(rules)` is what to look for, by member. `usage_of(s, tree)` is a list of `{key, value}`, of which the last
 * is what accounting wants, as `usageText` would write it; empty where the text is no whole JSON object. Of
 * members with one name the last counts.
 */
export const USAGE_LUA = `
local function node() return { number = {}, text = {}, count = {}, model = {}, members = {} } end

local trees, tree_count = {}, 0

local function usage_tree(rules)
  local root = trees[rules]
  if root then return root end
  root = node()
  for rule in string.gmatch(rules, '[^ ]+') do
    local at, kind, key = root, nil, nil
    for part in string.gmatch(rule, '[^/]+') do
      part = plain(part)
      if not kind then
        kind = part
      elseif not key then
        key = part
      else
        at.members[part] = at.members[part] or node()
        at = at.members[part]
      end
    end
    table.insert(at[kind], key)
  end
  if tree_count >= 1024 then trees, tree_count = {}, 0 end
  trees[rules], tree_count = root, tree_count + 1
  return root
end

local function collect(s, at, count, tree, out)
  local last, finish = index(s, at, count)
  for i = count + 1, last or count do
    local leaf = tree.members[name_of(s, i)]
    if leaf then
      local first = byte(s, values[i])
      if first == 34 then
        local text = unescape(sub(s, values[i] + 1, value_ends[i] - 2))
        for _, name in ipairs(leaf.text) do out[#out + 1] = { name, text } end
        if leaf.model[1] then out.model = text end
      elseif first == 123 then
        if next(leaf.members) then collect(s, values[i], last, leaf, out) end
      elseif first >= 48 and first <= 57 then
        local text = text_of(s, i)
        local number = tonumber(text)
        if number and number < 9007199254740992 then
          for _, name in ipairs(leaf.number) do out[#out + 1] = { name, number } end
          for _, name in ipairs(leaf.count) do out.counts = out.counts .. name .. '=' .. text .. ' ' end
        end
      end
    end
  end
  return finish
end

local function usage_of(s, tree)
  local out, start, first = { counts = '' }, next_byte(s, 1)
  if first ~= 123 or not collect(s, start, 0, tree, out) then return {} end
  local text = out.counts
  if out.model then text = text .. 'model=' .. gsub(out.model, '%c', ' ') end
  if text ~= '' then out[#out + 1] = { '${USAGE_TEXT_KEY}', text } end
  return out
end

local function read_usage(handle, tree)
  local parts, size = {}, 0
  for chunk in handle:bodyChunks() do
    local length = chunk:length()
    size = size + length
    if size > ${MAX_BYTES} then return end
    parts[#parts + 1] = chunk:getBytes(0, length)
  end
  local found = usage_of(#parts == 1 and parts[1] or table.concat(parts), tree)
  if #found == 0 then return end
  local metadata = handle:streamInfo():dynamicMetadata()
  for _, entry in ipairs(found) do metadata:set('${METADATA_NAMESPACE}', entry[1], entry[2]) end
end
`;
