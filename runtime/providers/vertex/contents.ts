import type { Conversation, Part, ToolResultPart } from "../../conversation/conversation.ts";
import { noteCitations, noteDetail } from "../../conversation/dropped.ts";
import { readSignature } from "../../conversation/signatures.ts";
import { unprocessable } from "../../lib/errors.ts";
import type { Content, Part as WirePart } from "../../schemas/gemini/request.ts";
import { encodeDocument, encodeMedia } from "./media.ts";
import type { ModelTraits } from "./models.ts";
import { wireFunctionName } from "./names.ts";

/** What Gemini takes in place of a signature that was lost, or that another model's call never had. */
const SKIP_VALIDATION = "skip_thought_signature_validator";
/** Stands where a conversation begins with the model. */
const NOTHING_SAID = "(nothing said yet)";

/**
 * Turns as Gemini wants them: neighbours of one role are one, the user's comes first, and results of
 * functions come ahead of what else is said.
 *
 * @param dropped takes the name of each thing that the model cannot be told
 * @throws {UserError} 422 for parts that Gemini has no form for
 */
export function encodeContents(
  { turns }: Conversation,
  traits: ModelTraits,
  dropped: Set<string>,
): Content[] {
  const names = functionNames(turns.flatMap(({ content }) => content));
  const contents: Content[] = [];
  for (const { role, content } of turns) {
    noteCaching(content, dropped);
    const parts =
      role === "user"
        ? content.flatMap((part) => encodeUserPart(part, names, dropped))
        : encodeModelParts(content, traits, dropped);
    const wireRole = role === "user" ? "user" : "model";
    const last = contents.at(-1);
    if (parts.length === 0) dropped.add(`messages: an empty ${role} message`);
    else if (last?.role === wireRole) last.parts.push(...parts);
    else contents.push({ role: wireRole, parts });
  }
  const [first] = contents;
  if (first === undefined) {
    throw unprocessable("Gemini needs at least one message that is not empty", "messages");
  }
  if (first.role === "model") contents.unshift({ role: "user", parts: [{ text: NOTHING_SAID }] });
  for (const content of contents) putResponsesFirst(content);
  return contents;
}

function encodeUserPart(
  part: Part,
  names: ReadonlyMap<string, string>,
  dropped: Set<string>,
): WirePart[] {
  switch (part.type) {
    case "text":
    case "refusal":
      return part.text === "" ? [] : [{ text: part.text }];
    case "image":
      noteDetail(part, dropped);
      return [encodeMedia(part.type, part.source)];
    case "audio":
    case "video":
      return [encodeMedia(part.type, part.source)];
    case "document":
      if (part.citations === true) dropped.add("messages: citations");
      return encodeDocument(part, (inner) => encodeUserPart(inner, names, dropped));
    case "tool-result":
      return encodeToolResult(part, names, dropped);
    default:
      dropped.add(`messages: ${part.type} of a user`);
      return [];
  }
}

/** A response is an object; pictures and the like go beside it. */
function encodeToolResult(
  { toolUseId, content, isError }: ToolResultPart,
  names: ReadonlyMap<string, string>,
  dropped: Set<string>,
): WirePart[] {
  const parts = content.flatMap((part) => encodeUserPart(part, names, dropped));
  const text = parts.map(({ text = "" }) => text).join("");
  const media = parts.filter((part) => part.text === undefined);
  const name = names.get(toolUseId) ?? "unknown";
  const response = isError === true ? { error: text } : { output: text };
  return [{ functionResponse: { name: wireFunctionName(name), response } }, ...media];
}

/** A signature belongs to the part that follows its thinking, or to the thinking where none does. */
function encodeModelParts(
  content: readonly Part[],
  { demandsSignatures }: ModelTraits,
  dropped: Set<string>,
): WirePart[] {
  const parts: WirePart[] = [];
  let signature: string | undefined;
  let calls = 0;
  const take = (): { thoughtSignature?: string } => {
    const taken = signature === undefined ? {} : { thoughtSignature: signature };
    signature = undefined;
    return taken;
  };
  for (const part of content) {
    switch (part.type) {
      case "thinking": {
        const own = readSignature(part.signature);
        if (part.signature !== undefined && own === undefined) {
          dropped.add("messages: thinking of another model");
          break;
        }
        signature = own ?? signature;
        if (part.text !== "") parts.push({ text: part.text, thought: true });
        break;
      }
      case "redacted-thinking":
        dropped.add("messages: thinking of another model");
        break;
      case "text":
      case "refusal":
        noteCitations(part, dropped);
        if (part.text !== "") parts.push({ text: part.text, ...take() });
        break;
      case "tool-use": {
        const args = isRecord(part.input) ? part.input : { input: part.input };
        const call: WirePart = {
          functionCall: { name: wireFunctionName(part.name), args },
          ...take(),
        };
        // Of calls side by side, the first is signed.
        if (demandsSignatures && calls === 0) call.thoughtSignature ??= SKIP_VALIDATION;
        calls += 1;
        parts.push(call);
        break;
      }
      default:
        dropped.add(`messages: ${part.type} of an assistant`);
    }
  }
  const last = parts.at(-1);
  if (last !== undefined && signature !== undefined) last.thoughtSignature ??= signature;
  return parts;
}

function putResponsesFirst(content: Content): void {
  const responses = content.parts.filter(({ functionResponse }) => functionResponse !== undefined);
  if (responses.length === 0) return;
  content.parts = [
    ...responses,
    ...content.parts.filter(({ functionResponse }) => functionResponse === undefined),
  ];
}

/** Gemini matches results with calls by name and order. */
const functionNames = (parts: readonly Part[]): Map<string, string> =>
  new Map(parts.flatMap((part) => (part.type === "tool-use" ? [[part.id, part.name]] : [])));

/** Gemini caches prompts by itself. */
function noteCaching(parts: readonly Part[], dropped: Set<string>): void {
  if (parts.some((part) => "cache" in part && part.cache !== undefined)) {
    dropped.add("cache_control");
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
