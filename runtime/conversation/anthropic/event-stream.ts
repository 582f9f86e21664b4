import { badUpstream } from "../../lib/errors.ts";
import { eventStreamDecoder } from "../../lib/event-stream.ts";
import type { SseEvent } from "../../lib/sse.ts";
import type { Transducer } from "../../lib/transducer.ts";
import { streamException } from "../aws-errors.ts";
import { errorTypeOf } from "./errors.ts";

/** `value` is what `data` says, where it has been parsed already. */
export interface AnthropicEvent extends SseEvent {
  value?: unknown;
}

/**
 * Anthropic's events out of an AWS event stream, as InvokeModelWithResponseStream wraps them: each
 * `chunk` holds one in base64. An exception becomes an `error` event in Anthropic's shape.
 */
export function wrappedEvents(): Transducer<Buffer, AnthropicEvent> {
  const messages = eventStreamDecoder();
  let failure: { error: unknown } | undefined;
  /** What came before a damaged chunk goes first, however the bytes were cut. */
  const unwrapAll = (read: () => Message[]): AnthropicEvent[] => {
    if (failure !== undefined) throw failure.error;
    const events: AnthropicEvent[] = [];
    for (const message of read()) {
      try {
        events.push(...unwrap(message));
      } catch (error) {
        if (events.length === 0) throw error;
        failure = { error };
        break;
      }
    }
    return events;
  };
  return {
    push: (chunk) => unwrapAll(() => messages.push(chunk)),
    finish: () => unwrapAll(() => messages.finish()),
  };
}

type Message = ReturnType<ReturnType<typeof eventStreamDecoder>["push"]>[number];

function unwrap({ headers, payload }: Message): AnthropicEvent[] {
  switch (headers[":message-type"]) {
    case "event":
      return headers[":event-type"] === "chunk" ? [readChunk(payload)] : [];
    case "exception":
      return [exceptionEvent(headers[":exception-type"] ?? "", payload)];
    case "error": {
      const message = JSON.stringify({ message: headers[":error-message"] });
      return [exceptionEvent(headers[":error-code"] ?? "", Buffer.from(message))];
    }
    default:
      return [];
  }
}

function readChunk(payload: Buffer): AnthropicEvent {
  try {
    const { bytes } = JSON.parse(payload.toString("utf8")) as { bytes: string };
    const data = Buffer.from(bytes, "base64").toString("utf8");
    const value = JSON.parse(data) as { type: unknown };
    // Written anew, so that no line break in it ends the event.
    if (typeof value.type === "string") {
      return {
        event: value.type,
        data: /[\r\n]/.test(data) ? JSON.stringify(value) : data,
        value,
      };
    }
  } catch {
    // Told below.
  }
  throw badUpstream("AWS Bedrock's stream has a chunk that is no event of Anthropic's");
}

function exceptionEvent(name: string, payload: Buffer): SseEvent {
  const { kind, message } = streamException(name, payload);
  return {
    event: "error",
    data: JSON.stringify({ type: "error", error: { type: errorTypeOf(kind), message } }),
  };
}
