import { streamException } from "../../conversation/aws-errors.ts";
import type { Conversation } from "../../conversation/conversation.ts";
import type { ConversationEvent, ProviderError } from "../../conversation/events.ts";
import { type StreamedAnswer, streamDecoder } from "../../conversation/stream-decoder.ts";
import { badUpstream } from "../../lib/errors.ts";
import { type EventStreamMessage, eventStreamDecoder } from "../../lib/event-stream.ts";
import type { Transducer } from "../../lib/transducer.ts";
import {
  type StreamEvent,
  type StreamEventType,
  streamEventSchemas,
} from "../../schemas/bedrock/response.ts";
import { finishEvent } from "./finish.ts";
import { clientToolNames } from "./names.ts";
import { StreamBlocks } from "./stream-blocks.ts";
import { toUsage } from "./usage.ts";

/**
 * Answers of ConverseStream. Whatever goes wrong in the midst (damage, an exception of Bedrock's,
 * an early end) becomes an `error` event, after which nothing follows.
 */
export function converseStreamDecoder(
  conversation: Conversation,
): Transducer<Buffer, ConversationEvent> {
  return streamDecoder(eventStreamDecoder(), new Answer(conversation));
}

class Answer implements StreamedAnswer<EventStreamMessage> {
  /** True after `end` or `error`. */
  ended = false;
  #finished = false;
  readonly #model: string;
  readonly #blocks: StreamBlocks;

  constructor({ model, tools }: Conversation) {
    this.#model = model;
    this.#blocks = new StreamBlocks(clientToolNames(tools));
  }

  take({ headers, payload }: EventStreamMessage): ConversationEvent[] {
    if (this.ended) return [];
    switch (headers[":message-type"]) {
      case "event":
        return this.#event(headers[":event-type"] ?? "", payload);
      case "exception":
        return this.fail(streamException(headers[":exception-type"] ?? "", payload));
      case "error":
        return this.fail(
          streamException(
            headers[":error-code"] ?? "",
            Buffer.from(JSON.stringify({ message: headers[":error-message"] })),
          ),
        );
      default:
        return [];
    }
  }

  /** The stream is over: an error unless the message came to its end. */
  finish(): ConversationEvent[] {
    if (this.ended) return [];
    if (this.#finished) return this.#end();
    throw badUpstream("AWS Bedrock's stream ended before the message was complete");
  }

  fail(error: ProviderError): ConversationEvent[] {
    this.ended = true;
    return [{ type: "error", error }];
  }

  #event(type: string, payload: Buffer): ConversationEvent[] {
    switch (type) {
      case "messageStart":
        return [{ type: "start", model: this.#model }];
      case "contentBlockStart":
        return this.#blocks.start(read(type, payload));
      case "contentBlockDelta":
        return this.#blocks.delta(read(type, payload));
      case "contentBlockStop":
        return this.#blocks.stop(read(type, payload));
      case "messageStop": {
        const { stopReason, additionalModelResponseFields } = read(type, payload);
        this.#finished = true;
        return [finishEvent(stopReason, additionalModelResponseFields)];
      }
      case "metadata": {
        const { usage } = read(type, payload);
        const events: ConversationEvent[] =
          usage === undefined ? [] : [{ type: "usage", usage: toUsage(usage) }];
        // Metadata come last: nothing is gained by waiting for the connection to close.
        return this.#finished ? [...events, ...this.#end()] : events;
      }
      default:
        return [];
    }
  }

  #end(): ConversationEvent[] {
    this.ended = true;
    return [{ type: "end" }];
  }
}

function read<Type extends StreamEventType>(type: Type, payload: Buffer): StreamEvent<Type> {
  let value: unknown;
  try {
    value = JSON.parse(payload.toString("utf8"));
  } catch {
    throw badUpstream(`AWS Bedrock's stream has a ${type} event that is not JSON`);
  }
  const parsed = streamEventSchemas[type].safeParse(value);
  if (!parsed.success) {
    throw badUpstream(`AWS Bedrock's stream has a ${type} event of an unknown shape`);
  }
  return parsed.data as StreamEvent<Type>;
}
