import type { ConversationEncoder } from "../../conversation/codec.ts";
import type { ConversationEvent, LikelyToken, TokenLogprob } from "../../conversation/events.ts";
import { present } from "../../lib/present.ts";
import { sseEvent } from "../../lib/sse.ts";
import type { DetailedUsage } from "../../lib/usage.ts";
import type { EncoderOptions, ParsedRequest } from "../endpoint.ts";
import { Field } from "../field.ts";
import { Candidates, type Piece } from "./candidates.ts";
import { member } from "./members.ts";
import type { GeminiBody } from "./parse.ts";

type Json = Record<string, unknown>;

/** A `GenerateContentResponse`, whole, or as many of them as there are pieces, in either framing. */
export const generateContentEncoder = (
  request: ParsedRequest<GeminiBody>,
  options: EncoderOptions,
): ConversationEncoder =>
  options.stream ? new StreamEncoder(request, options) : new WholeEncoder(request, options);

/** What both ways of answering know of the answer. */
class Answer {
  readonly candidates: Candidates;
  #id: string;
  #model: string;
  #usage: DetailedUsage = {};
  #ends: string | undefined;

  constructor({ model, body }: ParsedRequest<GeminiBody>, { id }: EncoderOptions) {
    this.candidates = new Candidates(hidesThoughts(body));
    this.#id = id;
    this.#model = model;
  }

  /** Parts that are complete now. */
  take(event: ConversationEvent): Piece[] {
    switch (event.type) {
      case "start":
        this.#id = event.id ?? this.#id;
        this.#model = event.model ?? this.#model;
        this.#ends = undefined;
        return [];
      case "usage":
        this.#usage = { ...this.#usage, ...event.usage };
        return [];
      case "finish":
        this.candidates.finish(event);
        return [];
      case "end":
      case "error":
        return [];
      default:
        return this.candidates.take(event);
    }
  }

  /** A `GenerateContentResponse` as JSON; what all pieces of a stream have in common is written once. */
  response(candidates: readonly Json[], last: boolean): string {
    const usage = last ? usageJson(this.#usage) : undefined;
    const counts = usage === undefined ? "" : `,"usageMetadata":${JSON.stringify(usage)}`;
    this.#ends ??= JSON.stringify({ modelVersion: this.#model, responseId: this.#id }).slice(1);
    return `{"candidates":${JSON.stringify(candidates)}${counts},${this.#ends}`;
  }
}

class WholeEncoder implements ConversationEncoder {
  readonly contentType = "application/json";
  readonly #answer: Answer;
  readonly #pieces: Piece[] = [];

  constructor(request: ParsedRequest<GeminiBody>, options: EncoderOptions) {
    this.#answer = new Answer(request, options);
  }

  push(event: ConversationEvent): Buffer[] {
    this.#pieces.push(...this.#answer.take(event));
    return [];
  }

  finish(): Buffer[] {
    const candidates = this.#answer.candidates.endings().map(([index, ending]) => {
      const own = this.#pieces.filter(({ candidate }) => candidate === index);
      const logprobs = own.flatMap((piece) => piece.logprobs ?? []);
      return candidateJson(index, joined(own.map(({ part }) => part)), logprobs, ending);
    });
    return [Buffer.from(this.#answer.response(candidates, true))];
  }
}

class StreamEncoder implements ConversationEncoder {
  readonly contentType: string;
  readonly #array: boolean;
  readonly #answer: Answer;
  #begun = false;

  constructor(request: ParsedRequest<GeminiBody>, options: EncoderOptions) {
    this.#array = request.body.array;
    this.contentType = this.#array ? "application/json" : "text/event-stream";
    this.#answer = new Answer(request, options);
  }

  push(event: ConversationEvent): Buffer[] {
    const out = this.#answer
      .take(event)
      .map(({ candidate, part, logprobs }) =>
        this.#frame([candidateJson(candidate, [part], logprobs ?? [], {})], false),
      );
    if (event.type !== "end") return out;
    const endings = this.#answer.candidates
      .endings()
      .map(([index, ending]) => candidateJson(index, [{ text: "" }], [], ending));
    out.push(this.#frame(endings, true));
    if (this.#array) out.push(Buffer.from("]"));
    return out;
  }

  finish(): Buffer[] {
    return [];
  }

  #frame(candidates: readonly Json[], last: boolean): Buffer {
    const json = this.#answer.response(candidates, last);
    if (!this.#array) return sseEvent(json);
    const before = this.#begun ? ",\r\n" : "[";
    this.#begun = true;
    return Buffer.from(before + json);
  }
}

function candidateJson(
  index: number,
  parts: readonly Json[],
  tokens: readonly TokenLogprob[],
  ending: Json,
): Json {
  return {
    content: { parts, role: "model" },
    ...ending,
    index,
    ...(tokens.length === 0 ? {} : { logprobsResult: logprobsJson(tokens) }),
  };
}

const logprobsJson = (tokens: readonly TokenLogprob[]): Json => ({
  chosenCandidates: tokens.map(likely),
  topCandidates: tokens.map(({ top = [] }) => ({ candidates: top.map(likely) })),
});

const likely = ({ token, logprob }: LikelyToken): Json => ({ token, logProbability: logprob });

/** Pieces of a text are one part, and a signature belongs to the thought before it. */
function joined(parts: readonly Json[]): Json[] {
  const out: Json[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    const sameKind =
      last !== undefined &&
      typeof part.text === "string" &&
      typeof last.text === "string" &&
      part.thought === last.thought &&
      last.thoughtSignature === undefined;
    if (sameKind) Object.assign(last, part, { text: `${last.text}${part.text}` });
    else out.push({ ...part });
  }
  return out;
}

/** Thinking counts by itself. */
function usageJson(usage: DetailedUsage): Json | undefined {
  const { inputTokens, outputTokens, reasoningTokens = 0 } = usage;
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  const total = (inputTokens ?? 0) + (outputTokens ?? 0);
  return present({
    promptTokenCount: inputTokens ?? 0,
    candidatesTokenCount: Math.max(0, (outputTokens ?? 0) - reasoningTokens),
    totalTokenCount: usage.totalTokens ?? total,
    cachedContentTokenCount: usage.cachedInputTokens,
    thoughtsTokenCount: usage.reasoningTokens,
    promptTokensDetails: modalities(usage),
  });
}

/** Told where the provider tells sound from the rest. */
function modalities({ inputTokens = 0, audioInputTokens = 0 }: DetailedUsage): Json[] | undefined {
  if (audioInputTokens === 0) return undefined;
  return [
    { modality: "TEXT", tokenCount: Math.max(0, inputTokens - audioInputTokens) },
    { modality: "AUDIO", tokenCount: audioInputTokens },
  ];
}

function hidesThoughts({ json }: GeminiBody): boolean {
  const config = member(new Field(json), "generationConfig");
  if (config.absent) return true;
  const thinking = member(config, "thinkingConfig");
  return thinking.absent || member(thinking, "includeThoughts").value !== true;
}
