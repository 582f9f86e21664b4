import type { ClientError } from "../../endpoints/endpoint.ts";
import { ofProvider } from "../../endpoints/provider-error.ts";
import { badUpstream } from "../../lib/errors.ts";
import type { AnswerHead, AnswerPipe } from "./exchange.ts";
import { clientErrorOf } from "./failure.ts";
import type { Lane } from "./lane.ts";

/** Bytes of an error body that are read; error bodies are short. */
const MAX_ERROR_BYTES = 256 * 1024;

/** An error of the provider's, in the client's shape. */
export function translatedError(lane: Lane, head: AnswerHead): AnswerPipe {
  const limit = Math.min(head.maxBytes, MAX_ERROR_BYTES);
  let chunks: Buffer[] = [];
  let held = 0;
  let failure: unknown;
  let reply: ClientError = { status: head.status, message: "" };
  let retryAfter: number | undefined;

  const translate = (): void => {
    const error = lane.provider.error(head.status, head.headers, Buffer.concat(chunks));
    reply = ofProvider(error);
    if (head.headers("retry-after") === undefined) retryAfter = error.retryAfter;
  };

  return {
    untouched: false,
    streaming: false,
    push(chunk) {
      if (held < limit) chunks.push(chunk.subarray(0, limit - held));
      held += chunk.length;
      return [];
    },
    finish() {
      if (failure === undefined) {
        try {
          translate();
        } catch (error) {
          failure = error;
        }
      }
      if (failure !== undefined) {
        const { message } = clientErrorOf(badUpstream("the provider's error cannot be read"));
        reply = { status: head.status, message };
      }
      chunks = [];
      return [lane.endpoint.errorBody(reply)];
    },
    fail(error) {
      failure ??= error;
      return [];
    },
    head: () => ({
      status: reply.status,
      contentType: "application/json",
      ...(retryAfter === undefined ? {} : { retryAfter }),
    }),
    result: () => ({
      served: false,
      usage: undefined,
      model: undefined,
      outputEstimate: 0,
      error: failure,
    }),
  };
}
