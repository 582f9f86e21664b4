import type { ConversationEvent, FinishReason, TokenLogprob } from "../../conversation/events.ts";
import { Groundings } from "./groundings.ts";
import { thoughtSignature } from "./signatures.ts";

type Json = Record<string, unknown>;
type BlockEvent = Exclude<Extract<ConversationEvent, { index: number }>, never>;

interface OpenBlock {
  candidate: number;
  type: "text" | "thinking" | "tool-use" | "refusal" | "other";
  /** Of calls: their arguments; of thoughts and refusals: what was said. */
  text: string;
  signature: string;
  id: string;
  name: string;
}

interface Candidate {
  refusal: string;
  groundings: Groundings;
  reason?: FinishReason;
}

/** A piece of one candidate's answer. */
export interface Piece {
  candidate: number;
  part: Json;
  logprobs?: TokenLogprob[];
}

const REASONS: Readonly<Record<FinishReason, string>> = {
  stop: "STOP",
  "stop-sequence": "STOP",
  "tool-use": "STOP",
  pause: "STOP",
  length: "MAX_TOKENS",
  "context-window": "MAX_TOKENS",
  "content-filter": "SAFETY",
  refusal: "SAFETY",
  error: "OTHER",
};

/** The candidates of an answer in the making: events in, parts out. Calls come in one piece, at their end. */
export class Candidates {
  readonly #hidden: boolean;
  readonly #blocks = new Map<number, OpenBlock>();
  readonly #candidates = new Map<number, Candidate>();

  /** @param hidden the client does not want to see thoughts */
  constructor(hidden: boolean) {
    this.#hidden = hidden;
  }

  take(event: BlockEvent): Piece[] {
    if (event.type === "block-start") return this.#start(event);
    const block = this.#blocks.get(event.index);
    if (block === undefined) return [];
    const { candidate } = block;
    switch (event.type) {
      case "text-delta": {
        this.#candidate(candidate).groundings.said(event.index, event.text);
        const { logprobs } = event;
        return [
          {
            candidate,
            part: { text: event.text },
            ...(logprobs === undefined ? {} : { logprobs }),
          },
        ];
      }
      case "thinking-delta":
        if (this.#hidden) block.text += event.text;
        return this.#hidden ? [] : [{ candidate, part: { text: event.text, thought: true } }];
      case "signature-delta":
        block.signature += event.signature;
        return [];
      case "tool-input-delta":
        block.text += event.json;
        return [];
      case "refusal-delta":
        this.#candidate(candidate).refusal += event.text;
        return [];
      case "citation":
        this.#candidate(candidate).groundings.cite(event);
        return [];
      case "block-stop":
        this.#blocks.delete(event.index);
        return this.#stop(block);
    }
  }

  finish({ candidate = 0, reason }: Extract<ConversationEvent, { type: "finish" }>): void {
    this.#candidate(candidate).reason = reason;
  }

  /** What the last piece of each candidate says beside its parts. */
  endings(): [candidate: number, ending: Json][] {
    if (this.#candidates.size === 0) this.#candidate(0);
    return [...this.#candidates]
      .sort(([one], [other]) => one - other)
      .map(([index, { reason = "stop", refusal, groundings }]) => [
        index,
        {
          finishReason: REASONS[refusal === "" || reason !== "stop" ? reason : "refusal"],
          ...(refusal === "" ? {} : { finishMessage: refusal }),
          ...groundings.metadata(),
        },
      ]);
  }

  #start({ index, candidate = 0, block }: Extract<BlockEvent, { type: "block-start" }>): Piece[] {
    this.#candidate(candidate);
    const call = block.type === "tool-use" ? block : { id: "", name: "" };
    const { id, name } = call;
    const type = block.type === "redacted-thinking" ? "other" : block.type;
    this.#blocks.set(index, { candidate, type, text: "", signature: "", id, name });
    if (block.type !== "redacted-thinking") return [];
    return [this.#thought(candidate, thoughtSignature({ redacted: block.data }, this.#hidden))];
  }

  #stop({ candidate, type, text, signature, id, name }: OpenBlock): Piece[] {
    if (type === "tool-use") {
      const functionCall = { ...(id === "" ? {} : { id }), name, args: argumentsOf(text) };
      return [{ candidate, part: { functionCall } }];
    }
    if (type !== "thinking" || signature === "") return [];
    return [this.#thought(candidate, thoughtSignature({ text, signature }, this.#hidden))];
  }

  #thought(candidate: number, signature: string | undefined): Piece {
    return {
      candidate,
      part: {
        text: "",
        thought: true,
        ...(signature === undefined ? {} : { thoughtSignature: signature }),
      },
    };
  }

  #candidate(index: number): Candidate {
    const known = this.#candidates.get(index);
    if (known !== undefined) return known;
    const fresh: Candidate = { refusal: "", groundings: new Groundings() };
    this.#candidates.set(index, fresh);
    return fresh;
  }
}

/** Arguments are an object; what a model wrote that is none is kept all the same. */
function argumentsOf(json: string): Json {
  if (json.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = json;
  }
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Json)
    : { input: value };
}
