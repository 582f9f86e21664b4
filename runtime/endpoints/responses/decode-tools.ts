import type { Tool, ToolChoice } from "../../conversation/conversation.ts";
import { unsupported } from "../../lib/errors.ts";
import { present } from "../../lib/present.ts";
import type { Field } from "../field.ts";

const SEARCH = /^web_search/;

/**
 * Tools and the choice among them. A search of the web is what chat completions ask for with
 * `web_search_options`; other tools of OpenAI's servers are left to the provider to take or leave.
 *
 * @param vendor takes those
 */
export function decodeTools(
  root: Field,
  vendor: Record<string, unknown>,
): { tools: Tool[]; toolChoice: ToolChoice | undefined } {
  const tools: Tool[] = [];
  const others: unknown[] = [];
  for (const item of root.get("tools").optional((field) => field.items()) ?? []) {
    const type = item.get("type").nonEmptyString();
    if (type === "function") tools.push(functionTool(item));
    else if (SEARCH.test(type)) vendor.web_search_options = searchOptions(item);
    else if (type === "custom") {
      throw unsupported(
        `${item.path}: the provider of this model has no custom tools; define a function with parameters`,
        item.path,
      );
    } else others.push(item.value);
  }
  if (others.length > 0) vendor.tools = others;
  const choice = root.get("tool_choice").optional((field) => decodeChoice(field, vendor));
  const allowed = choice?.allowed;
  return {
    tools: allowed === undefined ? tools : tools.filter(({ name }) => allowed.has(name)),
    toolChoice: choice?.toolChoice,
  };
}

const functionTool = (item: Field): Tool => ({
  name: item.get("name").nonEmptyString(),
  inputSchema: item.get("parameters").optional((schema) => schema.record()) ?? {
    type: "object",
    properties: {},
  },
  ...present({
    description: item.get("description").optional((text) => text.string()),
    strict: item.get("strict").optional((flag) => flag.boolean()),
  }),
});

function searchOptions(item: Field): Record<string, unknown> {
  const { search_context_size, user_location } = item.record();
  const place = new Map(Object.entries(Object(user_location ?? {})));
  place.delete("type");
  return {
    ...present({ search_context_size: search_context_size ?? undefined }),
    ...(place.size === 0
      ? {}
      : { user_location: { type: "approximate", approximate: Object.fromEntries(place) } }),
  };
}

const WORDS: Readonly<Record<"auto" | "none" | "required", ToolChoice>> = {
  auto: { type: "auto" },
  none: { type: "none" },
  required: { type: "any" },
};

function decodeChoice(
  field: Field,
  vendor: Record<string, unknown>,
): { toolChoice: ToolChoice; allowed?: ReadonlySet<string> } | undefined {
  if (typeof field.value === "string") {
    return { toolChoice: WORDS[field.oneOf(["auto", "none", "required"])] };
  }
  switch (field.get("type").nonEmptyString()) {
    case "function":
      return { toolChoice: { type: "tool", name: field.get("name").nonEmptyString() } };
    case "allowed_tools": {
      const names = field
        .get("tools")
        .items()
        .map((tool) => tool.get("name").string());
      return {
        toolChoice: WORDS[field.get("mode").oneOf(["auto", "required"])],
        allowed: new Set(names),
      };
    }
    default:
      vendor["tool_choice: of a server's tool"] = true;
      return undefined;
  }
}
