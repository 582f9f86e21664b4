import type { ConversationEvent, TokenLogprob } from "../../conversation/events.ts";
import { sseEvent } from "../../lib/sse.ts";

/** An event of a stream. */
export const told = (type: string, members: object): Buffer =>
  sseEvent(JSON.stringify({ type, ...members }), type);

export const callJson = (id: string, name: string, json: string) => ({
  id,
  type: "function",
  function: { name, arguments: json },
});

/** A piece of a call's arguments. Most of a stream are such and the next: written as text, at a third of the time. */
export const callPiece = (index: number, json: string): Buffer =>
  Buffer.from(
    `event: tool-call-delta\ndata: {"type":"tool-call-delta","index":${index},"delta":{"message":{"tool_calls":{"function":{"arguments":${JSON.stringify(json)}}}}}}\n\n`,
  );

/** Pieces of a text or of thinking: one, or one for each token, whose likelihood an event has room for. */
export function contentPieces(
  kind: "text" | "thinking",
  index: number,
  text: string,
  tokens: readonly TokenLogprob[],
): Buffer[] {
  if (tokens.length > 1 && tokens.map(({ token }) => token).join("") === text) {
    return tokens.map((token) => contentPiece(kind, index, token.token, [token]));
  }
  return [contentPiece(kind, index, text, tokens)];
}

function contentPiece(
  kind: "text" | "thinking",
  index: number,
  text: string,
  tokens: readonly TokenLogprob[],
): Buffer {
  const logprobs = { text, token_ids: [], logprobs: tokens.map(({ logprob }) => logprob) };
  const beside = tokens.length === 0 ? "" : `,"logprobs":${JSON.stringify(logprobs)}`;
  return Buffer.from(
    `event: content-delta\ndata: {"type":"content-delta","index":${index},"delta":{"message":{"content":{"${kind}":${JSON.stringify(text)}}}}${beside}}\n\n`,
  );
}

/** What a model says when it refuses is text to Cohere's clients. */
export function withoutRefusals(event: ConversationEvent): ConversationEvent {
  if (event.type === "refusal-delta") return { ...event, type: "text-delta" };
  return event.type === "block-start" && event.block.type === "refusal"
    ? { ...event, block: { type: "text" } }
    : event;
}
