import type { Part, ToolUsePart } from "../../conversation/conversation.ts";
import { unsupported } from "../../lib/errors.ts";
import { present } from "../../lib/present.ts";
import type { Field } from "../field.ts";
import { cacheControl, textPart } from "./decode-parts.ts";
import { thinkingPart, thinkingParts } from "./decode-thinking.ts";
import type { LegacyCalls } from "./legacy-calls.ts";

const ASSISTANT_PARTS = ["text", "refusal", "thinking", "redacted_thinking"] as const;

/** What an assistant message says, in the order in which models say it: reasoning comes first. */
export function assistantParts(message: Field, calls: LegacyCalls): Part[] {
  if (!message.get("audio").absent) {
    throw unsupported(
      `${message.path}.audio: audio of an earlier answer is known only to the provider that made it; send its transcript as content`,
      `${message.path}.audio`,
    );
  }
  const content = message.get("content").optional(contentParts) ?? [];
  const toldInContent = content.some(
    ({ type }) => type === "thinking" || type === "redacted-thinking",
  );
  const refusal = message.get("refusal").optional((field) => field.string()) ?? "";
  return [
    ...(toldInContent ? [] : thinkingParts(message)),
    ...content,
    ...(refusal === "" ? [] : [{ type: "refusal" as const, text: refusal }]),
    ...(message.get("tool_calls").optional((field) => field.items().map(toolUse)) ?? []),
    ...(message.get("function_call").optional((field) => [legacyToolUse(field, calls)]) ?? []),
  ];
}

function contentParts(content: Field): Part[] {
  // An empty string stands beside tool calls that come without a word.
  if (content.value === "") return [];
  if (typeof content.value === "string") return [{ type: "text", text: content.value }];
  return (Array.isArray(content.value) ? content.items() : [content]).map(contentPart);
}

function contentPart(part: Field): Part {
  switch (part.get("type").oneOf(ASSISTANT_PARTS)) {
    case "text":
      return textPart(part);
    case "refusal":
      return { type: "refusal", text: part.get("refusal").string() };
    default:
      return thinkingPart(part);
  }
}

export function toolUse(call: Field): ToolUsePart {
  call.get("type").optional((type) => type.oneOf(["function"]));
  const called = call.get("function");
  return {
    type: "tool-use",
    id: call.get("id").nonEmptyString(),
    name: called.get("name").nonEmptyString(),
    input: parsedArguments(called.get("arguments")),
    ...present({ cache: cacheControl(call) }),
  };
}

function legacyToolUse(called: Field, calls: LegacyCalls): ToolUsePart {
  const name = called.get("name").nonEmptyString();
  return {
    type: "tool-use",
    id: calls.call(name),
    name,
    input: parsedArguments(called.get("arguments")),
  };
}

/** Models now and then write what is not JSON; the text is kept then, for it is what was said. */
function parsedArguments(field: Field): unknown {
  const text = field.optional((value) => value.string()) ?? "";
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
