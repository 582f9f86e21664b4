import type { Ending } from "../../schemas/anthropic/response.ts";
import type { ConversationEvent, FinishReason } from "../events.ts";

const REASONS: Readonly<Record<string, FinishReason>> = {
  end_turn: "stop",
  stop_sequence: "stop-sequence",
  max_tokens: "length",
  tool_use: "tool-use",
  refusal: "refusal",
  pause_turn: "pause",
  model_context_window_exceeded: "context-window",
};

/** The end of an answer: why a refusal was one, as a block of its own, and the reason to stop. */
export function endingEvents(
  { stop_reason, stop_sequence, stop_details }: Ending,
  nextIndex: number,
): ConversationEvent[] {
  const why = stop_details?.explanation ?? "";
  const refusal: ConversationEvent[] =
    why === ""
      ? []
      : [
          { type: "block-start", index: nextIndex, block: { type: "refusal" } },
          { type: "refusal-delta", index: nextIndex, text: why },
          { type: "block-stop", index: nextIndex },
        ];
  return [
    ...refusal,
    {
      type: "finish",
      reason: REASONS[stop_reason ?? ""] ?? "stop",
      ...(typeof stop_sequence === "string" ? { stopSequence: stop_sequence } : {}),
    },
  ];
}
