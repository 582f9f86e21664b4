import type { ClientError } from "../../endpoints/endpoint.ts";
import type { Transducer } from "../../lib/transducer.ts";
import type { AnswerPipe } from "./exchange.ts";
import { clientErrorOf } from "./failure.ts";
import type { Lane } from "./lane.ts";

/**
 * A stream in the client's protocol out of another wrapping. What cannot be unwrapped is an error of
 * its own where nothing has been said yet, else the last event.
 *
 * @param inner looks at the unwrapped bytes
 */
export function unwrapped(
  lane: Lane,
  inner: AnswerPipe,
  frames: Transducer<Buffer, Buffer>,
): AnswerPipe {
  let begun = false;
  let failure: { reply: ClientError; error: unknown } | undefined;

  const fail = (error: unknown): Buffer[] => {
    if (failure !== undefined) return [];
    const reply = clientErrorOf(error);
    failure = { reply, error };
    return [begun ? lane.endpoint.errorEvent(reply) : lane.endpoint.errorBody(reply)];
  };
  const run = (read: () => Buffer[]): Buffer[] => {
    if (failure !== undefined) return [];
    let bytes: Buffer[];
    try {
      bytes = read();
    } catch (error) {
      return fail(error);
    }
    for (const piece of bytes) inner.push(piece);
    begun ||= bytes.length > 0;
    return bytes;
  };

  return {
    untouched: false,
    streaming: true,
    push: (chunk) => run(() => frames.push(chunk)),
    finish() {
      const last = run(() => frames.finish());
      inner.finish();
      return last;
    },
    fail,
    head: () =>
      failure === undefined || begun
        ? { contentType: "text/event-stream" }
        : { status: failure.reply.status, contentType: "application/json" },
    result() {
      const result = inner.result();
      return { ...result, served: begun, error: failure?.error ?? result.error };
    },
  };
}
