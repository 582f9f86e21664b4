import type { ParsedRequest } from "../../endpoints/endpoint.ts";
import { badUpstream } from "../../lib/errors.ts";
import { spliceObject } from "../../lib/json-splice.ts";
import type { Usage } from "../../lib/usage.ts";
import type { TaskAnswer } from "../../tasks/common.ts";
import type { TaskEndpoint, TaskProvider } from "../../tasks/task.ts";
import type { AnswerHead, AnswerPipe, Exchange } from "./exchange.ts";
import { clientErrorOf } from "./failure.ts";
import type { Lane } from "./lane.ts";
import { estimateTokens } from "./metadata.ts";
import { translatedError } from "./translated-error.ts";

/**
 * An attempt at a task whose provider speaks another protocol.
 * @throws {UserError} when the client's request is wrong, or cannot be carried out by this provider.
 */
export function taskExchange(
  lane: Lane,
  endpoint: TaskEndpoint,
  provider: TaskProvider,
  parsed: ParsedRequest,
): Exchange {
  const decoded = endpoint.decode(parsed);
  const model = lane.program.model ?? decoded.model;
  const request = { ...decoded, model };
  const upstream = provider.encode(request, lane.context);
  return {
    model,
    path: upstream.path,
    headers: upstream.headers,
    body: lane.bodyEdit === undefined ? upstream.body : spliceObject(upstream.body, lane.bodyEdit),
    dropped: [...upstream.dropped, ...(request.lost ?? [])],
    answer(head) {
      if (head.status >= 400) return translatedError(lane, head);
      return wholeAnswer(lane, head, (body) => {
        const answer = provider.decode(body, request, head.headers);
        const encoding = { created: head.unixTime(), id: head.newId() };
        const told = endpoint.encode({ model, ...answer }, request, encoding);
        return { answer, bytes: Buffer.from(JSON.stringify(told)) };
      });
    },
  };
}

/** Reads the provider's answer whole and turns it into the client's. */
function wholeAnswer(
  lane: Lane,
  head: AnswerHead,
  translate: (body: Buffer) => { answer: TaskAnswer; bytes: Buffer },
): AnswerPipe {
  let chunks: Buffer[] = [];
  let received = 0;
  let usage: Usage | undefined;
  let model: string | undefined;
  let failure: { error: unknown } | undefined;
  let served = false;

  const fail = (error: unknown): Buffer[] => {
    if (failure !== undefined) return [];
    failure = { error };
    chunks = [];
    return [lane.endpoint.errorBody(clientErrorOf(error))];
  };
  return {
    untouched: false,
    streaming: false,
    push(chunk) {
      if (failure !== undefined) return [];
      received += chunk.length;
      if (received > head.maxBytes) {
        return fail(
          badUpstream(
            `the provider's answer is larger than the ${head.maxBytes} bytes that can be held`,
          ),
        );
      }
      chunks.push(chunk);
      return [];
    },
    finish() {
      if (failure !== undefined) return [];
      try {
        const { answer, bytes } = translate(Buffer.concat(chunks));
        ({ usage, model } = answer);
        chunks = [];
        served = true;
        return [bytes];
      } catch (error) {
        return fail(error);
      }
    },
    fail,
    head: () => ({
      contentType: "application/json",
      ...(failure === undefined ? {} : { status: clientErrorOf(failure.error).status }),
    }),
    result: () => ({
      served,
      usage,
      model,
      outputEstimate: estimateTokens(received),
      error: failure?.error,
    }),
  };
}
