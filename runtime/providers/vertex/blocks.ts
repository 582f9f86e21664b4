import type {
  Block,
  ConversationEvent,
  FinishReason,
  TokenLogprob,
} from "../../conversation/events.ts";
import { withLogprobs } from "../../conversation/logprobs.ts";
import { markSignature } from "../../conversation/signatures.ts";
import { shortHash } from "../../lib/hash.ts";
import type { AnswerCandidate, AnswerPart, Logprobs } from "../../schemas/gemini/response.ts";
import { type CitationEvent, groundingCitations, recitationCitations } from "./citations.ts";

/** Numbers that are the same for all candidates of an answer. */
export interface Numbering {
  blocks: number;
  calls: number;
  /** Of this answer and no other in the conversation. */
  salt: string;
}

const REASONS: Readonly<Record<string, FinishReason>> = {
  STOP: "stop",
  MAX_TOKENS: "length",
  SAFETY: "content-filter",
  RECITATION: "content-filter",
  LANGUAGE: "content-filter",
  BLOCKLIST: "content-filter",
  PROHIBITED_CONTENT: "content-filter",
  SPII: "content-filter",
  MODEL_ARMOR: "content-filter",
  IMAGE_SAFETY: "content-filter",
  IMAGE_PROHIBITED_CONTENT: "content-filter",
  IMAGE_RECITATION: "content-filter",
};

function tokensOf({ chosenCandidates, topCandidates }: Logprobs): TokenLogprob[] {
  const likely = (each: {
    token?: string | null | undefined;
    logProbability?: number | null | undefined;
  }) => ({
    token: each.token ?? "",
    logprob: each.logProbability ?? 0,
  });
  return (chosenCandidates ?? []).map((chosen, at) => ({
    ...likely(chosen),
    top: (topCandidates?.[at]?.candidates ?? []).map(likely),
  }));
}

/** The blocks of one candidate: parts of one kind that follow each other are one block. */
export class CandidateBlocks {
  readonly #candidate: number;
  readonly #numbering: Numbering;
  readonly #toolName: (wireName: string) => string;
  #open: { index: number; kind: "text" | "thinking" } | undefined;
  /** The text of the open block, or of the last one. */
  #said = "";
  #called = false;
  /** The client sees the model think. */
  #thought = false;
  /** A signature that came after the beginning of what it signs. */
  #late: string | undefined;
  finished = false;

  constructor(candidate: number, numbering: Numbering, toolName: (wireName: string) => string) {
    this.#candidate = candidate;
    this.#numbering = numbering;
    this.#toolName = toolName;
  }

  take(candidate: AnswerCandidate): ConversationEvent[] {
    if (this.finished) return [];
    const { content, groundingMetadata, citationMetadata, finishReason, finishMessage } = candidate;
    const { logprobsResult } = candidate;
    const said = (content?.parts ?? []).flatMap((part) => this.#part(part));
    return [
      ...withLogprobs(said, logprobsResult == null ? [] : tokensOf(logprobsResult)),
      ...(groundingMetadata == null
        ? []
        : this.#citations(groundingCitations(groundingMetadata, this.#said))),
      ...(citationMetadata == null
        ? []
        : this.#citations(recitationCitations(citationMetadata, this.#said))),
      ...(finishReason == null || finishReason === "FINISH_REASON_UNSPECIFIED"
        ? []
        : this.#finish(finishReason, finishMessage ?? "")),
    ];
  }

  #part({ text, thought, thoughtSignature, functionCall }: AnswerPart): ConversationEvent[] {
    const signature = thoughtSignature || undefined;
    const signed = (): ConversationEvent[] =>
      signature === undefined ? [] : this.#signature(signature);
    if (functionCall != null) return [...signed(), ...this.#call(functionCall)];
    if (thought === true) return [...(text ? this.#say("thinking", text) : []), ...signed()];
    // The signature of an answer seals the thinking before it. Where more of the answer went before,
    // it waits for the end, so that one text stays one.
    const seals = this.#open?.kind === "thinking" ? signed() : [];
    if (seals.length === 0) this.#late = signature ?? this.#late;
    return [...seals, ...(text ? this.#say("text", text) : [])];
  }

  #say(kind: "text" | "thinking", text: string): ConversationEvent[] {
    const { index, events } = this.#into(kind);
    if (kind === "text") this.#said = events.length === 0 ? this.#said + text : text;
    return [
      ...events,
      kind === "text"
        ? { type: "text-delta", index, text }
        : { type: "thinking-delta", index, text },
    ];
  }

  /** Clients keep signatures with thinking, so that one without thinking gets an empty one. */
  #signature(signature: string): ConversationEvent[] {
    const { index, events } = this.#into("thinking");
    return [
      ...events,
      { type: "signature-delta", index, signature: markSignature(signature) },
      ...this.#close(),
    ];
  }

  #call({ id, name, args }: NonNullable<AnswerPart["functionCall"]>): ConversationEvent[] {
    this.#called = true;
    const numbering = this.#numbering;
    numbering.calls += 1;
    const begun = this.#begin({
      type: "tool-use",
      id: id || `call_${shortHash(numbering.salt, String(numbering.calls))}`,
      name: this.#toolName(name ?? ""),
    });
    return [
      ...begun.events,
      { type: "tool-input-delta", index: begun.index, json: JSON.stringify(args ?? {}) },
      { type: "block-stop", index: begun.index },
    ];
  }

  #citations(cited: CitationEvent[]): ConversationEvent[] {
    const open = this.#open;
    if (open?.kind !== "text") return [];
    return cited.map((event) => ({ type: "citation" as const, index: open.index, ...event }));
  }

  #finish(finishReason: string, message: string): ConversationEvent[] {
    this.finished = true;
    const known = REASONS[finishReason] ?? "error";
    const filtered = known === "content-filter" && message !== "";
    return [
      // Of no use to clients that see nothing of the thinking: Gemini does not ask for it again.
      ...(this.#late !== undefined && this.#thought ? this.#signature(this.#late) : []),
      ...this.#close(),
      ...(filtered ? this.refusal(message) : []),
      this.#finishEvent(known === "stop" && this.#called ? "tool-use" : known),
    ];
  }

  /** Why there is no answer, in words. */
  refusal(text: string): ConversationEvent[] {
    const { index, events } = this.#begin({ type: "refusal" });
    return [...events, { type: "refusal-delta", index, text }, { type: "block-stop", index }];
  }

  #finishEvent = (reason: FinishReason): ConversationEvent => ({
    type: "finish",
    ...(this.#candidate === 0 ? {} : { candidate: this.#candidate }),
    reason,
  });

  #into(kind: "text" | "thinking"): { index: number; events: ConversationEvent[] } {
    if (this.#open?.kind === kind) return { index: this.#open.index, events: [] };
    const begun = this.#begin({ type: kind });
    if (kind === "thinking") this.#thought = true;
    this.#open = { index: begun.index, kind };
    return begun;
  }

  #begin(block: Block): { index: number; events: ConversationEvent[] } {
    const closing = this.#close();
    const index = this.#numbering.blocks;
    this.#numbering.blocks += 1;
    const candidate = this.#candidate === 0 ? {} : { candidate: this.#candidate };
    return { index, events: [...closing, { type: "block-start", index, ...candidate, block }] };
  }

  #close(): ConversationEvent[] {
    if (this.#open === undefined) return [];
    const { index } = this.#open;
    this.#open = undefined;
    return [{ type: "block-stop", index }];
  }
}
