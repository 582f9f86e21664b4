import type { MessageDelta } from "../../schemas/openai/response.ts";
import type { Conversation } from "../conversation.ts";
import type { ConversationEvent, FinishReason } from "../events.ts";
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

/** The choices of an answer, whole or streamed, as events. */
export class Choices {
  readonly #counter = new BlockCounter();
  readonly #blocks = new Map<number, ChoiceBlocks>();
  readonly #toolName: (wireName: string) => string;
  readonly #finished = new Set<number>();

  constructor({ tools }: Conversation) {
    this.#toolName = clientToolNames(tools);
  }

  /** True when every choice that has begun has come to its end. */
  get complete(): boolean {
    return this.#finished.size > 0 && this.#blocks.size === 0;
  }

  take(
    candidate: number,
    delta: MessageDelta | null | undefined,
    finish: string | null | undefined,
  ): ConversationEvent[] {
    // Some servers send the usage with one more delta, that says nothing, of a choice that is over.
    if (this.#finished.has(candidate)) return [];
    const blocks = this.#blocksOf(candidate);
    const events = delta == null ? [] : blocks.take(delta);
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
    const fresh = new ChoiceBlocks(candidate, this.#counter, this.#toolName);
    this.#blocks.set(candidate, fresh);
    return fresh;
  }
}
