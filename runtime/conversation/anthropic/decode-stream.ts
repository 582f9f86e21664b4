import { badUpstream } from "../../lib/errors.ts";
import { sseParser } from "../../lib/sse.ts";
import type { Transducer } from "../../lib/transducer.ts";
import {
  type StreamEvent,
  type StreamEventType,
  streamEventSchemas,
} from "../../schemas/anthropic/response.ts";
import type { Conversation } from "../conversation.ts";
import type { ConversationEvent, ProviderError } from "../events.ts";
import { type StreamedAnswer, streamDecoder } from "../stream-decoder.ts";
import { AnswerBlocks } from "./answer-blocks.ts";
import { streamedError } from "./errors.ts";
import type { AnthropicEvent } from "./event-stream.ts";
import { endingEvents } from "./finish.ts";
import { clientToolNames } from "./names.ts";
import { type AnthropicUsage, mergeUsage, usageOf } from "./usage.ts";

/**
 * Streamed messages. Whatever goes wrong in the midst (damage, an `error` event, an early end)
 * becomes an `error` event, after which nothing follows.
 *
 * @param events reads the platform's framing; server-sent events when absent
 */
export function messageStreamDecoder(
  conversation: Conversation,
  events: Transducer<Buffer, AnthropicEvent> = sseParser(),
): Transducer<Buffer, ConversationEvent> {
  return streamDecoder(events, new Answer(conversation));
}

class Answer implements StreamedAnswer<AnthropicEvent> {
  /** True after `end` or `error`. */
  ended = false;
  readonly #model: string;
  readonly #blocks: AnswerBlocks;
  #usage: AnthropicUsage = {};

  constructor({ model, tools }: Conversation) {
    this.#model = model;
    this.#blocks = new AnswerBlocks(clientToolNames(tools));
  }

  take(sent: AnthropicEvent): ConversationEvent[] {
    if (this.ended) return [];
    const { event } = sent;
    switch (event) {
      case "message_start": {
        const { message } = read(event, sent);
        const { id, model = this.#model, usage } = message;
        return [
          { type: "start", ...(id === undefined ? {} : { id }), model },
          ...this.#count(usage),
        ];
      }
      case "content_block_start": {
        const { index, content_block } = read(event, sent);
        return this.#blocks.start(index, content_block);
      }
      case "content_block_delta": {
        const { index, delta } = read(event, sent);
        return this.#blocks.delta(index, delta);
      }
      case "content_block_stop":
        return this.#blocks.stop(read(event, sent).index);
      case "message_delta": {
        const { delta, usage } = read(event, sent);
        const ending = delta.stop_reason == null ? [] : endingEvents(delta, this.#blocks.count);
        return [...ending, ...this.#count(usage)];
      }
      case "message_stop":
        this.ended = true;
        return [{ type: "end" }];
      case "error":
        return this.fail(streamedError(sent.data));
      default:
        return [];
    }
  }

  /** The stream is over: an error, as `message_stop` did not come. */
  finish(): ConversationEvent[] {
    if (this.ended) return [];
    throw badUpstream("Anthropic's stream ended before the message was complete");
  }

  fail(error: ProviderError): ConversationEvent[] {
    this.ended = true;
    return [{ type: "error", error }];
  }

  /** Counts are cumulative, and those that an event leaves out stand. */
  #count(usage: AnthropicUsage | null | undefined): ConversationEvent[] {
    if (usage == null) return [];
    this.#usage = mergeUsage(this.#usage, usage);
    return [{ type: "usage", usage: usageOf(this.#usage) }];
  }
}

function read<Type extends StreamEventType>(
  type: Type,
  { data, value }: AnthropicEvent,
): StreamEvent<Type> {
  try {
    value ??= JSON.parse(data);
  } catch {
    throw badUpstream(`Anthropic's stream has a ${type} event that is not JSON`);
  }
  const parsed = streamEventSchemas[type].safeParse(value);
  if (!parsed.success) {
    throw badUpstream(`Anthropic's stream has a ${type} event of an unknown shape`);
  }
  return parsed.data as StreamEvent<Type>;
}
