import type {
  Conversation,
  OutputFormat,
  Reasoning,
  Tool,
} from "../../conversation/conversation.ts";
import { unsupported } from "../../lib/errors.ts";
import { present } from "../../lib/present.ts";
import type { Field } from "../field.ts";
import { decodeCache } from "./decode-content.ts";

/** OpenAI wants a name for a schema, which Anthropic's have not. */
const SCHEMA_NAME = "response";

export function decodeTool(tool: Field): Tool {
  const type = tool.get("type").optional((field) => field.string()) ?? "custom";
  if (type !== "custom") {
    const { path } = tool.get("type");
    throw unsupported(
      `${path}: the provider of this model has no tool "${type}"; define the tool by a name and an input_schema`,
      path,
    );
  }
  return {
    name: tool.get("name").nonEmptyString(),
    inputSchema: tool.get("input_schema").record(),
    ...present({
      description: tool.get("description").optional((field) => field.string()),
      strict: tool.get("strict").optional((field) => field.boolean()),
      cache: decodeCache(tool),
    }),
  };
}

export function decodeToolChoice(
  choice: Field,
): Pick<Conversation, "toolChoice" | "parallelToolCalls"> {
  const type = choice.get("type").oneOf(["auto", "any", "tool", "none"]);
  const one = choice.get("disable_parallel_tool_use").optional((field) => field.boolean());
  return {
    toolChoice: type === "tool" ? { type, name: choice.get("name").nonEmptyString() } : { type },
    ...present({ parallelToolCalls: one === undefined ? undefined : !one }),
  };
}

/** `thinking` and the effort of `output_config`, which both say how much to think. */
export function decodeReasoning(root: Field): Reasoning | undefined {
  const effort = root
    .get("output_config")
    .optional((config) =>
      config
        .get("effort")
        .optional((field) => field.oneOf(["low", "medium", "high", "xhigh", "max"])),
    );
  const thinking = root.get("thinking");
  if (thinking.absent) return effort === undefined ? undefined : { mode: "adaptive", effort };
  switch (thinking.get("type").oneOf(["enabled", "disabled", "adaptive", "between_tools"])) {
    case "enabled":
      return {
        mode: "enabled",
        budgetTokens: thinking.get("budget_tokens").integer(1),
        ...present({ effort }),
      };
    case "disabled":
      return { mode: "disabled", ...present({ effort }) };
    default:
      return { mode: "adaptive", ...present({ effort }) };
  }
}

/** `output_config.format`, or `output_format` as it was called in the beta. */
export function decodeOutputFormat(root: Field): OutputFormat | undefined {
  const current = root.get("output_config").optional((config) => config.get("format"));
  const format = current === undefined || current.absent ? root.get("output_format") : current;
  return format.optional((given) => {
    given.get("type").oneOf(["json_schema"]);
    // Not strict: OpenAI would refuse schemas with optional members then, which Anthropic takes.
    return { type: "json-schema", name: SCHEMA_NAME, schema: given.get("schema").record() };
  });
}
