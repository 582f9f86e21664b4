import type { Conversation } from "../../conversation/conversation.ts";
import type { ConversationEvent, ProviderError } from "../../conversation/events.ts";
import { streamedGcpError } from "../../conversation/gcp-errors.ts";
import { type StreamedAnswer, streamDecoder } from "../../conversation/stream-decoder.ts";
import { badUpstream } from "../../lib/errors.ts";
import { present } from "../../lib/present.ts";
import { type SseEvent, sseParser } from "../../lib/sse.ts";
import { collect, type Transducer } from "../../lib/transducer.ts";
import type { DetailedUsage } from "../../lib/usage.ts";
import {
  type GeminiUsage,
  type GenerateContentAnswer,
  generateContentSchema,
} from "../../schemas/gemini/response.ts";
import { CandidateBlocks, type Numbering } from "./blocks.ts";
import { clientToolNames } from "./names.ts";

/** Streamed answers: each event is an answer by itself, with the next parts. */
export const contentStreamDecoder = (
  conversation: Conversation,
): Transducer<Buffer, ConversationEvent> => streamDecoder(sseParser(), new Answer(conversation));

/** Whole answers. @throws {UserError} 502 from `finish` when the body is not one. */
export const contentDecoder = (conversation: Conversation): Transducer<Buffer, ConversationEvent> =>
  collect((body) => {
    const answer = new Answer(conversation);
    return [...answer.take({ data: body.toString("utf8") }), ...answer.finish()];
  });

class Answer implements StreamedAnswer<SseEvent> {
  /** True after `end` or `error`. */
  ended = false;
  readonly #model: string;
  readonly #toolName: (wireName: string) => string;
  readonly #numbering: Numbering;
  readonly #candidates = new Map<number, CandidateBlocks>();
  #begun = false;
  #blocked = false;

  constructor({ model, tools, turns }: Conversation) {
    this.#model = model;
    this.#toolName = clientToolNames(tools);
    this.#numbering = { blocks: 0, calls: 0, salt: `${model}/${turns.length}` };
  }

  take({ data }: SseEvent): ConversationEvent[] {
    if (this.ended || data === "") return [];
    const value = parseJson(data);
    const error = streamedGcpError(value);
    if (error !== undefined) return this.fail({ ...error, status: this.#begun ? 0 : error.status });
    const { responseId, modelVersion, candidates, promptFeedback, usageMetadata } = read(value);
    const events: ConversationEvent[] = [];
    if (!this.#begun) {
      this.#begun = true;
      this.#numbering.salt += `/${responseId ?? ""}`;
      events.push({
        type: "start",
        ...present({ id: responseId ?? undefined }),
        model: modelVersion ?? this.#model,
      });
    }
    for (const candidate of candidates ?? []) {
      events.push(...this.#candidate(candidate.index ?? 0).take(candidate));
    }
    if (promptFeedback?.blockReason) events.push(...this.#block(promptFeedback));
    if (usageMetadata != null) events.push({ type: "usage", usage: usageOf(usageMetadata) });
    return events;
  }

  finish(): ConversationEvent[] {
    if (this.ended) return [];
    const all = [...this.#candidates.values()];
    if (!this.#blocked && (all.length === 0 || all.some(({ finished }) => !finished))) {
      throw badUpstream("Vertex AI's answer ended before it was complete");
    }
    this.ended = true;
    return [{ type: "end" }];
  }

  fail(error: ProviderError): ConversationEvent[] {
    this.ended = true;
    return [{ type: "error", error }];
  }

  /** The prompt was not let through: there are no candidates. */
  #block({
    blockReason,
    blockReasonMessage,
  }: NonNullable<GenerateContentAnswer["promptFeedback"]>): ConversationEvent[] {
    if (this.#blocked || this.#candidates.size > 0) return [];
    this.#blocked = true;
    const why = blockReasonMessage || `The prompt was blocked: ${blockReason}`;
    return [...this.#candidate(0).refusal(why), { type: "finish", reason: "content-filter" }];
  }

  #candidate(index: number): CandidateBlocks {
    const known = this.#candidates.get(index);
    if (known !== undefined) return known;
    const fresh = new CandidateBlocks(index, this.#numbering, this.#toolName);
    this.#candidates.set(index, fresh);
    return fresh;
  }
}

/** What tools brought in counts as input, thinking as output. */
export const usageOf = (usage: GeminiUsage): DetailedUsage =>
  present({
    inputTokens: sum(usage.promptTokenCount, usage.toolUsePromptTokenCount),
    outputTokens: sum(usage.candidatesTokenCount, usage.thoughtsTokenCount),
    totalTokens: usage.totalTokenCount ?? undefined,
    cachedInputTokens: usage.cachedContentTokenCount ?? undefined,
    reasoningTokens: usage.thoughtsTokenCount ?? undefined,
    audioInputTokens:
      usage.promptTokensDetails?.find(({ modality }) => modality === "AUDIO")?.tokenCount ??
      undefined,
  });

type Count = number | null | undefined;
const sum = (one: Count, other: Count): number | undefined =>
  one == null && other == null ? undefined : (one ?? 0) + (other ?? 0);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badUpstream("Vertex AI's answer is not JSON");
  }
}

function read(value: unknown): GenerateContentAnswer {
  const parsed = generateContentSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw badUpstream("Vertex AI's answer is no GenerateContentResponse");
}
