import type { Conversation, Tool, ToolChoice } from "../../conversation/conversation.ts";
import { present } from "../../lib/present.ts";
import type { Field } from "../field.ts";
import { jsonSchema } from "./json-schema.ts";
import { member } from "./members.ts";

export interface DecodedTools {
  tools: Tool[];
  toolChoice?: ToolChoice;
  /** Tools that Google runs itself, as clients of other protocols write them: by their type. */
  otherTools: Record<string, unknown>[];
}

export function decodeTools(root: Field): DecodedTools {
  const declared: Tool[] = [];
  const otherTools: Record<string, unknown>[] = [];
  for (const tool of root.get("tools").optional((field) => field.items()) ?? []) {
    const functions = member(tool, "functionDeclarations");
    declared.push(...(functions.optional((field) => field.items()) ?? []).map(decodeFunction));
    for (const [name, options] of Object.entries(tool.record())) {
      const type = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      if (type !== "function_declarations" && options !== null) {
        otherTools.push({ type, [type]: options });
      }
    }
  }
  return { otherTools, ...chosen(declared, root) };
}

function decodeFunction(declaration: Field): Tool {
  const given = member(declaration, "parametersJsonSchema").optional((field) => field.record());
  const own = declaration.get("parameters").optional((field) => jsonSchema(field.record()));
  return {
    name: declaration.get("name").nonEmptyString(),
    inputSchema: given ?? own ?? { type: "object", properties: {} },
    ...present({
      description: declaration.get("description").optional((field) => field.string()),
    }),
  };
}

const MODES = ["MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"] as const;

/** Where only some functions may be called, the model is shown no others. */
function chosen(tools: Tool[], root: Field): Pick<Conversation, "tools" | "toolChoice"> {
  const config = member(root, "toolConfig").optional((field) =>
    member(field, "functionCallingConfig"),
  );
  if (config === undefined || config.absent) return { tools };
  const mode = config.get("mode").optional((field) => field.oneOf(MODES)) ?? "AUTO";
  const allowed = member(config, "allowedFunctionNames").optional((field) =>
    field.items().map((name) => name.string()),
  );
  if (mode === "NONE") return { tools, toolChoice: { type: "none" } };
  if (mode !== "ANY") return { tools, toolChoice: { type: "auto" } };
  if (allowed === undefined || allowed.length === 0) return { tools, toolChoice: { type: "any" } };
  const [only, ...more] = allowed;
  if (only !== undefined && more.length === 0) {
    return { tools, toolChoice: { type: "tool", name: only } };
  }
  return {
    tools: tools.filter(({ name }) => allowed.includes(name)),
    toolChoice: { type: "any" },
  };
}
