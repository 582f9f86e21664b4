import type { ConversationEvent, TokenLogprob } from "../../conversation/events.ts";
import { sseEvent } from "../../lib/sse.ts";
import { logprobsJson } from "./words.ts";

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

/** A piece of a text or of thinking, with how likely it was. */
export function contentPiece(
  kind: "text" | "thinking",
  index: number,
  text: string,
  tokens: readonly TokenLogprob[],
): Buffer {
  const [logprobs] = logprobsJson(joined(tokens, text));
  const beside = logprobs === undefined ? "" : `,"logprobs":${JSON.stringify(logprobs)}`;
  return Buffer.from(
    `event: content-delta\ndata: {"type":"content-delta","index":${index},"delta":{"message":{"content":{"${kind}":${JSON.stringify(text)}}}}${beside}}\n\n`,
  );
}

/** An event has likelihoods of one text: those of several tokens multiply. */
const joined = (tokens: readonly TokenLogprob[], text: string): TokenLogprob[] =>
  tokens.length < 2
    ? [...tokens]
    : [{ token: text, logprob: tokens.reduce((sum, { logprob }) => sum + logprob, 0) }];

/** What a model says when it refuses is text to Cohere's clients. */
export function withoutRefusals(event: ConversationEvent): ConversationEvent {
  if (event.type === "refusal-delta") return { ...event, type: "text-delta" };
  return event.type === "block-start" && event.block.type === "refusal"
    ? { ...event, block: { type: "text" } }
    : event;
}
