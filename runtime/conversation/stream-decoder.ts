import { UserError } from "../lib/errors.ts";
import type { Transducer } from "../lib/transducer.ts";
import type { ConversationEvent, ProviderError } from "./events.ts";

/** What a provider makes of the pieces of its stream; each method returns what they tell. */
export interface StreamedAnswer<Piece> {
  /** True after `end` or `error`. */
  readonly ended: boolean;
  take(piece: Piece): ConversationEvent[];
  /** The stream has ended. */
  finish(): ConversationEvent[];
  /** Ends the answer with this error. */
  fail(error: ProviderError): ConversationEvent[];
}

/**
 * A decoder of streamed answers: bytes to pieces, pieces to events. Whatever is wrong with the
 * provider's bytes becomes an `error` event, after which nothing follows; other errors are thrown.
 */
export function streamDecoder<Piece>(
  pieces: Transducer<Buffer, Piece>,
  answer: StreamedAnswer<Piece>,
): Transducer<Buffer, ConversationEvent> {
  const guarded = (read: () => Piece[], last: boolean): ConversationEvent[] => {
    if (answer.ended) return [];
    const events: ConversationEvent[] = [];
    try {
      for (const piece of read()) events.push(...answer.take(piece));
      if (last) events.push(...answer.finish());
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      events.push(...answer.fail({ status: 0, kind: "server", message: error.message }));
    }
    return events;
  };
  return {
    push: (chunk) => guarded(() => pieces.push(chunk), false),
    finish: () => guarded(() => pieces.finish(), true),
  };
}
