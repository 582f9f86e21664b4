import type { ConversationEncoder } from "../../conversation/codec.ts";
import type { ConversationEvent, FinishReason, TokenLogprob } from "../../conversation/events.ts";
import { sseEvent } from "../../lib/sse.ts";
import type { DetailedUsage } from "../../lib/usage.ts";
import type { EncoderOptions, ParsedRequest } from "../endpoint.ts";
import { logprobsJson } from "../logprobs.ts";
import { openAiErrorEvent } from "../openai-family.ts";
import { ofProvider } from "../provider-error.ts";
import type { JsonBody } from "../request-body.ts";
import {
  type AnswerHead,
  AnswerState,
  finishReason,
  headOf,
  speaksFunctions,
  usageJson,
} from "./answer.ts";

/**
 * `chat.completion.chunk` events and the closing `[DONE]`. Nothing is written before the provider
 * has begun to answer, so that an error until then still has a status of its own.
 */
export function streamedChatEncoder(
  request: ParsedRequest<JsonBody>,
  options: EncoderOptions,
): ConversationEncoder {
  const answer = new StreamedAnswer(request, options);
  return {
    contentType: "text/event-stream",
    push: (event) => answer.take(event),
    // The end of a stream is an event; one that breaks off is not made to look complete.
    finish: () => [],
  };
}

class StreamedAnswer {
  readonly #request: ParsedRequest<JsonBody>;
  readonly #options: EncoderOptions;
  readonly #functions: boolean;
  readonly #includeUsage: boolean;
  readonly #state = new AnswerState();
  /** Candidates that have begun, and whether they have come to their end. */
  readonly #finished = new Map<number, boolean>();
  #begins: string;
  #usage: DetailedUsage = {};
  #over = false;

  constructor(request: ParsedRequest<JsonBody>, options: EncoderOptions) {
    this.#request = request;
    this.#options = options;
    this.#begins = beginOf(headOf(request, options));
    this.#functions = speaksFunctions(request);
    this.#includeUsage = wantsUsage(request.body.stream_options);
  }

  take(event: ConversationEvent): Buffer[] {
    if (this.#over) return [];
    switch (event.type) {
      case "start":
        this.#begins = beginOf(headOf(this.#request, this.#options, event));
        return [];
      case "block-start":
        return this.#startBlock(event);
      case "text-delta": {
        const { candidate } = this.#state.addText(event.index, event.text);
        return [this.#textDelta(candidate, "content", event.text, event.logprobs)];
      }
      case "refusal-delta":
        return [this.#blockDelta(event.index, "refusal", event.text)];
      case "thinking-delta":
        this.#state.block(event.index).thinking += event.text;
        return [this.#blockDelta(event.index, "reasoning_content", event.text)];
      case "signature-delta":
        this.#state.block(event.index).signature += event.signature;
        return [];
      case "tool-input-delta":
        return this.#toolInput(event.index, event.json);
      case "citation":
        this.#state.block(event.index).citations.push(event);
        return [];
      case "block-stop":
        return this.#stopBlock(event.index);
      case "finish":
        return this.#finish(event.candidate ?? 0, event.reason);
      case "usage":
        this.#usage = { ...this.#usage, ...event.usage };
        return [];
      case "error":
        this.#over = true;
        return [openAiErrorEvent(ofProvider(event.error))];
      case "end":
        return this.#end();
    }
  }

  #startBlock(event: Extract<ConversationEvent, { type: "block-start" }>): Buffer[] {
    const { candidate, toolIndex } = this.#state.start(event);
    const out = this.#begin(candidate);
    const { block } = event;
    if (block.type === "redacted-thinking") {
      out.push(this.#thinkingBlock(candidate, { type: "redacted_thinking", data: block.data }));
    } else if (block.type === "tool-use") {
      const called = { name: block.name, arguments: "" };
      out.push(
        ...this.#toolDelta(candidate, toolIndex, called, { id: block.id, type: "function" }),
      );
    }
    return out;
  }

  #toolInput(index: number, json: string): Buffer[] {
    if (json === "") return [];
    const block = this.#state.block(index);
    block.hasInput = true;
    return this.#toolDelta(block.candidate, block.toolIndex, { arguments: json });
  }

  /** Clients of functions know one call; further ones have no form for them. */
  #toolDelta(
    candidate: number,
    index: number,
    called: { name?: string; arguments: string },
    first: { id?: string; type?: "function" } = {},
  ): Buffer[] {
    if (!this.#functions) {
      return [this.#delta(candidate, { tool_calls: [{ index, ...first, function: called }] })];
    }
    return index === 0 ? [this.#delta(candidate, { function_call: called })] : [];
  }

  #stopBlock(index: number): Buffer[] {
    const { type, hasInput, candidate, thinking, signature } = this.#state.stop(index);
    // Clients parse what they have gathered of a call's arguments, also where it has none.
    if (type === "tool-use" && !hasInput) return this.#toolInput(index, "{}");
    if (signature === "") return [];
    return [this.#thinkingBlock(candidate, { type: "thinking", thinking, signature })];
  }

  /**
   * A block that is sealed comes once more, in one piece and with its index: clients put lists
   * together by index, some fail without, and some keep no more than the last piece.
   */
  #thinkingBlock(candidate: number, block: Record<string, unknown>): Buffer {
    const index = this.#state.nextThinkingIndex(candidate);
    return this.#delta(candidate, { thinking_blocks: [{ index, ...block }] });
  }

  #begin(candidate: number): Buffer[] {
    if (this.#finished.has(candidate)) return [];
    this.#finished.set(candidate, false);
    return [this.#delta(candidate, { role: "assistant", content: "", refusal: null })];
  }

  #finish(candidate: number, reason: FinishReason): Buffer[] {
    const out = this.#begin(candidate);
    this.#finished.set(candidate, true);
    const refused = this.#state.refused(candidate);
    const annotations = this.#state.annotations(candidate);
    // All in one piece: clients cannot put a list together whose entries have no index.
    if (annotations.length > 0) out.push(this.#delta(candidate, { annotations }));
    out.push(
      this.#delta(candidate, {}, finishReason(reason, { refused, functions: this.#functions })),
    );
    return out;
  }

  #end(): Buffer[] {
    const out: Buffer[] = [];
    for (const candidate of this.#finished.size === 0 ? [0] : this.#finished.keys()) {
      if (this.#finished.get(candidate) !== true) out.push(...this.#finish(candidate, "stop"));
    }
    this.#over = true;
    const usage = usageJson(this.#usage);
    if (this.#includeUsage && usage !== undefined)
      out.push(this.#chunk("[]", JSON.stringify(usage)));
    out.push(sseEvent("[DONE]"));
    return out;
  }

  #blockDelta(index: number, name: string, text: string): Buffer {
    return this.#textDelta(this.#state.block(index).candidate, name, text);
  }

  /** Nearly all of a stream is such pieces: what is the same in each is written once. */
  #textDelta(index: number, name: string, text: string, tokens?: readonly TokenLogprob[]): Buffer {
    return this.#choice(index, `{"${name}":${JSON.stringify(text)}}`, null, tokens);
  }

  #delta(index: number, delta: Record<string, unknown>, finish: string | null = null): Buffer {
    return this.#choice(index, JSON.stringify(delta), finish);
  }

  #choice(
    index: number,
    delta: string,
    finish: string | null,
    tokens?: readonly TokenLogprob[],
  ): Buffer {
    const logprobs = tokens === undefined ? "null" : JSON.stringify(logprobsJson(tokens));
    const reason = finish === null ? "null" : JSON.stringify(finish);
    return this.#chunk(
      `[{"index":${index},"delta":${delta},"logprobs":${logprobs},"finish_reason":${reason}}]`,
      "null",
    );
  }

  /** @param choices JSON, as `usage` */
  #chunk(choices: string, usage: string): Buffer {
    const counts = this.#includeUsage ? `,"usage":${usage}` : "";
    return sseEvent(`${this.#begins}${choices}${counts}}`);
  }
}

/** A chunk's JSON as far as its choices. */
const beginOf = ({ id, created, model }: AnswerHead): string =>
  `${JSON.stringify({ id, object: "chat.completion.chunk", created, model }).slice(0, -1)},"choices":`;

const wantsUsage = (options: unknown): boolean =>
  typeof options === "object" &&
  options !== null &&
  (options as Record<string, unknown>).include_usage === true;
