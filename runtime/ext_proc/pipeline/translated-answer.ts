import type { ConversationEncoder } from "../../conversation/codec.ts";
import type { ConversationEvent } from "../../conversation/events.ts";
import type { ClientError, Endpoint, ParsedRequest } from "../../endpoints/endpoint.ts";
import { ofProvider } from "../../endpoints/provider-error.ts";
import { badUpstream } from "../../lib/errors.ts";
import type { Transducer } from "../../lib/transducer.ts";
import type { Usage } from "../../lib/usage.ts";
import type { AnswerPipe, AnswerResult, HeadEdit } from "./exchange.ts";
import { clientErrorOf } from "./failure.ts";
import { estimateTokens } from "./metadata.ts";

export interface TranslatedAnswerOptions {
  endpoint: Endpoint;
  request: ParsedRequest;
  decoder: Transducer<Buffer, ConversationEvent>;
  encoder: ConversationEncoder;
  streaming: boolean;
  /** Bytes of a whole answer that may be held. */
  maxBytes: number;
}

/** The provider's answer, turned into internal events and these into the client's bytes. */
export const translatedAnswer = (options: TranslatedAnswerOptions): AnswerPipe =>
  new TranslatedAnswer(options);

class TranslatedAnswer implements AnswerPipe {
  readonly untouched = false;
  readonly streaming: boolean;
  readonly #options: TranslatedAnswerOptions;
  #usage: Usage | undefined;
  #model: string | undefined;
  #received = 0;
  /** Characters of generated text. */
  #generated = 0;
  /** Bytes for the client exist, so the head cannot change any more. */
  #begun = false;
  #ended = false;
  #failure: { reply: ClientError; error: unknown; retryAfter?: number } | undefined;

  constructor(options: TranslatedAnswerOptions) {
    this.#options = options;
    this.streaming = options.streaming;
  }

  push(chunk: Buffer): Buffer[] {
    if (this.#failure !== undefined) return [];
    this.#received += chunk.length;
    const { streaming, maxBytes, decoder } = this.#options;
    if (!streaming && this.#received > maxBytes) {
      return this.fail(
        badUpstream(`the provider's answer is larger than the ${maxBytes} bytes that can be held`),
      );
    }
    return this.#run(() => decoder.push(chunk));
  }

  finish(): Buffer[] {
    const last = this.#run(() => this.#options.decoder.finish());
    if (this.#failure !== undefined) return last;
    if (!this.#ended) {
      return [
        ...last,
        ...this.fail(badUpstream("the provider's answer ended before it was complete")),
      ];
    }
    try {
      const end = this.#options.encoder.finish();
      // A whole answer is written here, in one piece.
      this.#begun = true;
      return [...last, ...end];
    } catch (error) {
      return [...last, ...this.fail(error)];
    }
  }

  fail(error: unknown): Buffer[] {
    return this.#failWith(clientErrorOf(error), error);
  }

  head(): HeadEdit {
    if (this.#failure === undefined || this.#begun) {
      return { contentType: this.#options.encoder.contentType };
    }
    const { reply, retryAfter } = this.#failure;
    return {
      status: reply.status,
      contentType: "application/json",
      ...(retryAfter === undefined ? {} : { retryAfter }),
    };
  }

  result(): AnswerResult {
    return {
      served: this.#begun,
      usage: this.#usage,
      model: this.#model,
      outputEstimate: estimateTokens(this.#generated),
      error: this.#failure?.error,
    };
  }

  #run(decode: () => ConversationEvent[]): Buffer[] {
    if (this.#failure !== undefined) return [];
    const out: Buffer[] = [];
    try {
      for (const event of decode()) {
        if (event.type === "error") {
          const { error } = event;
          const reply = ofProvider(error);
          out.push(...this.#failWith(reply, undefined, error.retryAfter));
          return out;
        }
        this.#note(event);
        const bytes = this.#options.encoder.push(event);
        if (bytes.length === 0) continue;
        this.#begun = true;
        out.push(...bytes);
      }
    } catch (error) {
      out.push(...this.fail(error));
    }
    return out;
  }

  #note(event: ConversationEvent): void {
    switch (event.type) {
      case "text-delta":
      case "thinking-delta":
      case "refusal-delta":
        this.#generated += event.text.length;
        break;
      case "tool-input-delta":
        this.#generated += event.json.length;
        break;
      case "start":
        this.#model ??= event.model;
        break;
      case "usage":
        this.#usage = { ...this.#usage, ...event.usage };
        break;
      case "end":
        this.#ended = true;
        break;
      default:
    }
  }

  /** A reply of its own where nothing has been said yet, else the last event of what has begun. */
  #failWith(reply: ClientError, error: unknown, retryAfter?: number): Buffer[] {
    if (this.#failure !== undefined) return [];
    this.#failure = { reply, error, ...(retryAfter === undefined ? {} : { retryAfter }) };
    const { endpoint, request } = this.#options;
    return [this.#begun ? endpoint.errorEvent(reply, request) : endpoint.errorBody(reply)];
  }
}
