import { refuse } from "./errors.ts";
import type { ConverseRequest } from "./schema.ts";

/** What Claude models take in `additionalModelRequestFields`. */
const CLAUDE_FIELDS = new Set([
  "anthropic_beta",
  "context_management",
  "mcp_servers",
  "metadata",
  "output_config",
  "thinking",
  "tool_choice",
  "top_k",
]);
const MIN_BUDGET = 1024;

export const isClaude = (model: string): boolean => model.includes("anthropic.claude");

interface Thinking {
  type?: unknown;
  budget_tokens?: unknown;
}

const thinkingOf = ({ additionalModelRequestFields }: ConverseRequest): Thinking | undefined =>
  additionalModelRequestFields?.thinking as Thinking | undefined;

/** True where the model shows its reasoning. */
export function reasons(request: ConverseRequest): boolean {
  const fields = request.additionalModelRequestFields ?? {};
  const type = thinkingOf(request)?.type;
  const nova = fields.reasoningConfig as { type?: unknown } | undefined;
  return (
    type === "enabled" ||
    type === "adaptive" ||
    nova?.type === "enabled" ||
    typeof fields.reasoning_effort === "string" ||
    (typeof fields.reasoning_config === "string" && fields.reasoning_config !== "none")
  );
}

/** Rules between options, and between an option and the model. @throws {BedrockError} 400 */
export function checkRules(model: string, request: ConverseRequest): void {
  checkTools(request);
  checkFormat(request);
  if (!isClaude(model)) return;
  for (const field of Object.keys(request.additionalModelRequestFields ?? {})) {
    if (!CLAUDE_FIELDS.has(field)) {
      refuse(
        `The model returned the following errors: #: extraneous key [${field}] is not permitted, please reformat your input and try again.`,
      );
    }
  }
  if (reasons(request)) checkThinking(request);
}

function checkTools({ toolConfig, messages }: ConverseRequest): void {
  const usesTools = messages.some(({ content }) =>
    content.some(({ toolUse, toolResult }) => toolUse ?? toolResult),
  );
  if (toolConfig === undefined) {
    if (!usesTools) return;
    refuse(
      "The toolConfig field must be defined when using toolUse and toolResult content blocks.",
    );
  }
  const specs = toolConfig.tools.flatMap(({ toolSpec }) => (toolSpec ? [toolSpec] : []));
  const names = specs.map(({ name }) => name);
  if (new Set(names).size < names.length) {
    refuse("The toolConfig field contains tools with the same name.");
  }
  const chosen = toolConfig.toolChoice?.tool?.name;
  if (chosen !== undefined && !names.includes(chosen)) {
    refuse(`The tool ${chosen} of toolChoice is not among the tools of toolConfig.`);
  }
  specs.forEach(({ inputSchema }, at) => {
    if (inputSchema.json?.type !== "object") {
      refuse(
        `The value at toolConfig.tools.${at}.toolSpec.inputSchema.json.type must be one of the following: object.`,
      );
    }
  });
}

function checkFormat({ outputConfig }: ConverseRequest): void {
  const text = outputConfig?.textFormat?.structure.jsonSchema?.schema;
  if (text === undefined) return;
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch {
    refuse("outputConfig.textFormat.structure.jsonSchema.schema is not valid JSON");
  }
  checkClosed(schema);
}

/** Schemas of structured output close every object. */
function checkClosed(node: unknown): void {
  if (typeof node !== "object" || node === null) return;
  const schema = node as Record<string, unknown>;
  if (schema.type === "object" && schema.additionalProperties !== false) {
    refuse(
      "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false",
    );
  }
  for (const inner of Object.values(schema)) checkClosed(inner);
}

function checkThinking(request: ConverseRequest): void {
  const { inferenceConfig = {}, toolConfig, additionalModelRequestFields = {} } = request;
  const { type, budget_tokens: budget } = thinkingOf(request) ?? {};
  const { maxTokens, temperature } = inferenceConfig;
  if (type === "enabled") {
    if (typeof budget !== "number" || budget < MIN_BUDGET) {
      refuse("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024");
    }
    if (maxTokens !== undefined && maxTokens <= budget) {
      refuse("`max_tokens` must be greater than `thinking.budget_tokens`.");
    }
  }
  if (temperature !== undefined && temperature !== 1) {
    refuse("`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.");
  }
  if (additionalModelRequestFields.top_k !== undefined) {
    refuse("`top_k` must be unset when thinking is enabled or in adaptive mode.");
  }
  const choice = toolConfig?.toolChoice;
  if (choice?.any ?? choice?.tool) {
    refuse("Thinking may not be enabled when tool_choice forces tool use.");
  }
}
