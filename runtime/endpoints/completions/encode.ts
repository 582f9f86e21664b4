import type { ConversationEncoder } from "../../conversation/codec.ts";
import type { ConversationEvent } from "../../conversation/events.ts";
import { sseEvent } from "../../lib/sse.ts";
import type { DetailedUsage } from "../../lib/usage.ts";
import { answerEncoder } from "../answer-encoder.ts";
import { type AnswerHead, finishReason, headOf, usageJson } from "../chat-completions/answer.ts";
import type { EncoderOptions, ParsedRequest } from "../endpoint.ts";
import { Field } from "../field.ts";
import { openAiError, openAiErrorEvent } from "../openai-family.ts";
import { ofProvider } from "../provider-error.ts";
import type { JsonBody } from "../request-body.ts";
import { type Choice, Choices, completionLogprobs, type Piece } from "./choices.ts";
import { promptOf } from "./decode.ts";

/** A `text_completion`, whole, or in pieces as events with the closing `[DONE]`. */
export function completionEncoder(
  request: ParsedRequest<JsonBody>,
  options: EncoderOptions,
): ConversationEncoder {
  return answerEncoder(new Completion(request, options), options.stream);
}

class Completion {
  readonly #request: ParsedRequest<JsonBody>;
  readonly #options: EncoderOptions;
  /** What each text begins with: the prompt, where it is asked for. */
  readonly #echo: string;
  readonly #includeUsage: boolean;
  readonly #blocks = new Choices();
  readonly #choices = new Map<number, Choice>();
  /** Choices of which something was streamed. */
  readonly #opened = new Set<number>();
  #head: AnswerHead;
  #usage: DetailedUsage = {};
  #failure: Extract<ConversationEvent, { type: "error" }>["error"] | undefined;

  constructor(request: ParsedRequest<JsonBody>, options: EncoderOptions) {
    this.#request = request;
    this.#options = options;
    this.#head = headOf(request, options);
    this.#echo = request.body.echo === true ? promptOf(new Field(request.body)) : "";
    this.#includeUsage = Object(request.body.stream_options).include_usage === true;
  }

  /** Notes an event; what it adds to a text is returned. */
  #note(event: ConversationEvent): Piece | undefined {
    if (event.type === "start") this.#head = headOf(this.#request, this.#options, event);
    else if (event.type === "finish") this.#choice(event.candidate ?? 0).reason = event.reason;
    else if (event.type === "usage") this.#usage = { ...this.#usage, ...event.usage };
    else if (event.type === "error") this.#failure = event.error;
    const piece = this.#blocks.piece(event);
    if (piece === undefined) return undefined;
    const choice = this.#choice(piece.candidate);
    choice.text += piece.text;
    choice.tokens.push(...piece.tokens);
    return piece;
  }

  whole(): Buffer {
    if (this.#failure !== undefined) return openAiError(ofProvider(this.#failure));
    if (this.#choices.size === 0) this.#choice(0);
    const choices = [...this.#choices]
      .sort(([one], [other]) => one - other)
      .map(([index, { text, tokens, reason = "stop" }]) => ({
        text,
        index,
        logprobs: tokens.length === 0 ? null : completionLogprobs(tokens, 0),
        finish_reason: reasonOf(reason),
      }));
    const usage = usageJson(this.#usage);
    const body = { ...this.#members(), choices, ...(usage === undefined ? {} : { usage }) };
    return Buffer.from(JSON.stringify(body));
  }

  /** Nothing is written before the provider has said something, so that errors keep their status. */
  take(event: ConversationEvent): Buffer[] {
    if (this.#failure !== undefined) return [];
    const piece = this.#note(event);
    if (event.type === "error") return [openAiErrorEvent(ofProvider(event.error))];
    if (event.type === "end") return this.#end();
    if (event.type === "finish") {
      const index = event.candidate ?? 0;
      return [this.#chunk(index, this.#opening(index), null, reasonOf(event.reason))];
    }
    if (piece === undefined) return [];
    const { candidate, text, tokens } = piece;
    const begun = this.#choice(candidate).text.length - text.length;
    const logprobs = tokens.length === 0 ? null : completionLogprobs(tokens, begun);
    return [this.#chunk(candidate, this.#opening(candidate) + text, logprobs, null)];
  }

  /** What the first piece of a choice begins with. */
  #opening(index: number): string {
    if (this.#opened.has(index)) return "";
    this.#opened.add(index);
    return this.#echo;
  }

  #end(): Buffer[] {
    if (this.#choices.size === 0) this.#choice(0);
    const unfinished = [...this.#choices].filter(([, { reason }]) => reason === undefined);
    const usage = usageJson(this.#usage);
    return [
      ...unfinished.map(([index]) => this.#chunk(index, this.#opening(index), null, "stop")),
      ...(this.#includeUsage && usage !== undefined
        ? [sseEvent(JSON.stringify({ ...this.#members(), choices: [], usage }))]
        : []),
      sseEvent("[DONE]"),
    ];
  }

  #chunk(
    index: number,
    text: string,
    logprobs: object | null,
    finish_reason: string | null,
  ): Buffer {
    const choices = [{ text, index, logprobs, finish_reason }];
    const usage = this.#includeUsage ? { usage: null } : {};
    return sseEvent(JSON.stringify({ ...this.#members(), choices, ...usage }));
  }

  #members(): Record<string, unknown> {
    const { id, created, model } = this.#head;
    return { id, object: "text_completion", created, model };
  }

  #choice(candidate: number): Choice {
    const known = this.#choices.get(candidate);
    if (known !== undefined) return known;
    const fresh: Choice = { text: this.#echo, tokens: [], reason: undefined };
    this.#choices.set(candidate, fresh);
    return fresh;
  }
}

/** Completions have no calls: a model that makes one all the same has stopped. */
const reasonOf = (reason: NonNullable<Choice["reason"]>): string =>
  finishReason(reason === "tool-use" ? "stop" : reason, { refused: false, functions: false });
