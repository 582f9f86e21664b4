import { z } from "zod";
import type { Conversation } from "../../../conversation/conversation.ts";
import type { ConversationEvent, ProviderError } from "../../../conversation/events.ts";
import { type StreamedAnswer, streamDecoder } from "../../../conversation/stream-decoder.ts";
import { badUpstream } from "../../../lib/errors.ts";
import { present } from "../../../lib/present.ts";
import { type SseEvent, sseParser } from "../../../lib/sse.ts";
import { collect, type Transducer } from "../../../lib/transducer.ts";
import {
  type CohereEvent,
  chatAnswerSchema,
  chatEventSchema,
} from "../../../schemas/cohere/response.ts";
import { AnswerBlocks } from "./blocks.ts";
import { finishEvent } from "./finish.ts";
import { usageOf } from "./usage.ts";

/** Whole answers. @throws {UserError} 502 from `finish` when the body is not one. */
export const chatDecoder = (conversation: Conversation): Transducer<Buffer, ConversationEvent> =>
  collect((body) => decodeWhole(body, conversation));

/** Streamed answers. */
export const chatStreamDecoder = (
  conversation: Conversation,
): Transducer<Buffer, ConversationEvent> => streamDecoder(sseParser(), new Answer(conversation));

function decodeWhole(body: Buffer, conversation: Conversation): ConversationEvent[] {
  const parsed = chatAnswerSchema.safeParse(parseJson(body.toString("utf8")));
  if (!parsed.success) {
    throw badUpstream(`Cohere's answer is no chat answer: ${z.prettifyError(parsed.error)}`);
  }
  const { id, finish_reason, message, usage, logprobs } = parsed.data;
  const finish = finishEvent(finish_reason ?? "COMPLETE", undefined, 200);
  if (finish.type === "error") return [finish];
  const blocks = new AnswerBlocks(conversation);
  const contents = message.content ?? [];
  const citations = message.citations ?? [];
  // Likelihoods come for the whole answer, and belong to the text that ends it.
  const lastText = contents.findLastIndex(({ type }) => type !== "thinking");
  return [
    { type: "start", ...present({ id: id ?? undefined }), model: conversation.model },
    ...contents.flatMap((content, at) => [
      ...blocks.content(at, content, at === lastText ? (logprobs ?? []) : []),
      ...citations.flatMap((citation) =>
        citation.type !== "PLAN" && (citation.content_index ?? lastText) === at
          ? blocks.citation(citation)
          : [],
      ),
    ]),
    ...blocks.plan(message.tool_plan ?? ""),
    ...citations.flatMap((citation) => (citation.type === "PLAN" ? blocks.citation(citation) : [])),
    ...(message.tool_calls ?? []).flatMap((call, number) => blocks.callStart(call, number)),
    ...blocks.close(),
    finish,
    ...(usage == null ? [] : [{ type: "usage" as const, usage: usageOf(usage) }]),
    { type: "end" },
  ];
}

class Answer implements StreamedAnswer<SseEvent> {
  /** True after `end` or `error`. */
  ended = false;
  readonly #model: string;
  readonly #blocks: AnswerBlocks;
  #calls = 0;

  constructor(conversation: Conversation) {
    this.#model = conversation.model;
    this.#blocks = new AnswerBlocks(conversation);
  }

  take({ data }: SseEvent): ConversationEvent[] {
    if (this.ended || data === "" || data === "[DONE]") return [];
    const { type, id, index, delta, logprobs } = read(data);
    const message = delta?.message;
    switch (type) {
      case "message-start":
        return [{ type: "start", ...present({ id: id ?? undefined }), model: this.#model }];
      case "content-start":
      case "content-delta": {
        const content = single(message?.content);
        if (content === undefined) return [];
        return this.#blocks.content(index ?? 0, content, logprobs == null ? [] : [logprobs]);
      }
      case "tool-plan-delta":
        return this.#blocks.plan(message?.tool_plan ?? "");
      case "tool-call-start": {
        this.#calls += 1;
        return this.#blocks.callStart(single(message?.tool_calls) ?? {}, this.#calls);
      }
      case "tool-call-delta":
        return this.#blocks.callInput(single(message?.tool_calls)?.function?.arguments ?? "");
      case "citation-start": {
        const citation = single(message?.citations);
        return citation === undefined ? [] : this.#blocks.citation(citation);
      }
      case "message-end":
        return this.#end(delta);
      default:
        return [];
    }
  }

  finish(): ConversationEvent[] {
    if (this.ended) return [];
    throw badUpstream("Cohere's stream ended before the answer was complete");
  }

  fail(error: ProviderError): ConversationEvent[] {
    this.ended = true;
    return [{ type: "error", error }];
  }

  #end(delta: CohereEvent["delta"]): ConversationEvent[] {
    this.ended = true;
    const finish = finishEvent(delta?.finish_reason ?? "COMPLETE", delta?.error, 0);
    if (finish.type === "error") return [finish];
    const usage = delta?.usage;
    return [
      ...this.#blocks.close(),
      finish,
      ...(usage == null ? [] : [{ type: "usage" as const, usage: usageOf(usage) }]),
      { type: "end" },
    ];
  }
}

/** What an event tells of; the first event has empty lists in their places. */
const single = <Told extends object>(
  told: Told | unknown[] | null | undefined,
): Told | undefined => (told == null || Array.isArray(told) ? undefined : told);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badUpstream("Cohere's answer is not JSON");
  }
}

function read(data: string): CohereEvent {
  const parsed = chatEventSchema.safeParse(parseJson(data));
  if (parsed.success) return parsed.data;
  throw badUpstream("Cohere's stream has an event of an unknown shape");
}
