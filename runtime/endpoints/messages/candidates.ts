import type { ConversationEvent } from "../../conversation/events.ts";

/** Messages have one answer: true for events of alternatives beside the first. */
export const isForeign = (event: ConversationEvent): boolean =>
  (event.type === "block-start" || event.type === "finish") && (event.candidate ?? 0) > 0;
