import type { Conversation, Part } from "./conversation.ts";

/**
 * Signatures go through clients of other protocols as thinking with a signature. This mark tells
 * Google's from Anthropic's, which are base64 and hold no colon: each vendor refuses the other's.
 */
const MARK = "google:";

export const markSignature = (signature: string): string => `${MARK}${signature}`;

/** Google's own; undefined for what is not Google's. */
export const readSignature = (signature: string | undefined): string | undefined =>
  signature?.startsWith(MARK) ? signature.slice(MARK.length) : undefined;

/** The conversation as Claude may see it. @param dropped takes a note where thinking is left out */
export function withoutGoogleThinking(
  conversation: Conversation,
  dropped: Set<string>,
): Conversation {
  const isGoogle = (part: Part): boolean =>
    part.type === "thinking" && readSignature(part.signature) !== undefined;
  if (!conversation.turns.some(({ content }) => content.some(isGoogle))) return conversation;
  dropped.add("messages: thinking of another model");
  return {
    ...conversation,
    turns: conversation.turns.map(({ role, content }) => ({
      role,
      content: content.filter((part) => !isGoogle(part)),
    })),
  };
}
