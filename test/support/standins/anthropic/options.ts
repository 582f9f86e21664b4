import { refuse } from "./errors.ts";
import type { CountRequest, MessagesRequest } from "./schema.ts";

/** What models differ in. */
interface Traits {
  /** From Opus 4.7 on there is no temperature, and only adaptive thinking. */
  modern: boolean;
  adaptive: boolean;
  effort: boolean;
  prefill: boolean;
  maxTokens: number;
}

/** @param model its name; on the clouds others stand around it */
export function traits(model: string): Traits {
  const modern = /claude-(opus-4-[78]|(opus|sonnet|haiku|fable|mythos)-[5-9])/.test(model);
  const adaptive = modern || /-4-6/.test(model);
  return {
    modern,
    adaptive,
    effort: adaptive || /opus-4-5/.test(model),
    prefill: !adaptive,
    maxTokens: modern ? 128_000 : 64_000,
  };
}

/** What version 2026-10-21 of the API took away. @throws {AnthropicError} 400 */
export function checkVersion(request: CountRequest, version: string): void {
  if (version < "2026-10-21") return;
  for (const field of ["temperature", "top_p", "top_k"]) {
    if (field in request) refuse(`${field}: Extra inputs are not permitted`);
  }
  request.messages.forEach(({ role, content }, index) => {
    if (typeof content === "string") return;
    content.forEach((block, at) => {
      const where = `messages.${index}.content.${at}`;
      if (role === "assistant" && block.type === "document") {
        refuse(`${where}: \`document\` blocks can only be in \`user\` messages`);
      }
      const texts = block.type === "search_result" ? block.content : [block];
      const cites = texts.some((text) => text.type === "text" && (text.citations ?? []).length > 0);
      if (role === "user" && cites) {
        refuse(`${where}: \`citations\` can only be on \`text\` blocks of \`assistant\` messages`);
      }
    });
  });
}

/** Rules between options, and between an option and the model. @throws {AnthropicError} 400 */
export function checkOptions(request: MessagesRequest): void {
  checkPromptOptions(request);
  checkSampling(request);
  const { maxTokens } = traits(request.model);
  if (request.max_tokens > maxTokens) {
    refuse(
      `max_tokens: ${request.max_tokens} > ${maxTokens}, which is the maximum allowed number of output tokens for ${request.model}`,
    );
  }
  if (
    request.thinking?.type === "enabled" &&
    request.thinking.budget_tokens >= request.max_tokens
  ) {
    refuse("`max_tokens` must be greater than `thinking.budget_tokens`.");
  }
  if (request.stop_sequences?.some((sequence) => sequence.trim() === "")) {
    refuse("stop_sequences: each stop sequence must contain non-whitespace");
  }
}

/** The rules for what counting tokens takes as well. @throws {AnthropicError} 400 */
export function checkPromptOptions(request: CountRequest): void {
  const { tools = [], tool_choice: choice, thinking, output_config: output, model } = request;
  const { adaptive, effort, modern } = traits(model);
  const names = tools.map(({ name }) => name);
  if (new Set(names).size < names.length) refuse("tools: Tool names must be unique.");
  if (choice !== undefined && tools.length === 0) {
    refuse("tool_choice may only be specified while providing tools.");
  }
  if (choice?.type === "tool" && !names.includes(choice.name)) {
    refuse(`Tool '${choice.name}' not found in provided tools`);
  }
  if (thinking?.type === "adaptive" && !adaptive) {
    refuse("adaptive thinking is not supported on this model");
  }
  if (thinking?.type === "enabled" && modern) {
    refuse(
      '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive".',
    );
  }
  if (isThinking(request) && (choice?.type === "any" || choice?.type === "tool")) {
    refuse("Thinking may not be enabled when tool_choice forces tool use.");
  }
  if (output?.effort != null && !effort)
    refuse("This model does not support the effort parameter.");
  if (output?.format != null) checkClosed(output.format.schema);
}

function checkSampling(request: MessagesRequest): void {
  const { temperature, top_p, top_k, model } = request;
  if (traits(model).modern) {
    for (const [field, value] of Object.entries({ temperature, top_p, top_k })) {
      if (value !== undefined) refuse(`\`${field}\` is deprecated for this model.`);
    }
  }
  if (temperature !== undefined && top_p !== undefined) {
    refuse(
      "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
    );
  }
  if (!isThinking(request)) return;
  if (temperature !== undefined && temperature !== 1) {
    refuse("`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.");
  }
  if (top_p !== undefined && top_p < 0.95) {
    refuse(
      "`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled or in adaptive mode.",
    );
  }
  if (top_k !== undefined) {
    refuse("`top_k` must be unset when thinking is enabled or in adaptive mode.");
  }
}

export const isThinking = ({ thinking }: CountRequest): boolean =>
  thinking?.type === "enabled" || thinking?.type === "adaptive";

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
