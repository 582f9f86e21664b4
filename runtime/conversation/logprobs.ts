import type { ConversationEvent, TokenLogprob } from "./events.ts";

/**
 * Events of a piece of an answer, with the likelihoods that came beside it put to the last of its
 * texts. Those of a piece without text (calls, thinking) have no place.
 */
export function withLogprobs(
  events: ConversationEvent[],
  logprobs: TokenLogprob[],
): ConversationEvent[] {
  const at = logprobs.length === 0 ? -1 : events.findLastIndex(({ type }) => type === "text-delta");
  return events.map((event, index) =>
    index === at && event.type === "text-delta" ? { ...event, logprobs } : event,
  );
}
