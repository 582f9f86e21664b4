import type {
  CacheControl,
  Conversation,
  Part,
  TextPart,
  ThinkingPart,
  ToolResultPart,
  Turn,
} from "../../conversation/conversation.ts";
import { noteDetail } from "../../conversation/dropped.ts";
import { unprocessable, unsupported } from "../../lib/errors.ts";
import type {
  CachePoint,
  ContentBlock,
  Message,
  SystemBlock,
  ToolResultContent,
} from "../../schemas/bedrock/request.ts";
import { fromAnthropicCitation } from "./citations.ts";
import { encodeAudio, encodeDocument, encodeImage, encodeVideo } from "./media.ts";
import type { ModelTraits } from "./models.ts";
import { documentNames, wireToolName, wireToolUseId } from "./names.ts";

/** What encoding a part needs to know of the request around it. */
interface Scope {
  traits: ModelTraits;
  nameDocument: (title: string | undefined) => string;
  dropped: Set<string>;
}

/** Converse refuses a tool result without content. */
const NO_OUTPUT = "(no output)";

/** System prompts with their cache points. Converse refuses blank ones. */
export const encodeSystem = (system: readonly TextPart[]): SystemBlock[] =>
  system.flatMap((part): SystemBlock[] =>
    isBlank(part.text) ? [] : [{ text: part.text }, ...cachePoint(part.cache)],
  );

/**
 * Turns as Converse wants them: user and assistant by turns, so that neighbours of one role become
 * one message, and none of them empty.
 *
 * @param dropped takes the name of each thing that the model cannot be told
 * @throws {UserError} 422 for parts that Converse has no form for
 */
export function encodeMessages(
  { turns }: Conversation,
  traits: ModelTraits,
  dropped: Set<string>,
): Message[] {
  const scope: Scope = { traits, nameDocument: documentNames(), dropped };
  const messages: Message[] = [];
  for (const turn of turns) {
    const content = turn.content.flatMap((part) => encodePart(part, scope));
    const last = messages.at(-1);
    if (content.length === 0) dropped.add(`messages: an empty ${turn.role} message`);
    else if (last?.role === turn.role) last.content.push(...content);
    else messages.push({ role: turn.role, content });
  }
  if (messages.length === 0) {
    throw unprocessable(
      "AWS Bedrock needs at least one user message that is not empty",
      "messages",
    );
  }
  for (const message of messages) addTextBesideDocuments(message);
  return messages;
}

/** True where a turn uses tools or answers a tool use. */
export const usesTools = ({ content }: Turn): boolean =>
  content.some(({ type }) => type === "tool-use" || type === "tool-result");

function encodePart(part: Part, scope: Scope): ContentBlock[] {
  switch (part.type) {
    case "text":
      return isBlank(part.text) ? [] : [encodeText(part), ...cachePoint(part.cache)];
    case "refusal":
      return isBlank(part.text) ? [] : [{ text: part.text }];
    case "image":
      noteDetail(part, scope.dropped);
      return [{ image: encodeImage(part.source) }, ...cachePoint(part.cache)];
    case "audio":
      return [{ audio: encodeAudio(part.source) }];
    case "video":
      return [{ video: encodeVideo(part.source) }];
    case "document":
      return [
        { document: encodeDocument(part, scope.nameDocument(part.title)) },
        ...cachePoint(part.cache),
      ];
    case "tool-use":
      return [
        {
          toolUse: {
            toolUseId: wireToolUseId(part.id),
            name: wireToolName(part.name),
            input: toolInput(part.input),
          },
        },
        ...cachePoint(part.cache),
      ];
    case "tool-result":
      return [encodeToolResult(part, scope), ...cachePoint(part.cache)];
    case "thinking":
      return encodeThinking(part, scope);
    case "redacted-thinking":
      return [{ reasoningContent: { redactedContent: part.data } }];
  }
}

function encodeText({ text, citations = [] }: TextPart): ContentBlock {
  const known = citations.flatMap((citation) => fromAnthropicCitation(citation) ?? []);
  return known.length === 0
    ? { text }
    : { citationsContent: { content: [{ text }], citations: known } };
}

/** Models take objects only; a client's history can hold anything that a model once wrote. */
function toolInput(input: unknown): object {
  if (typeof input === "object" && input !== null && !Array.isArray(input)) return input;
  return input === undefined || input === null ? {} : { value: input };
}

/** Claude refuses thinking that it cannot verify; other models have no signatures. */
function encodeThinking({ text, signature }: ThinkingPart, scope: Scope): ContentBlock[] {
  if (signature === undefined && scope.traits.family === "claude") {
    scope.dropped.add("messages: thinking without a signature");
    return [];
  }
  const reasoningText = { text, ...(signature === undefined ? {} : { signature }) };
  return [{ reasoningContent: { reasoningText } }];
}

function encodeToolResult(part: ToolResultPart, scope: Scope): ContentBlock {
  const content = part.content.flatMap((item) => encodeToolResultContent(item, scope));
  return {
    toolResult: {
      toolUseId: wireToolUseId(part.toolUseId),
      content: content.length === 0 ? [{ text: NO_OUTPUT }] : content,
      ...(part.isError === true ? { status: "error" } : {}),
    },
  };
}

function encodeToolResultContent(part: Part, scope: Scope): ToolResultContent[] {
  switch (part.type) {
    case "text":
      return isBlank(part.text) ? [] : [{ text: part.text }];
    case "image":
      return [{ image: encodeImage(part.source) }];
    case "video":
      return [{ video: encodeVideo(part.source) }];
    case "document":
      return [{ document: encodeDocument(part, scope.nameDocument(part.title)) }];
    default:
      throw unsupported(
        `AWS Bedrock does not take a part of type ${part.type} in a tool result`,
        "messages",
      );
  }
}

/** Converse refuses a message that has a document and no text. */
function addTextBesideDocuments({ content }: Message): void {
  const documents = content.flatMap((block) => ("document" in block ? [block.document.name] : []));
  if (documents.length > 0 && !content.some((block) => "text" in block)) {
    content.push({ text: documents.join(", ") });
  }
}

/** Five minutes is what a cache point without a time stands for; older models know no other. */
export const cachePoint = (cache: CacheControl | undefined): { cachePoint: CachePoint }[] =>
  cache === undefined
    ? []
    : [{ cachePoint: { type: "default", ...(cache.ttl === "1h" ? { ttl: "1h" } : {}) } }];

const isBlank = (text: string): boolean => text.trim() === "";
