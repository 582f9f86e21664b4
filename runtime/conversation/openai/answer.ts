import type { Logprobs, MessageDelta } from "../../schemas/openai/response.ts";
import type { Conversation } from "../conversation.ts";
import type { ConversationEvent, FinishReason, TokenLogprob } from "../events.ts";
import { withLogprobs } from "../logprobs.ts";
import { BlockCounter, ChoiceBlocks } from "./answer-blocks.ts";
import { clientToolNames } from "./names.ts";

const REASONS: Readonly<Record<string, FinishReason>> = {
  stop: "stop",
  length: "length",
  tool_calls: "tool-use",
  function_call: "tool-use",
  content_filter: "content-filter",
  // Mistral's.
  model_length: "context-window",
  error: "error",
};

const tokensOf = (logprobs: Logprobs | null | undefined): TokenLogprob[] =>
  (logprobs?.content ?? []).map(({ token, logprob, top_logprobs }) => ({
    token,
    logprob,
    top: (top_logprobs ?? []).map((likely) => ({ token: likely.token, logprob: likely.logprob })),
  }));

/** The choices of an answer, whole or streamed, as events. */
export class Choices {
  readonly #counter = new BlockCounter();
  readonly #blocks = new Map<number, ChoiceBlocks>();
  readonly #toolName: (wireName: string) => string;
  readonly #finished = new Set<number>();
  readonly #salt: string;

  constructor({ model, tools, turns }: Conversation) {
    this.#toolName = clientToolNames(tools);
    this.#salt = `${model}/${turns.length}`;
  }

  /** True when every choice that has begun has come to its end. */
  get complete(): boolean {
    return this.#finished.size > 0 && this.#blocks.size === 0;
  }

  take(
    candidate: number,
    delta: MessageDelta | null | undefined,
    finish: string | null | undefined,
    logprobs?: Logprobs | null,
  ): ConversationEvent[] {
    // Some servers send the usage with one more delta, that says nothing, of a choice that is over.
    if (this.#finished.has(candidate)) return [];
    const blocks = this.#blocksOf(candidate);
    const events = withLogprobs(delta == null ? [] : blocks.take(delta), tokensOf(logprobs));
    return finish == null ? events : [...events, ...this.#finish(candidate, blocks, finish)];
  }

  #finish(candidate: number, blocks: ChoiceBlocks, finish: string): ConversationEvent[] {
    this.#blocks.delete(candidate);
    this.#finished.add(candidate);
    const reason = REASONS[finish] ?? "stop";
    return [
      ...blocks.end(),
      {
        type: "finish",
        ...(candidate === 0 ? {} : { candidate }),
        reason: reason === "stop" && blocks.refused ? "refusal" : reason,
      },
    ];
  }

  #blocksOf(candidate: number): ChoiceBlocks {
    const known = this.#blocks.get(candidate);
    if (known !== undefined) return known;
    const fresh = new ChoiceBlocks(candidate, this.#counter, this.#toolName, this.#salt);
    this.#blocks.set(candidate, fresh);
    return fresh;
  }
}
