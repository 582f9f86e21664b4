import type {
  Conversation,
  Part,
  ToolResultPart,
  Turn,
} from "../../../conversation/conversation.ts";
import { noteCitations } from "../../../conversation/dropped.ts";
import { readSignature } from "../../../conversation/signatures.ts";
import { unprocessable, unsupported } from "../../../lib/errors.ts";
import type {
  AssistantMessage,
  CohereDocument,
  CohereMessage,
  TextContent,
  ToolContent,
  UserContent,
} from "../../../schemas/cohere/request.ts";
import { citedDocument, documentId, inlineDocument } from "./documents.ts";
import { wireToolName } from "./names.ts";

/** Stands in a tool's message for what only a user's message can show. */
const SHOWN_BELOW = "(The result follows in the next message.)";
const NO_OUTPUT = "(no output)";

export interface EncodedMessages {
  messages: CohereMessage[];
  /** What the user wants to see cited; the messages speak of it by title. */
  documents: CohereDocument[];
}

/**
 * The messages of a chat: the system's prompt, then for each turn of the user first the results of
 * tools, each a message of its own, and then what the user says.
 *
 * @param dropped takes the name of each thing that the model cannot be told
 * @throws {UserError} 422 for parts that Cohere has no form for
 */
export function encodeMessages(
  { system, turns }: Conversation,
  dropped: Set<string>,
): EncodedMessages {
  noteCaching(system, dropped);
  const documents: CohereDocument[] = [];
  const prompt = system.map(({ text }) => text).join("\n\n");
  const said = turns.flatMap((turn) => {
    noteCaching(turn.content, dropped);
    const messages =
      turn.role === "user"
        ? encodeUserTurn(turn, documents, dropped)
        : encodeAssistantTurn(turn, dropped);
    if (messages.length === 0) dropped.add(`messages: an empty ${turn.role} message`);
    return messages;
  });
  if (said.length === 0) {
    throw unprocessable("Cohere needs at least one message that is not empty", "messages");
  }
  return {
    messages: [...(prompt === "" ? [] : [{ role: "system" as const, content: prompt }]), ...said],
    documents,
  };
}

function encodeUserTurn(
  { content }: Turn,
  documents: CohereDocument[],
  dropped: Set<string>,
): CohereMessage[] {
  const results: CohereMessage[] = [];
  const shown: UserContent[] = [];
  const said: UserContent[] = [];
  for (const part of content) {
    if (part.type === "tool-result") {
      const { message, media } = encodeToolResult(part, dropped);
      results.push(message);
      shown.push(...media);
    } else if (part.type === "document" && part.citations === true) {
      documents.push(citedDocument(part, documentId(documents.length)));
      said.push({ type: "text", text: part.title || `document ${documents.length}` });
    } else {
      said.push(...encodeUserPart(part));
    }
  }
  const parts = [...shown, ...said];
  return parts.length === 0
    ? results
    : [...results, { role: "user", content: onlyText(parts) ?? parts }];
}

function encodeUserPart(part: Part): UserContent[] {
  switch (part.type) {
    case "text":
    case "refusal":
      return part.text === "" ? [] : [{ type: "text", text: part.text }];
    case "image": {
      const { source, detail } = part;
      if (source.kind === "file") {
        throw unsupported(
          `Cohere does not know the file "${source.fileId}": send the image inline in base64, or by a URL`,
          "messages",
        );
      }
      const url =
        source.kind === "url" ? source.url : `data:${source.mediaType};base64,${source.data}`;
      return [
        { type: "image_url", image_url: { url, ...(detail === undefined ? {} : { detail }) } },
      ];
    }
    case "document":
      return [{ type: "text", text: inlineDocument(part) }];
    default:
      throw unsupported(
        `Cohere does not take a part of type ${part.type} in a user message`,
        "messages",
      );
  }
}

/** Tools answer in texts and documents; pictures of a result are shown by the user. */
function encodeToolResult(
  { toolUseId, content, isError }: ToolResultPart,
  dropped: Set<string>,
): { message: CohereMessage; media: UserContent[] } {
  if (isError === true) dropped.add("messages: is_error of a tool result");
  const told: ToolContent[] = [];
  const media: UserContent[] = [];
  for (const part of content) {
    if (part.type === "document") {
      told.push({ type: "document", document: citedDocument(part) });
      continue;
    }
    for (const encoded of encodeUserPart(part)) {
      if (encoded.type === "text") told.push(encoded);
      else media.push(encoded);
    }
  }
  if (media.length > 0) told.push({ type: "text", text: SHOWN_BELOW });
  if (told.length === 0) told.push({ type: "text", text: NO_OUTPUT });
  return {
    message: { role: "tool", tool_call_id: toolUseId, content: onlyText(told) ?? told },
    media:
      media.length === 0
        ? []
        : [{ type: "text", text: `The result of the call ${toolUseId}:` }, ...media],
  };
}

/** What is said ahead of calls is their plan. */
function encodeAssistantTurn({ content }: Turn, dropped: Set<string>): AssistantMessage[] {
  const said: TextContent[] = [];
  const thinking: { type: "thinking"; thinking: string }[] = [];
  const calls: NonNullable<AssistantMessage["tool_calls"]> = [];
  for (const part of content) {
    switch (part.type) {
      case "text":
        noteCitations(part, dropped);
        if (part.text !== "") said.push({ type: "text", text: part.text });
        break;
      case "refusal":
        if (part.text !== "") said.push({ type: "text", text: part.text });
        break;
      case "thinking":
        // Google's signatures stand for thinking that is not shown.
        if (readSignature(part.signature) !== undefined || part.text === "") {
          dropped.add("messages: thinking of another model");
        } else thinking.push({ type: "thinking", thinking: part.text });
        break;
      case "redacted-thinking":
        dropped.add("messages: thinking of another model");
        break;
      case "tool-use":
        calls.push({
          id: part.id,
          type: "function",
          function: { name: wireToolName(part.name), arguments: toolArguments(part.input) },
        });
        break;
      default:
        throw unsupported(
          `Cohere does not take a part of type ${part.type} in an assistant message`,
          "messages",
        );
    }
  }
  if (calls.length === 0) {
    const parts = [...thinking, ...said];
    return parts.length === 0 ? [] : [{ role: "assistant", content: onlyText(parts) ?? parts }];
  }
  return [
    {
      role: "assistant",
      ...(thinking.length === 0 ? {} : { content: thinking }),
      ...(said.length === 0 ? {} : { tool_plan: said.map(({ text }) => text).join("\n") }),
      tool_calls: calls,
    },
  ];
}

/** What a model once wrote that was no JSON is kept as the text that it is. */
const toolArguments = (input: unknown): string =>
  typeof input === "string" ? input : JSON.stringify(input ?? {});

function onlyText(parts: readonly { type: string; text?: string }[]): string | undefined {
  const [first] = parts;
  return parts.length === 1 && first?.type === "text" ? first.text : undefined;
}

/** Cohere caches prompts by itself. */
function noteCaching(parts: readonly Part[], dropped: Set<string>): void {
  if (parts.some((part) => "cache" in part && part.cache !== undefined)) {
    dropped.add("cache_control");
  }
}
