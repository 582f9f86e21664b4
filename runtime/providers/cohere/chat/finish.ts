import type { ConversationEvent, FinishReason } from "../../../conversation/events.ts";

const REASONS: Readonly<Record<string, FinishReason>> = {
  COMPLETE: "stop",
  STOP_SEQUENCE: "stop-sequence",
  MAX_TOKENS: "length",
  TOOL_CALL: "tool-use",
  ERROR_LIMIT: "context-window",
  ERROR_TOXIC: "content-filter",
};

/** How an answer ended; `ERROR` and `TIMEOUT` are errors, whatever came before. */
export function finishEvent(
  reason: string,
  error: string | null | undefined,
  status: number,
): ConversationEvent {
  if (reason === "TIMEOUT") {
    const message = error || "the provider took too long to answer";
    return { type: "error", error: { status: status && 504, kind: "timeout", message } };
  }
  if (reason === "ERROR") {
    const message = error || "the provider failed while it answered";
    return { type: "error", error: { status: status && 502, kind: "server", message } };
  }
  return { type: "finish", reason: REASONS[reason] ?? "stop" };
}
