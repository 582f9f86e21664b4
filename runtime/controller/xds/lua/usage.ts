import { METADATA_NAMESPACE } from "../../../program/names.ts";
import type { UsageProfile } from "../../compile/plan.ts";

type Rule = UsageProfile["json"][number];

/** Bytes of an answer that are read; what a longer one has used stays unknown. */
const MAX_BYTES = 64 * 1024 * 1024;

const segment = (text: string): string =>
  text.replace(/[%/]/g, (char) => (char === "%" ? "%25" : "%2f"));

/** A rule as one text of a route's wishes: kind of value, metadata key, and the way to the value. */
export const encodeUsageRule = ({ selector, key, text }: Rule): string =>
  [text ? "text" : "number", key, ...selector].map(segment).join("/");

/**
 * Reads usage out of JSON answers while they pass, without parsing more than leads to a number: Envoy's own
 * filter for this, chosen by a matcher as it has to be, takes thrice the time. Needs the scanner and the wishes.
 *
 * `usage_tree(rules)` is what to look for, by member: `{numbers, texts, members}`. `usage_of(s, tree)` is a list
 * of `{key, value}`; empty where the text is no whole JSON object. Of members with one name the last counts.
 */
export const USAGE_LUA = `
local function usage_tree(rules)
  local root = { numbers = {}, texts = {}, members = {} }
  for _, rule in ipairs(rules) do
    local at, kind, key = root, nil, nil
    for part in string.gmatch(rule, '[^/]+') do
      part = plain(part)
      if not kind then
        kind = part
      elseif not key then
        key = part
      else
        at.members[part] = at.members[part] or { numbers = {}, texts = {}, members = {} }
        at = at.members[part]
      end
    end
    table.insert(kind == 'text' and at.texts or at.numbers, key)
  end
  return root
end

local function collect(s, at, tree, out)
  return members(s, at, function(name, from, to)
    local leaf = tree.members[name]
    if not leaf then return end
    local first = byte(s, from)
    if first == 34 then
      for _, key in ipairs(leaf.texts) do out[#out + 1] = { key, unescape(sub(s, from + 1, to - 2)) } end
    elseif first == 123 then
      if next(leaf.members) then collect(s, from, leaf, out) end
    elseif first >= 48 and first <= 57 then
      local number = tonumber(sub(s, from, to - 1))
      if number and number < 9007199254740992 then
        for _, key in ipairs(leaf.numbers) do out[#out + 1] = { key, number } end
      end
    end
  end)
end

local function usage_of(s, tree)
  local out, start, first = {}, next_byte(s, 1)
  if first ~= 123 or not collect(s, start, tree, out) then return {} end
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
