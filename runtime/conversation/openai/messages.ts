import { unsupported } from "../../lib/errors.ts";
import type {
  AssistantMessage,
  AssistantPart,
  ChatMessage,
  TextPart,
  ThinkingBlock,
  ToolCall,
  UserPart,
} from "../../schemas/openai/request.ts";
import type { Conversation, Part, ToolResultPart, Turn } from "../conversation.ts";
import { noteCitations } from "../dropped.ts";
import { encodeAudio, encodeDocument, encodeImage } from "./media.ts";
import type { ModelTraits } from "./models.ts";
import { wireCallId, wireToolName } from "./names.ts";

/** Stands in a tool's message for what only a user's message can show. */
const SHOWN_BELOW = "(The result follows in the next message.)";

/**
 * The messages of a chat: the system prompt, then for each turn of the user first the results of
 * tools, since OpenAI wants them right behind the calls, and then what the user says.
 *
 * @param dropped takes the name of each thing that the model cannot be told
 * @throws {UserError} 422 for parts that OpenAI has no form for
 */
export function encodeMessages(
  { system, turns }: Conversation,
  traits: ModelTraits,
  dropped: Set<string>,
): ChatMessage[] {
  noteCacheControl(system, dropped);
  const prompt = system.map(({ text }) => text).join("\n\n");
  return [
    ...(prompt === "" ? [] : [{ role: "system" as const, content: prompt }]),
    ...turns.flatMap((turn) => {
      noteCacheControl(turn.content, dropped);
      return turn.role === "user"
        ? encodeUserTurn(turn, dropped)
        : [encodeAssistantTurn(turn, traits, dropped)];
    }),
  ];
}

function encodeUserTurn({ content }: Turn, dropped: Set<string>): ChatMessage[] {
  const results: ChatMessage[] = [];
  const shown: UserPart[] = [];
  const said: UserPart[] = [];
  for (const part of content) {
    if (part.type !== "tool-result") {
      said.push(...encodeUserPart(part, dropped));
      continue;
    }
    if (part.isError === true) dropped.add("messages: is_error of a tool result");
    const { message, media } = encodeToolResult(part, dropped);
    results.push(message);
    shown.push(...media);
  }
  const parts = [...shown, ...said];
  if (parts.length === 0) {
    return results.length > 0 ? results : [{ role: "user", content: "" }];
  }
  return [...results, { role: "user", content: onlyText(parts) ?? parts }];
}

function encodeUserPart(part: Part, dropped: Set<string>): UserPart[] {
  switch (part.type) {
    case "text":
      return [{ type: "text", text: part.text }];
    case "image":
      return [encodeImage(part)];
    case "audio":
      return [encodeAudio(part)];
    case "document":
      if (part.citations === true) dropped.add("messages: citations");
      return encodeDocument(part);
    default:
      throw unsupported(
        `OpenAI does not take a part of type ${part.type} in a user message`,
        "messages",
      );
  }
}

/** OpenAI's tools answer in text; pictures and files of a result are shown by the user. */
function encodeToolResult(
  { toolUseId, content }: ToolResultPart,
  dropped: Set<string>,
): { message: ChatMessage; media: UserPart[] } {
  const id = wireCallId(toolUseId);
  const parts = content.flatMap((part) => encodeUserPart(part, dropped));
  const texts = parts.filter((part): part is TextPart => part.type === "text");
  const media = parts.filter(({ type }) => type !== "text");
  if (media.length > 0) texts.push({ type: "text", text: SHOWN_BELOW });
  return {
    message: {
      role: "tool",
      tool_call_id: id,
      content: texts.length === 0 ? "" : (onlyText(texts) ?? texts),
    },
    media:
      media.length === 0 ? [] : [{ type: "text", text: `The result of the call ${id}:` }, ...media],
  };
}

function encodeAssistantTurn(
  { content }: Turn,
  traits: ModelTraits,
  dropped: Set<string>,
): AssistantMessage {
  const said: AssistantPart[] = [];
  const calls: ToolCall[] = [];
  const thinking: ThinkingBlock[] = [];
  for (const part of content) {
    switch (part.type) {
      case "text":
        noteCitations(part, dropped);
        if (part.text !== "") said.push({ type: "text", text: part.text });
        break;
      case "refusal":
        said.push({ type: "refusal", refusal: part.text });
        break;
      case "tool-use":
        calls.push({
          id: wireCallId(part.id),
          type: "function",
          function: { name: wireToolName(part.name), arguments: toolArguments(part.input) },
        });
        break;
      case "thinking":
        thinking.push({
          type: "thinking",
          thinking: part.text,
          ...(part.signature === undefined ? {} : { signature: part.signature }),
        });
        break;
      case "redacted-thinking":
        thinking.push({ type: "redacted_thinking", data: part.data });
        break;
      default:
        throw unsupported(
          `OpenAI does not take a part of type ${part.type} in an assistant message`,
          "messages",
        );
    }
  }
  const told = onlyText(said) ?? (said.length > 0 ? said : undefined);
  return {
    role: "assistant",
    content: told ?? (calls.length > 0 ? null : ""),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    ...encodeThinking(thinking, traits, dropped),
  };
}

/** OpenAI keeps reasoning to itself; the servers like it that show theirs read it back. */
function encodeThinking(
  blocks: readonly ThinkingBlock[],
  { openAi }: ModelTraits,
  dropped: Set<string>,
): Pick<AssistantMessage, "reasoning_content" | "thinking_blocks"> {
  if (blocks.length === 0) return {};
  if (openAi) {
    dropped.add("messages: thinking");
    return {};
  }
  const text = blocks.map((block) => (block.type === "thinking" ? block.thinking : "")).join("");
  const signed = blocks.some((block) => block.type !== "thinking" || block.signature !== undefined);
  return {
    ...(text === "" ? {} : { reasoning_content: text }),
    ...(signed ? { thinking_blocks: [...blocks] } : {}),
  };
}

/** What a model once wrote that was no JSON is kept as the text that it is. */
const toolArguments = (input: unknown): string =>
  typeof input === "string" ? input : JSON.stringify(input ?? {});

/** A single text goes as a string: not every server takes parts. */
function onlyText(parts: readonly { type: string; text?: string }[]): string | undefined {
  const [first] = parts;
  return parts.length === 1 && first?.type === "text" ? first.text : undefined;
}

/** OpenAI caches prompts by itself. */
function noteCacheControl(parts: readonly Part[], dropped: Set<string>): void {
  if (parts.some((part) => "cache" in part && part.cache !== undefined)) {
    dropped.add("cache_control");
  }
}
