import type { RedactedThinkingPart, ThinkingPart } from "../../conversation/conversation.ts";
import { present } from "../../lib/present.ts";
import type { Field } from "../field.ts";

/**
 * Reasoning that a client gives back. OpenAI's shape has no place for it; the extensions in use are
 *
 * - `thinking_blocks`: `[{type: "thinking", thinking, signature} | {type: "redacted_thinking", data}]`
 * - `reasoning_content` (or `reasoning`): the text alone, or Bedrock's block of older gateways
 * - content parts of type `thinking` and `redacted_thinking`
 */
export function thinkingParts(message: Field): (ThinkingPart | RedactedThinkingPart)[] {
  const plain = message.get("reasoning_content").absent
    ? message.get("reasoning")
    : message.get("reasoning_content");
  const blocks = message.get("thinking_blocks").optional((field) => field.items()) ?? [];
  if (blocks.length === 0) return plain.optional(plainReasoning) ?? [];
  const parts = blocks.map(thinkingPart);

  // Streams tell the text and the signature apart; clients may have put only the latter here.
  const [only, ...others] = parts.filter((part) => part.type === "thinking");
  if (only?.text === "" && others.length === 0 && typeof plain.value === "string") {
    only.text = plain.value;
  }
  return parts;
}

/** A block of `thinking_blocks`, or a part of the content: they differ in the names of members. */
export function thinkingPart(part: Field): ThinkingPart | RedactedThinkingPart {
  if (part.get("type").oneOf(["thinking", "redacted_thinking"]) === "redacted_thinking") {
    const data = part.get("data").absent ? part.get("redactedContent") : part.get("data");
    return { type: "redacted-thinking", data: data.string() };
  }
  const text = part.get("thinking").absent ? part.get("text") : part.get("thinking");
  return thinking(text.optional((field) => field.string()) ?? "", part.get("signature"));
}

function plainReasoning(field: Field): (ThinkingPart | RedactedThinkingPart)[] {
  if (typeof field.value === "string") {
    return field.value === "" ? [] : [{ type: "thinking", text: field.value }];
  }
  const block = field.get("reasoningContent");
  if (block.absent) return [];
  const redacted = block.get("redactedContent").optional((data) => data.string());
  const told = block
    .get("reasoningText")
    .optional((spoken) => thinking(spoken.get("text").string(), spoken.get("signature")));
  return [
    ...(told === undefined ? [] : [told]),
    ...(redacted === undefined ? [] : [{ type: "redacted-thinking" as const, data: redacted }]),
  ];
}

const thinking = (text: string, signature: Field): ThinkingPart => ({
  type: "thinking",
  text,
  // Clients that fill in every member write an empty signature where there is none.
  ...present({ signature: signature.optional((field) => field.string()) || undefined }),
});
