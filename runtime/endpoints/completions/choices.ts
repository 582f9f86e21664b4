import type { ConversationEvent, FinishReason, TokenLogprob } from "../../conversation/events.ts";

/** A completion as far as it has come. */
export interface Choice {
  text: string;
  tokens: TokenLogprob[];
  reason: FinishReason | undefined;
}

/** A piece of text of one of the choices. */
export interface Piece {
  candidate: number;
  text: string;
  tokens: TokenLogprob[];
}

/** Which choice the blocks of an answer belong to. Thinking and calls have no place in a completion. */
export class Choices {
  readonly #candidates = new Map<number, number>();

  /** The text that an event adds, refusals in words included. */
  piece(event: ConversationEvent): Piece | undefined {
    if (event.type === "block-start") {
      this.#candidates.set(event.index, event.candidate ?? 0);
      return undefined;
    }
    if (event.type !== "text-delta" && event.type !== "refusal-delta") return undefined;
    const candidate = this.#candidates.get(event.index);
    if (candidate === undefined) throw new Error(`no block ${event.index} has begun`);
    const tokens = event.type === "text-delta" ? (event.logprobs ?? []) : [];
    return { candidate, text: event.text, tokens };
  }
}

/** `logprobs` of a completion: lists side by side, an entry for each token; `offset` in characters. */
export const completionLogprobs = (tokens: readonly TokenLogprob[], offset: number): object => {
  let at = offset;
  return {
    tokens: tokens.map(({ token }) => token),
    token_logprobs: tokens.map(({ logprob }) => logprob),
    top_logprobs: tokens.map(({ top = [] }) =>
      Object.fromEntries(top.map(({ token, logprob }) => [token, logprob])),
    ),
    text_offset: tokens.map(({ token }) => {
      at += token.length;
      return at - token.length;
    }),
  };
};
