import type {
  MediaSource,
  Part,
  TextPart,
  ToolResultPart,
  Turn,
} from "../../conversation/conversation.ts";
import { unsupported } from "../../lib/errors.ts";
import { present } from "../../lib/present.ts";
import type { Field } from "../field.ts";
import { member } from "./members.ts";
import { readThought } from "./signatures.ts";

const ROLES = ["user", "model", "function"] as const;

/** Turns; contents without a role are the user's. Results of functions are said by the user. */
export function decodeContents(contents: Field): Turn[] {
  const calls = new Calls();
  const turns: Turn[] = [];
  for (const content of contents.items()) {
    const said = content.get("role").optional((role) => role.oneOf(ROLES)) ?? "user";
    const role = said === "model" ? "assistant" : "user";
    const parts = (content.get("parts").optional((field) => field.items()) ?? []).flatMap((part) =>
      decodePart(part, calls),
    );
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...parts);
    else turns.push({ role, content: parts });
  }
  return turns;
}

/** The texts of a system instruction. */
export const decodeSystem = (instruction: Field): TextPart[] =>
  instruction
    .get("parts")
    .items()
    .map((part) => ({ type: "text", text: part.get("text").string() }));

/**
 * Ids of calls, which Gemini's clients may leave out: a result without one answers the first call of
 * its function that has no result yet.
 */
class Calls {
  readonly #open: { name: string; id: string }[] = [];
  #count = 0;

  call(name: string, given: string | undefined): string {
    this.#count += 1;
    const id = given ?? `call_${this.#count}`;
    this.#open.push({ name, id });
    return id;
  }

  answer(name: string, given: string | undefined): string | undefined {
    const at = this.#open.findIndex((call) =>
      given === undefined ? call.name === name : call.id === given,
    );
    const [call] = at < 0 ? [] : this.#open.splice(at, 1);
    return call?.id ?? given;
  }
}

function decodePart(part: Field, calls: Calls): Part[] {
  const signature = member(part, "thoughtSignature").optional((field) => field.string());
  const text = part.get("text");
  if (part.get("thought").value === true) {
    return [readThought(text.optional((field) => field.string()) ?? "", signature)];
  }
  const thought = signature === undefined ? [] : [readThought("", signature)];
  return [...thought, ...decodeContent(part, text, calls)];
}

function decodeContent(part: Field, text: Field, calls: Calls): Part[] {
  if (!text.absent) {
    const said = text.string();
    return said === "" ? [] : [{ type: "text", text: said }];
  }
  const inline = member(part, "inlineData");
  if (!inline.absent) {
    const mediaType = member(inline, "mimeType").nonEmptyString();
    return [
      media(mediaType, { kind: "base64", mediaType, data: inline.get("data").nonEmptyString() }),
    ];
  }
  const file = member(part, "fileData");
  if (!file.absent) return [fileOf(file)];
  const call = member(part, "functionCall");
  if (!call.absent) {
    const name = call.get("name").nonEmptyString();
    const id = calls.call(name, idOf(call));
    return [{ type: "tool-use", id, name, input: call.get("args").value ?? {} }];
  }
  const response = member(part, "functionResponse");
  if (!response.absent) return [resultOf(response, calls)];
  const [kind] = Object.keys(part.record()).filter((name) => !/^thought/.test(name));
  if (kind === undefined) return [];
  throw unsupported(
    `${part.path}: the provider of this model does not take a part of ${kind}`,
    part.path,
  );
}

const idOf = (call: Field): string | undefined =>
  call.get("id").optional((field) => field.string()) || undefined;

function fileOf(file: Field): Part {
  const uri = member(file, "fileUri");
  const url = uri.nonEmptyString();
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) throw uri.wrong("an absolute URL");
  const mediaType = member(file, "mimeType").optional((field) => field.nonEmptyString());
  return media(mediaType ?? "application/pdf", { kind: "url", url, ...present({ mediaType }) });
}

function media(mediaType: string, source: MediaSource): Part {
  switch (mediaType.split("/")[0]?.toLowerCase()) {
    case "image":
      return { type: "image", source };
    case "audio":
      return { type: "audio", source };
    case "video":
      return { type: "video", source };
    default:
      return { type: "document", source };
  }
}

/** By Google's advice an object's `output`, or `error`, is the result, and without both all of it. */
function resultOf(response: Field, calls: Calls): ToolResultPart {
  const name = response.get("name").nonEmptyString();
  const toolUseId = calls.answer(name, idOf(response));
  if (toolUseId === undefined)
    throw response.wrong("the name of a function that was called before");
  const told = response.get("response").optional((field) => field.record()) ?? {};
  const members = Object.keys(told);
  const only = members.length === 1 ? members[0] : undefined;
  const isError = only === "error";
  const value = isError || only === "output" ? told[only] : told;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const parts = (response.get("parts").optional((field) => field.items()) ?? []).flatMap((part) =>
    decodeContent(part, part.get("text"), calls),
  );
  return {
    type: "tool-result",
    toolUseId,
    content: [{ type: "text", text }, ...parts],
    ...(isError ? { isError } : {}),
  };
}
