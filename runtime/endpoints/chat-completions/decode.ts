import type { Conversation, OutputFormat, Reasoning } from "../../conversation/conversation.ts";
import { unsupported } from "../../lib/errors.ts";
import { present } from "../../lib/present.ts";
import type { ParsedRequest } from "../endpoint.ts";
import { Field, lostOf } from "../field.ts";
import type { JsonBody } from "../request-body.ts";
import { decodeMessages } from "./decode-messages.ts";
import { decodeTools } from "./decode-tools.ts";

const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const;
const THINKING_MODES = ["enabled", "disabled", "adaptive"] as const;

/** Members that have a place of their own in the internal form, or none because they need none. */
const KNOWN_FIELDS = new Set([
  "model",
  "messages",
  "stream",
  "stream_options",
  "tools",
  "tool_choice",
  "functions",
  "function_call",
  "parallel_tool_calls",
  "max_tokens",
  "max_completion_tokens",
  "temperature",
  "top_p",
  "top_k",
  "stop",
  "seed",
  "frequency_penalty",
  "presence_penalty",
  "n",
  "logprobs",
  "top_logprobs",
  "response_format",
  "reasoning_effort",
  "thinking",
  "user",
  "metadata",
  "service_tier",
  "modalities",
]);

/** @throws {UserError} 422 naming the field that has a wrong type or value */
export function decodeChatRequest({ model, stream, body }: ParsedRequest<JsonBody>): Conversation {
  const root = new Field(body);
  refuseAudioAnswers(root);
  const number = (name: string) => root.get(name).optional((field) => field.number());
  const { tools, toolChoice, otherTools } = decodeTools(root);
  const conversation = {
    model,
    stream,
    ...decodeMessages(root.get("messages")),
    tools,
    ...present({
      toolChoice,
      parallelToolCalls: root.get("parallel_tool_calls").optional((field) => field.boolean()),
      maxTokens: tokenLimit(root),
      temperature: number("temperature"),
      topP: number("top_p"),
      topK: root.get("top_k").optional((field) => field.integer(0)),
      stop: root.get("stop").optional((field) => field.strings()),
      seed: root.get("seed").optional((field) => field.integer()),
      frequencyPenalty: number("frequency_penalty"),
      presencePenalty: number("presence_penalty"),
      candidates: root.get("n").optional((field) => field.integer(1)),
      logprobs: logprobs(root),
      outputFormat: root.get("response_format").optional(outputFormat),
      reasoning: reasoning(root),
      userId: root.get("user").optional((field) => field.string()),
      metadata: root.get("metadata").optional(tags),
      serviceTier: root.get("service_tier").optional((field) => field.string()),
    }),
    vendor: vendorFields(root, otherTools),
  };
  return { ...conversation, ...lostOf(root.unread()) };
}

/** Answers of other protocols have no audio, and one in text alone is not what was asked for. */
function refuseAudioAnswers(root: Field): void {
  const modalities = root.get("modalities").optional((field) => field.items()) ?? [];
  const audio = modalities.find((field) => field.string() === "audio");
  if (audio === undefined) return;
  throw unsupported(
    `${audio.path}: the provider of this model does not answer in audio; ask for text`,
    audio.path,
  );
}

/** `max_tokens` is the older name of the same limit. */
const tokenLimit = (root: Field): number | undefined =>
  root.get("max_completion_tokens").optional((field) => field.integer(1)) ??
  root.get("max_tokens").optional((field) => field.integer(1));

function logprobs(root: Field): Conversation["logprobs"] {
  const wanted = root.get("logprobs").optional((field) => field.boolean()) === true;
  const top = root.get("top_logprobs").optional((field) => field.integer(0));
  return wanted ? present({ top }) : undefined;
}

function outputFormat(field: Field): OutputFormat {
  switch (field.get("type").oneOf(["text", "json_object", "json_schema"])) {
    case "text":
      return { type: "text" };
    case "json_object":
      return { type: "json-object" };
    case "json_schema": {
      const format = field.get("json_schema");
      return {
        type: "json-schema",
        name: format.get("name").nonEmptyString(),
        schema: format.get("schema").optional((schema) => schema.record()) ?? {},
        ...present({
          description: format.get("description").optional((text) => text.string()),
          strict: format.get("strict").optional((flag) => flag.boolean()),
        }),
      };
    }
  }
}

/** OpenAI's scale, and the budget of other vendors that clients put beside it. */
function reasoning(root: Field): Reasoning | undefined {
  const effort = root.get("reasoning_effort").optional((field) => field.oneOf(EFFORTS));
  const thinking = root.get("thinking").optional((field) => ({
    mode: field.get("type").oneOf(THINKING_MODES),
    ...present({
      budgetTokens: field.get("budget_tokens").optional((budget) => budget.integer(0)),
    }),
  }));
  if (effort === undefined) return thinking;
  return thinking === undefined
    ? { mode: effort === "none" ? "disabled" : "enabled", effort }
    : { ...thinking, effort };
}

function tags(field: Field): Record<string, string> {
  const names = Object.keys(field.record());
  return Object.fromEntries(names.map((name) => [name, field.get(name).string()]));
}

function vendorFields(root: Field, otherTools: unknown[]): Record<string, unknown> {
  const vendor = Object.fromEntries(root.others(KNOWN_FIELDS));
  if (otherTools.length > 0) vendor.tools = otherTools;
  const display = root.get("thinking").optional((thinking) => thinking.get("display").value);
  if (typeof display === "string") vendor["thinking.display"] = display;
  return vendor;
}
