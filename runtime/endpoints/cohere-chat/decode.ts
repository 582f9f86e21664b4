import type {
  Conversation,
  OutputFormat,
  Reasoning,
  ToolChoice,
} from "../../conversation/conversation.ts";
import { present } from "../../lib/present.ts";
import { functionTool } from "../chat-completions/decode-tools.ts";
import type { ParsedRequest } from "../endpoint.ts";
import { Field, lostOf } from "../field.ts";
import type { JsonBody } from "../request-body.ts";
import { decodeDocuments } from "./decode-documents.ts";
import { decodeMessages } from "./decode-messages.ts";

/** Members that have a place of their own in the internal form. */
const KNOWN_FIELDS = new Set([
  "citation_options",
  "documents",
  "frequency_penalty",
  "k",
  "logprobs",
  "max_tokens",
  "messages",
  "model",
  "p",
  "presence_penalty",
  "response_format",
  "seed",
  "stop_sequences",
  "stream",
  "strict_tools",
  "temperature",
  "thinking",
  "tool_choice",
  "tools",
]);

/** @throws {UserError} 422 naming the field that has a wrong type or value */
export function decodeCohereChat({ model, stream, body }: ParsedRequest<JsonBody>): Conversation {
  const root = new Field(body);
  const number = (name: string) => root.get(name).optional((field) => field.number());
  const { system, turns } = decodeMessages(root.get("messages"));
  const documents = decodeDocuments(root);
  // They are about what the user says last.
  if (documents.length > 0) {
    const last = turns.at(-1);
    if (last?.role === "user") last.content.unshift(...documents);
    else turns.push({ role: "user", content: documents });
  }
  const strict = root.get("strict_tools").optional((flag) => flag.boolean());
  const conversation = {
    model,
    stream,
    system,
    turns,
    tools: (root.get("tools").optional((tools) => tools.items()) ?? []).map((item) => ({
      ...functionTool(item.get("function"), item),
      ...(strict === true ? { strict } : {}),
    })),
    ...present({
      toolChoice: root.get("tool_choice").optional(toolChoice),
      maxTokens: root.get("max_tokens").optional((field) => field.integer(1)),
      temperature: number("temperature"),
      topP: number("p"),
      topK: root.get("k").optional((field) => field.integer(0)),
      stop: root
        .get("stop_sequences")
        .optional((list) => list.items().map((item) => item.string())),
      seed: root.get("seed").optional((field) => field.integer()),
      frequencyPenalty: number("frequency_penalty"),
      presencePenalty: number("presence_penalty"),
      logprobs: root.get("logprobs").optional((flag) => flag.boolean()) === true ? {} : undefined,
      outputFormat: root.get("response_format").optional(outputFormat),
      reasoning: root.get("thinking").optional(reasoning),
    }),
    vendor: Object.fromEntries(root.others(KNOWN_FIELDS)),
  };
  return { ...conversation, ...lostOf(root.unread()) };
}

const toolChoice = (field: Field): ToolChoice =>
  field.oneOf(["REQUIRED", "NONE"]) === "REQUIRED" ? { type: "any" } : { type: "none" };

function outputFormat(field: Field): OutputFormat {
  if (field.get("type").oneOf(["text", "json_object"]) === "text") return { type: "text" };
  const schema = field.get("json_schema").optional((object) => object.record());
  return schema === undefined
    ? { type: "json-object" }
    : { type: "json-schema", name: "answer", schema };
}

const reasoning = (field: Field): Reasoning => ({
  mode: field.get("type").oneOf(["enabled", "disabled"]),
  ...present({
    budgetTokens: field.get("token_budget").optional((budget) => budget.integer(1)),
  }),
});
