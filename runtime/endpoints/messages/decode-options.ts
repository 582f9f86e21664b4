import type {
  Conversation,
  OutputFormat,
  Reasoning,
  Tool,
  ToolChoice,
} from "../../conversation/conversation.ts";
import { unprocessable, unsupported } from "../../lib/errors.ts";
import { decodeCache } from "./decode-content.ts";
import { count, type Fields, flag, list, object, oneOf, optional, text } from "./fields.ts";

/** OpenAI wants a name for a schema, which Anthropic's have not. */
const SCHEMA_NAME = "response";

const readEffort = oneOf(["low", "medium", "high", "xhigh", "max"] as const);

export const decodeTools = (value: unknown, at: string): Tool[] =>
  list(value, at).map((item, index) =>
    decodeTool(object(item, `${at}[${index}]`), `${at}[${index}]`),
  );

function decodeTool(tool: Fields, at: string): Tool {
  const type = text(tool.type ?? "custom", `${at}.type`);
  if (type !== "custom") {
    throw unsupported(
      `${at}.type: the provider of this model has no tool "${type}"; define the tool by a name and an input_schema`,
      `${at}.type`,
    );
  }
  return {
    name: text(tool.name, `${at}.name`),
    ...optional("description", tool.description, `${at}.description`, text),
    inputSchema: object(tool.input_schema, `${at}.input_schema`),
    ...optional("strict", tool.strict, `${at}.strict`, flag),
    ...decodeCache(tool, at),
  };
}

export function decodeToolChoice(
  value: unknown,
  at: string,
): Pick<Conversation, "toolChoice" | "parallelToolCalls"> {
  const choice = object(value, at);
  const type = oneOf(["auto", "any", "tool", "none"])(choice.type, `${at}.type`);
  const toolChoice: ToolChoice =
    type === "tool" ? { type, name: text(choice.name, `${at}.name`) } : { type };
  const where = `${at}.disable_parallel_tool_use`;
  const { disabled } = optional("disabled", choice.disable_parallel_tool_use, where, flag);
  return { toolChoice, ...(disabled === undefined ? {} : { parallelToolCalls: !disabled }) };
}

/** `thinking` and the effort of `output_config`, which both say how much to think. */
export function decodeReasoning({ thinking, output_config }: Fields): { reasoning?: Reasoning } {
  const config = optional("config", output_config, "output_config", object).config;
  const effort = optional("effort", config?.effort, "output_config.effort", readEffort);
  if (thinking === undefined || thinking === null) {
    return effort.effort === undefined ? {} : { reasoning: { mode: "adaptive", ...effort } };
  }
  const { type, budget_tokens } = object(thinking, "thinking");
  const mode = oneOf(["enabled", "disabled", "adaptive", "between_tools"])(type, "thinking.type");
  return {
    reasoning: {
      mode: mode === "between_tools" ? "adaptive" : mode,
      ...(mode === "enabled"
        ? { budgetTokens: count(budget_tokens, "thinking.budget_tokens") }
        : {}),
      ...effort,
    },
  };
}

/** `output_config.format`, or `output_format` as it was called in the beta. */
export function decodeOutputFormat({ output_config, output_format }: Fields): {
  outputFormat?: OutputFormat;
} {
  const config = optional("config", output_config, "output_config", object).config;
  const at = config?.format == null ? "output_format" : "output_config.format";
  return optional("outputFormat", config?.format ?? output_format, at, (value, where) => {
    const format = object(value, where);
    if (format.type !== "json_schema") {
      throw unprocessable(`${where}.type: json_schema is needed`, `${where}.type`);
    }
    return {
      type: "json-schema",
      name: SCHEMA_NAME,
      schema: object(format.schema, `${where}.schema`),
      strict: true,
    };
  });
}
