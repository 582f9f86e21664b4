import type { Tool, ToolChoice } from "../../conversation/conversation.ts";
import { unsupported } from "../../lib/errors.ts";
import { present } from "../../lib/present.ts";
import type { Field } from "../field.ts";
import { cacheControl } from "./decode-parts.ts";

interface DecodedTools {
  tools: Tool[];
  toolChoice: ToolChoice | undefined;
  /** Tools of other types than function, which some vendors carry out themselves; as they came. */
  otherTools: unknown[];
}

/** Tools and the choice among them, from the present fields and from those of before tools. */
export function decodeTools(root: Field): DecodedTools {
  const tools: Tool[] = [];
  const otherTools: unknown[] = [];
  for (const item of root.get("tools").optional((field) => field.items()) ?? []) {
    const type = item.get("type");
    switch (type.nonEmptyString()) {
      case "function":
        tools.push(functionTool(item.get("function"), item));
        break;
      case "custom":
        throw unsupported(
          `${type.path}: the provider of this model has no custom tools; define a function with parameters`,
          type.path,
        );
      default:
        otherTools.push(item.value);
    }
  }
  for (const item of root.get("functions").optional((field) => field.items()) ?? []) {
    tools.push(functionTool(item, item));
  }

  const choice =
    root.get("tool_choice").optional(decodeChoice) ??
    root.get("function_call").optional(legacyChoice);
  const allowed = choice?.allowed;
  return {
    tools: allowed === undefined ? tools : tools.filter(({ name }) => allowed.has(name)),
    toolChoice: choice?.toolChoice,
    otherTools,
  };
}

export function functionTool(field: Field, outer: Field): Tool {
  return {
    name: field.get("name").nonEmptyString(),
    inputSchema: field.get("parameters").optional((schema) => schema.record()) ?? {
      type: "object",
      properties: {},
    },
    ...present({
      description: field.get("description").optional((text) => text.string()),
      strict: field.get("strict").optional((flag) => flag.boolean()),
      cache: cacheControl(field) ?? cacheControl(outer),
    }),
  };
}

interface DecodedChoice {
  toolChoice: ToolChoice;
  /** Names of the tools that may be used, where the client allows only some. */
  allowed?: ReadonlySet<string>;
}

const WORDS: Readonly<Record<"auto" | "none" | "required", ToolChoice>> = {
  auto: { type: "auto" },
  none: { type: "none" },
  required: { type: "any" },
};

function decodeChoice(field: Field): DecodedChoice {
  if (typeof field.value === "string") {
    return { toolChoice: WORDS[field.oneOf(["auto", "none", "required"])] };
  }
  if (field.get("type").oneOf(["function", "allowed_tools"]) === "function") {
    return named(field.get("function"));
  }
  const { mode, names } = allowedTools(field.get("allowed_tools"));
  return { toolChoice: WORDS[mode], allowed: names };
}

function allowedTools(field: Field): { mode: "auto" | "required"; names: Set<string> } {
  const names = field
    .get("tools")
    .items()
    .map((tool) => tool.get("function").get("name").string());
  return { mode: field.get("mode").oneOf(["auto", "required"]), names: new Set(names) };
}

const legacyChoice = (field: Field): DecodedChoice =>
  typeof field.value === "string"
    ? { toolChoice: WORDS[field.oneOf(["auto", "none"])] }
    : named(field);

const named = (field: Field): DecodedChoice => ({
  toolChoice: { type: "tool", name: field.get("name").nonEmptyString() },
});
