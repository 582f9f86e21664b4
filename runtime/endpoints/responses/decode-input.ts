import type { Part, TextPart, Turn } from "../../conversation/conversation.ts";
import { unsupported } from "../../lib/errors.ts";
import { present } from "../../lib/present.ts";
import { fileData, urlSource } from "../chat-completions/decode-parts.ts";
import type { Field } from "../field.ts";
import { REDACTED } from "./reasoning-item.ts";

const ROLES = ["user", "assistant", "system", "developer"] as const;
const PARTS = [
  "input_text",
  "output_text",
  "text",
  "refusal",
  "input_image",
  "input_file",
  "input_audio",
] as const;

/**
 * The prompt and the turns of a list of items. Results of calls are said by the user; items that
 * follow each other in one role make one turn.
 *
 * @param vendor takes a note of each item that no other provider can be told
 */
export function decodeInput(
  root: Field,
  vendor: Record<string, unknown>,
): { system: TextPart[]; turns: Turn[] } {
  const instructions = root.get("instructions").optional((field) => field.string()) ?? "";
  const system: TextPart[] = instructions === "" ? [] : [{ type: "text", text: instructions }];
  const turns: Turn[] = [];
  const say = (role: Turn["role"], content: Part[]): void => {
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...content);
    else turns.push({ role, content });
  };

  const input = root.get("input");
  if (typeof input.value === "string") say("user", [{ type: "text", text: input.value }]);
  else {
    for (const item of input.items()) {
      const type = item.get("type").optional((field) => field.nonEmptyString()) ?? "message";
      switch (type) {
        case "message": {
          const role = item.get("role").oneOf(ROLES);
          const content = parts(item.get("content"));
          if (role === "user" || role === "assistant") say(role, content);
          else system.push(...content.filter((part) => part.type === "text"));
          break;
        }
        case "function_call":
          say("assistant", [functionCall(item)]);
          break;
        case "function_call_output":
          say("user", [
            {
              type: "tool-result",
              toolUseId: item.get("call_id").nonEmptyString(),
              content: parts(item.get("output")),
            },
          ]);
          break;
        case "reasoning":
          say("assistant", reasoningParts(item));
          break;
        case "item_reference":
          throw unsupported(
            `${item.path}: the provider of this model keeps no items; send the item itself`,
            item.path,
          );
        default:
          vendor[`input: ${type}`] = true;
      }
    }
  }
  return { system, turns };
}

const parts = (content: Field): Part[] =>
  typeof content.value === "string"
    ? [{ type: "text", text: content.value }]
    : content.items().map(part);

function part(field: Field): Part {
  switch (field.get("type").oneOf(PARTS)) {
    case "input_text":
    case "output_text":
    case "text":
      return { type: "text", text: field.get("text").string() };
    case "refusal":
      return { type: "refusal", text: field.get("refusal").string() };
    case "input_image":
      return imagePart(field);
    case "input_file":
      return filePart(field);
    case "input_audio": {
      const audio = field.get("input_audio");
      const format = audio.get("format").oneOf(["mp3", "wav"]);
      const mediaType = format === "mp3" ? "audio/mpeg" : "audio/wav";
      return {
        type: "audio",
        source: { kind: "base64", mediaType, data: audio.get("data").nonEmptyString() },
      };
    }
  }
}

function imagePart(field: Field): Part {
  const fileId = field.get("file_id").optional((id) => id.nonEmptyString());
  const detail = field.get("detail").optional((value) => value.oneOf(["auto", "low", "high"]));
  return {
    type: "image",
    source: fileId === undefined ? urlSource(field.get("image_url")) : { kind: "file", fileId },
    ...present({ detail }),
  };
}

function filePart(field: Field): Part {
  const title = field.get("filename").optional((name) => name.string());
  const fileId = field.get("file_id").optional((id) => id.nonEmptyString());
  const url = field.get("file_url");
  const source =
    fileId !== undefined
      ? ({ kind: "file", fileId } as const)
      : url.absent
        ? fileData(field.get("file_data"), title)
        : urlSource(url);
  return { type: "document", source, ...present({ title }) };
}

function functionCall(item: Field): Part {
  const text = item.get("arguments").string();
  let input: unknown = text;
  try {
    input = text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    // What a model once wrote that was no JSON is kept as the text that it is.
  }
  return {
    type: "tool-use",
    id: item.get("call_id").nonEmptyString(),
    name: item.get("name").nonEmptyString(),
    input,
  };
}

/** As the gateway itself writes them: the text as a summary, its signature as encrypted content. */
function reasoningParts(item: Field): Part[] {
  const encrypted = item.get("encrypted_content").optional((field) => field.string());
  if (encrypted?.startsWith(REDACTED)) {
    return [{ type: "redacted-thinking", data: encrypted.slice(REDACTED.length) }];
  }
  const told = (name: string): string =>
    (item.get(name).optional((field) => field.items()) ?? [])
      .map((piece) => piece.get("text").string())
      .join("");
  const text = told("content") || told("summary");
  if (text === "" && encrypted === undefined) return [];
  return [{ type: "thinking", text, ...present({ signature: encrypted }) }];
}
