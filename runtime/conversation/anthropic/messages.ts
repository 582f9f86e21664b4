import { unprocessable, unsupported } from "../../lib/errors.ts";
import type {
  Cacheable,
  ContentBlock,
  Message,
  TextBlock,
  ToolResultBlock,
} from "../../schemas/anthropic/request.ts";
import type {
  CacheControl,
  Conversation,
  Part,
  TextPart,
  ThinkingPart,
  ToolResultPart,
} from "../conversation.ts";
import { noteDetail } from "../dropped.ts";
import { encodeDocument, encodeImage } from "./media.ts";
import { wireToolName, wireToolUseId } from "./names.ts";

/** Stands where a conversation begins with the assistant, as Anthropic's never do. */
const NOTHING_SAID = "(nothing said yet)";

/** System prompts; Anthropic refuses blank ones. */
export const encodeSystem = (system: readonly TextPart[]): TextBlock[] =>
  system
    .filter(({ text }) => !isBlank(text))
    .map(({ text, cache }) => ({ type: "text", text, ...cacheControl(cache) }));

/**
 * Turns as Anthropic wants them: the user's first, then by turns, so that neighbours of one role
 * become one message, none of them empty, and results of tools ahead of what else is said.
 *
 * @param dropped takes the name of each thing that the model cannot be told
 * @throws {UserError} 422 for parts that Anthropic has no form for
 */
export function encodeMessages({ turns }: Conversation, dropped: Set<string>): Message[] {
  const messages: Message[] = [];
  for (const { role, content } of turns) {
    const blocks = content.flatMap((part) => encodePart(part, role, dropped));
    const last = messages.at(-1);
    if (blocks.length === 0) dropped.add(`messages: an empty ${role} message`);
    else if (last?.role === role) last.content.push(...blocks);
    else messages.push({ role, content: blocks });
  }
  const [first] = messages;
  if (first === undefined) {
    throw unprocessable("Anthropic needs at least one message that is not empty", "messages");
  }
  if (first.role === "assistant") {
    messages.unshift({ role: "user", content: [{ type: "text", text: NOTHING_SAID }] });
  }
  for (const message of messages) putToolResultsFirst(message);
  trimPrefill(messages.at(-1));
  return messages;
}

function encodePart(part: Part, role: Message["role"], dropped: Set<string>): ContentBlock[] {
  switch (part.type) {
    case "text":
      return encodeText(part, role);
    case "refusal":
      return isBlank(part.text) ? [] : [{ type: "text", text: part.text }];
    case "image":
      noteDetail(part, dropped);
      return [{ type: "image", source: encodeImage(part.source), ...cacheControl(part.cache) }];
    case "document":
      return [
        {
          ...encodeDocument(part, (parts) => parts.flatMap(encodeInner)),
          ...cacheControl(part.cache),
        },
      ];
    case "tool-use":
      return [
        {
          type: "tool_use",
          id: wireToolUseId(part.id),
          name: wireToolName(part.name),
          input: isRecord(part.input) ? part.input : { input: part.input },
          ...cacheControl(part.cache),
        },
      ];
    case "tool-result":
      return [encodeToolResult(part)];
    case "thinking":
      return encodeThinking(part, dropped);
    case "redacted-thinking":
      return [{ type: "redacted_thinking", data: part.data }];
    default:
      throw unsupported(`Anthropic does not take parts of type ${part.type}`, "messages");
  }
}

/** Only what the assistant said has citations. */
function encodeText(
  { text, cache, citations = [] }: TextPart,
  role: Message["role"],
): ContentBlock[] {
  if (isBlank(text)) return [];
  const cited = role === "assistant" && citations.length > 0 ? { citations } : {};
  return [{ type: "text", text, ...cited, ...cacheControl(cache) }];
}

/** Claude refuses thinking that it cannot verify, as that of other vendors' models. */
function encodeThinking({ text, signature }: ThinkingPart, dropped: Set<string>): ContentBlock[] {
  if (signature !== undefined) return [{ type: "thinking", thinking: text, signature }];
  dropped.add("messages: thinking without a signature");
  return [];
}

function encodeToolResult(part: ToolResultPart): ToolResultBlock {
  const content = part.content.flatMap(encodeInner);
  return {
    type: "tool_result",
    tool_use_id: wireToolUseId(part.toolUseId),
    ...(content.length === 0 ? {} : { content }),
    ...(part.isError === true ? { is_error: true } : {}),
    ...cacheControl(part.cache),
  };
}

/** What the results of tools and the content of documents are made of. */
function encodeInner(part: Part): ContentBlock[] {
  switch (part.type) {
    case "text":
    case "image":
    case "document":
      return encodePart(part, "user", new Set());
    default:
      throw unsupported(
        `Anthropic does not take a part of type ${part.type} in a tool result or document`,
        "messages",
      );
  }
}

function putToolResultsFirst(message: Message): void {
  const results = message.content.filter(({ type }) => type === "tool_result");
  if (results.length === 0) return;
  message.content = [...results, ...message.content.filter(({ type }) => type !== "tool_result")];
}

/** Anthropic refuses to go on from a text that ends in white space. */
function trimPrefill(last: Message | undefined): void {
  const block = last?.role === "assistant" ? last.content.at(-1) : undefined;
  if (block?.type === "text") block.text = block.text.trimEnd();
}

export const cacheControl = (cache: CacheControl | undefined): Cacheable =>
  cache === undefined
    ? {}
    : {
        cache_control: {
          type: "ephemeral",
          ...(cache.ttl === undefined ? {} : { ttl: cache.ttl }),
        },
      };

const isBlank = (text: string): boolean => text.trim() === "";

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
