import type { ConversationEvent, FinishReason } from "../../conversation/events.ts";

const REASONS: Readonly<Record<string, FinishReason>> = {
  end_turn: "stop",
  tool_use: "tool-use",
  max_tokens: "length",
  stop_sequence: "stop-sequence",
  guardrail_intervened: "content-filter",
  content_filtered: "content-filter",
  model_context_window_exceeded: "context-window",
  malformed_model_output: "error",
  malformed_tool_use: "error",
};

/** @param additionalFields what the model adds of its own; Claude names the stop sequence there */
export function finishEvent(
  stopReason: string | undefined,
  additionalFields: { stop_sequence?: unknown } | null | undefined,
): ConversationEvent {
  const stopSequence = additionalFields?.stop_sequence;
  return {
    type: "finish",
    reason: REASONS[stopReason ?? ""] ?? "stop",
    ...(typeof stopSequence === "string" ? { stopSequence } : {}),
  };
}
