import type { Conversation, TextPart, Turn } from "../../conversation/conversation.ts";
import { badRequest, unprocessable } from "../../lib/errors.ts";
import type { ParsedRequest } from "../endpoint.ts";
import type { JsonBody } from "../request-body.ts";
import { decodeBlock, decodeText, textPart } from "./decode-content.ts";
import {
  decodeOutputFormat,
  decodeReasoning,
  decodeToolChoice,
  decodeTools,
} from "./decode-options.ts";
import { count, list, number, object, oneOf, optional, text, textOrList } from "./fields.ts";

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
  if (body.max_tokens === undefined) {
    throw badRequest('the request body has no "max_tokens"', "max_tokens");
  }
  if (body.messages === undefined) {
    throw badRequest('the request body has no "messages"', "messages");
  }
  const { system, turns } = decodeTurns(body.messages);
  const { metadata } = optional("metadata", body.metadata, "metadata", object);
  return {
    model,
    stream,
    system: [...decodeSystem(body.system), ...system],
    turns,
    tools: body.tools == null ? [] : decodeTools(body.tools, "tools"),
    ...(body.tool_choice == null ? {} : decodeToolChoice(body.tool_choice, "tool_choice")),
    maxTokens: count(body.max_tokens, "max_tokens"),
    ...optional("temperature", body.temperature, "temperature", number),
    ...optional("topP", body.top_p, "top_p", number),
    ...optional("topK", body.top_k, "top_k", count),
    ...optional("stop", body.stop_sequences, "stop_sequences", texts),
    ...decodeOutputFormat(body),
    ...decodeReasoning(body),
    ...optional("userId", metadata?.user_id, "metadata.user_id", text),
    ...optional("serviceTier", body.service_tier, "service_tier", text),
    vendor: decodeVendor(body),
  };
}

function decodeSystem(value: unknown): TextPart[] {
  if (value === undefined || value === null || value === "") return [];
  return textOrList(value, "system", textPart, decodeSystemBlock);
}

function decodeSystemBlock(value: unknown, at: string): TextPart {
  const block = object(value, at);
  oneOf(["text"])(block.type, `${at}.type`);
  return decodeText(block, at);
}

/** Instructions in the midst of a conversation join the system prompt: they are heeded throughout. */
function decodeTurns(value: unknown): { system: TextPart[]; turns: Turn[] } {
  const system: TextPart[] = [];
  const turns: Turn[] = [];
  for (const [index, item] of list(value, "messages").entries()) {
    const at = `messages[${index}]`;
    const { role: given, content } = object(item, at);
    const role = oneOf(["user", "assistant", "system"])(given, `${at}.role`);
    if (role === "system") {
      system.push(...textOrList(content, `${at}.content`, textPart, decodeSystemBlock));
    } else {
      turns.push({ role, content: textOrList(content, `${at}.content`, textPart, decodeBlock) });
    }
  }
  if (turns.length === 0) throw unprocessable("messages: at least one is needed", "messages");
  return { system, turns };
}

const texts = (value: unknown, at: string): string[] =>
  list(value, at).map((item, index) => text(item, `${at}[${index}]`));

/** `thinking.display` says what the client is shown, which only Claude can heed. */
function decodeVendor(body: JsonBody): Record<string, unknown> {
  const vendor = Object.fromEntries(
    Object.entries(body).filter(([name, value]) => !KNOWN.has(name) && value !== null),
  );
  const display = (body.thinking as { display?: unknown } | null | undefined)?.display;
  return display == null ? vendor : { ...vendor, "thinking.display": display };
}
