import { badUpstream } from "../../lib/errors.ts";
import { present } from "../../lib/present.ts";
import { type SseEvent, sseParser } from "../../lib/sse.ts";
import type { Transducer } from "../../lib/transducer.ts";
import { type ChatChunk, chunkSchema } from "../../schemas/openai/response.ts";
import type { Conversation } from "../conversation.ts";
import type { ConversationEvent, ProviderError } from "../events.ts";
import { type StreamedAnswer, streamDecoder } from "../stream-decoder.ts";
import { Choices } from "./answer.ts";
import { streamedError } from "./errors.ts";
import { usageOf } from "./usage.ts";

/**
 * Streamed completions. Whatever goes wrong in the midst (damage, an `error` in place of a chunk, an
 * early end) becomes an `error` event, after which nothing follows.
 */
export function chunkDecoder(conversation: Conversation): Transducer<Buffer, ConversationEvent> {
  return streamDecoder(sseParser(), new Answer(conversation));
}

class Answer implements StreamedAnswer<SseEvent> {
  /** True after `end` or `error`. */
  ended = false;
  readonly #model: string;
  readonly #choices: Choices;
  #begun = false;

  constructor(conversation: Conversation) {
    this.#model = conversation.model;
    this.#choices = new Choices(conversation);
  }

  take({ data }: SseEvent): ConversationEvent[] {
    if (this.ended || data === "") return [];
    if (data === "[DONE]") return this.finish();
    const value = parseJson(data);
    const error = streamedError(value);
    if (error !== undefined) return this.fail(error);
    return this.#chunk(readChunk(value));
  }

  /** Servers that leave `[DONE]` out just end, which is as good once the choices are complete. */
  finish(): ConversationEvent[] {
    if (this.ended) return [];
    if (!this.#choices.complete) {
      throw badUpstream("the provider's stream ended before the answer was complete");
    }
    this.ended = true;
    return [{ type: "end" }];
  }

  fail(error: ProviderError): ConversationEvent[] {
    this.ended = true;
    return [{ type: "error", error }];
  }

  #chunk({ id, model, created, choices, usage }: ChatChunk): ConversationEvent[] {
    const events: ConversationEvent[] = [];
    // Azure begins with a chunk of its own, which has results of filters and no name of anything.
    if (!this.#begun && id !== "") {
      this.#begun = true;
      events.push({ type: "start", ...present({ id, created }), model: model || this.#model });
    }
    for (const { index, delta, finish_reason, logprobs } of choices ?? []) {
      events.push(...this.#choices.take(index, delta, finish_reason, logprobs));
    }
    if (usage != null) events.push({ type: "usage", usage: usageOf(usage) });
    return events;
  }
}

function parseJson(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    throw badUpstream("the provider's stream has a chunk that is not JSON");
  }
}

function readChunk(value: unknown): ChatChunk {
  const parsed = chunkSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw badUpstream("the provider's stream has a chunk of an unknown shape");
}
