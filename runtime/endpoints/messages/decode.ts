import type { Conversation, TextPart, Turn } from "../../conversation/conversation.ts";
import { badRequest } from "../../lib/errors.ts";
import { present } from "../../lib/present.ts";
import type { ParsedRequest } from "../endpoint.ts";
import { Field, lostOf } from "../field.ts";
import type { JsonBody } from "../request-body.ts";
import { decodeContent, decodeTexts } from "./decode-content.ts";
import {
  decodeOutputFormat,
  decodeReasoning,
  decodeTool,
  decodeToolChoice,
} from "./decode-options.ts";

/** Fields that the internal form has a place for; all others go into `vendor`. */
const KNOWN = new Set([
  "model",
  "stream",
  "messages",
  "system",
  "max_tokens",
  "tools",
  "tool_choice",
  "thinking",
  "output_config",
  "output_format",
  "stop_sequences",
  "temperature",
  "top_p",
  "top_k",
  "metadata",
  "service_tier",
]);

/** @throws {UserError} 400 or 422, naming the field at fault. */
export function decodeMessages({ model, stream, body }: ParsedRequest<JsonBody>): Conversation {
  const root = new Field(body);
  const { system, turns } = decodeTurns(required(root, "messages"));
  const conversation = {
    model,
    stream,
    system: [...(root.get("system").optional(decodeTexts) ?? []), ...system].filter(
      ({ text }) => text !== "",
    ),
    turns,
    tools: root.get("tools").optional((tools) => tools.items().map(decodeTool)) ?? [],
    ...root.get("tool_choice").optional(decodeToolChoice),
    maxTokens: required(root, "max_tokens").integer(0),
    ...present({
      temperature: root.get("temperature").optional((field) => field.number()),
      topP: root.get("top_p").optional((field) => field.number()),
      topK: root.get("top_k").optional((field) => field.integer(0)),
      stop: root
        .get("stop_sequences")
        .optional((list) => list.items().map((field) => field.string())),
      outputFormat: decodeOutputFormat(root),
      reasoning: decodeReasoning(root),
      userId: root
        .get("metadata")
        .optional((metadata) => metadata.get("user_id").optional((field) => field.string())),
      serviceTier: root.get("service_tier").optional((field) => field.string()),
    }),
    vendor: decodeVendor(root),
  };
  return { ...conversation, ...lostOf(root.unread()) };
}

function required(root: Field, name: string): Field {
  const field = root.get(name);
  if (field.absent) throw badRequest(`the request body has no "${name}"`, name);
  return field;
}

/** Instructions in the midst of a conversation join the system prompt: they are heeded throughout. */
function decodeTurns(messages: Field): { system: TextPart[]; turns: Turn[] } {
  const system: TextPart[] = [];
  const turns: Turn[] = [];
  for (const message of messages.items()) {
    const role = message.get("role").oneOf(["user", "assistant", "system"]);
    const content = message.get("content");
    if (role === "system") system.push(...decodeTexts(content));
    else turns.push({ role, content: decodeContent(content) });
  }
  if (turns.length === 0) throw messages.wrong("at least one message of the user's");
  return { system, turns };
}

/** `thinking.display` says what the client is shown, which only Claude can heed. */
function decodeVendor(root: Field): Record<string, unknown> {
  const vendor = Object.fromEntries(root.others(KNOWN));
  const display = root.get("thinking").optional((thinking) => thinking.get("display"));
  return display === undefined || display.absent
    ? vendor
    : { ...vendor, "thinking.display": display.value };
}
