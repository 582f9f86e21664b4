import type { ConversationEncoder } from "../conversation/codec.ts";
import type { ConversationEvent } from "../conversation/events.ts";

/** An answer in a client's protocol, as it comes about. */
export interface GrowingAnswer {
  /** Notes an event; what it makes of a stream is returned. */
  take(event: ConversationEvent): Buffer[];
  whole(): Buffer;
}

/** Tells an answer as server-sent events, or in one at its end. */
export const answerEncoder = (answer: GrowingAnswer, stream: boolean): ConversationEncoder =>
  stream
    ? {
        contentType: "text/event-stream",
        push: (event) => answer.take(event),
        // The end of a stream is an event; one that breaks off is not made to look complete.
        finish: () => [],
      }
    : {
        contentType: "application/json",
        push(event) {
          answer.take(event);
          return [];
        },
        finish: () => [answer.whole()],
      };
