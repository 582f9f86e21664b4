import type { ConversationEvent, FinishReason } from "../../conversation/events.ts";

/** Claude's `refusal` is the nearest to an answer that a filter took away. */
const REASONS: Readonly<Record<FinishReason, string>> = {
  stop: "end_turn",
  "stop-sequence": "stop_sequence",
  length: "max_tokens",
  "tool-use": "tool_use",
  "content-filter": "refusal",
  refusal: "refusal",
  "context-window": "model_context_window_exceeded",
  pause: "pause_turn",
  error: "end_turn",
};

/** Who called a tool: the model itself, not one of Anthropic's own tools. */
export const CALLER = { type: "direct" } as const;

export interface Ending {
  stop_reason: string;
  stop_sequence: string | null;
  stop_details: { type: "refusal"; category: null; explanation: string | null } | null;
}

/** Why an answer ended, gathered from its events. */
export class EndingCollector {
  #reason: FinishReason = "stop";
  #stopSequence: string | null = null;
  #refusal = "";
  #usedTools = false;

  take(event: ConversationEvent): void {
    if (event.type === "refusal-delta") this.#refusal += event.text;
    else if (event.type === "block-start") this.#usedTools ||= event.block.type === "tool-use";
    else if (event.type === "finish") {
      this.#reason = event.reason;
      this.#stopSequence = event.stopSequence ?? null;
    }
  }

  get reason(): FinishReason {
    if (this.#reason !== "stop") return this.#reason;
    if (this.#refusal !== "") return "refusal";
    // Some providers say no more than that they stopped, when a tool was forced on them.
    return this.#usedTools ? "tool-use" : "stop";
  }

  ending(): Ending {
    const stop_reason = REASONS[this.reason];
    return {
      stop_reason,
      stop_sequence: this.#stopSequence,
      stop_details:
        stop_reason === "refusal"
          ? { type: "refusal", category: null, explanation: this.#refusal || null }
          : null,
    };
  }
}
