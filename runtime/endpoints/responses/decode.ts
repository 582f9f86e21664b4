import type { Conversation, OutputFormat, Reasoning } from "../../conversation/conversation.ts";
import { unsupported } from "../../lib/errors.ts";
import { present } from "../../lib/present.ts";
import type { ParsedRequest } from "../endpoint.ts";
import { Field, lostOf } from "../field.ts";
import type { JsonBody } from "../request-body.ts";
import { decodeInput } from "./decode-input.ts";
import { decodeTools } from "./decode-tools.ts";

/** What only the server that keeps earlier responses, prompts and jobs can do. */
const STATEFUL = ["previous_response_id", "conversation", "prompt"];
const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const;

/** Fields that are read here, or ask for what happens anyway. */
const KNOWN_FIELDS = new Set([
  "background",
  "include",
  "input",
  "instructions",
  "max_output_tokens",
  "metadata",
  "model",
  "parallel_tool_calls",
  "reasoning",
  "service_tier",
  "stream",
  "stream_options",
  "temperature",
  "text",
  "tool_choice",
  "tools",
  "top_logprobs",
  "top_p",
  "user",
  ...STATEFUL,
]);

/** What happens anyway, where somebody else than OpenAI answers. */
const AS_IT_IS: Readonly<Record<string, unknown>> = { store: false, truncation: "disabled" };

/** @throws {UserError} 422 with the field that is wrong, or that needs a server with a memory */
export function decodeResponsesRequest({
  model,
  stream,
  body,
}: ParsedRequest<JsonBody>): Conversation {
  const root = new Field(body);
  refuseStateful(root);
  const vendor = vendorFields(root);
  const { system, turns } = decodeInput(root, vendor);
  const { tools, toolChoice } = decodeTools(root, vendor);
  const number = (name: string) => root.get(name).optional((field) => field.number());
  const conversation = {
    model,
    stream,
    system,
    turns,
    tools,
    vendor,
    ...present({
      toolChoice,
      parallelToolCalls: root.get("parallel_tool_calls").optional((field) => field.boolean()),
      maxTokens: root.get("max_output_tokens").optional((field) => field.integer(1)),
      temperature: number("temperature"),
      topP: number("top_p"),
      logprobs: logprobs(root),
      outputFormat: root.get("text").optional((text) => text.get("format").optional(outputFormat)),
      reasoning: root.get("reasoning").optional(reasoning),
      userId: root.get("user").optional((field) => field.string()),
      metadata: root.get("metadata").optional(tags),
      serviceTier: root.get("service_tier").optional((field) => field.string()),
    }),
  };
  const lost = [...root.unread().filter(isMeaningful), ...lostIncludes(root)];
  return { ...conversation, ...lostOf(lost) };
}

/** Items say what they are called and whether they are complete, which is for servers that keep them. */
const isMeaningful = (path: string): boolean => !/^input\[\]\.(id|status)$/.test(path);

const INCLUDES = new Set(["reasoning.encrypted_content", "message.output_text.logprobs"]);

const lostIncludes = (root: Field): string[] =>
  (root.get("include").optional((field) => field.items()) ?? []).flatMap((field) =>
    INCLUDES.has(String(field.value)) ? [] : [`include: ${field.string()}`],
  );

function refuseStateful(root: Field): void {
  for (const name of STATEFUL) {
    if (root.get(name).absent) continue;
    throw unsupported(
      `${name}: the provider of this model keeps nothing; send the whole conversation as input`,
      name,
    );
  }
  if (root.get("background").optional((field) => field.boolean()) === true) {
    throw unsupported(
      "background: the provider of this model answers at once or not",
      "background",
    );
  }
}

function logprobs(root: Field): Conversation["logprobs"] {
  const top = root.get("top_logprobs").optional((field) => field.integer(0));
  const asked = (root.get("include").optional((field) => field.items()) ?? []).some(
    ({ value }) => value === "message.output_text.logprobs",
  );
  return asked || (top ?? 0) > 0 ? present({ top }) : undefined;
}

function outputFormat(format: Field): OutputFormat {
  switch (format.get("type").oneOf(["text", "json_object", "json_schema"])) {
    case "text":
      return { type: "text" };
    case "json_object":
      return { type: "json-object" };
    case "json_schema":
      return {
        type: "json-schema",
        name: format.get("name").nonEmptyString(),
        schema: format.get("schema").record(),
        ...present({
          description: format.get("description").optional((text) => text.string()),
          strict: format.get("strict").optional((flag) => flag.boolean()),
        }),
      };
  }
}

function reasoning(field: Field): Reasoning | undefined {
  // What is thought is always shown.
  field.get("summary");
  const effort = field.get("effort").optional((value) => value.oneOf(EFFORTS));
  if (effort === undefined) return undefined;
  return { mode: effort === "none" ? "disabled" : "enabled", effort };
}

function tags(field: Field): Record<string, string> {
  const names = Object.keys(field.record());
  return Object.fromEntries(names.map((name) => [name, field.get(name).string()]));
}

function vendorFields(root: Field): Record<string, unknown> {
  const vendor = Object.fromEntries(
    root.others(KNOWN_FIELDS).filter(([name, value]) => value !== AS_IT_IS[name]),
  );
  const verbosity = root.get("text").optional((text) => text.get("verbosity").value);
  if (typeof verbosity === "string") vendor.verbosity = verbosity;
  return vendor;
}
