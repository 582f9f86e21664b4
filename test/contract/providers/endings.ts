import type { WireEvent } from "./cases.ts";

type Ending = "complete" | "error" | "missing";

/** How a stream of each endpoint's ends, as its clients tell. */
export const endings: Readonly<Record<string, (events: readonly WireEvent[]) => Ending>> = {
  "chat-completions": (events) => endingOfChat(events),
  completions: (events) => endingOfChat(events),
  "image-generations": (events) => endingByType(events, "image_generation.completed"),
  "image-edits": (events) => endingByType(events, "image_edit.completed"),
  transcriptions: (events) => endingByType(events, "transcript.text.done"),
  speech: (events) => endingByType(events, "speech.audio.done"),
  responses: (events) => {
    const last = events.at(-1);
    if (/^response\.(completed|incomplete)$/.test(last?.event ?? "")) return "complete";
    return last?.event === "error" || last?.event === "response.failed" ? "error" : "missing";
  },
  "generate-content": (events) => {
    const last = Object(events.at(-1)?.data);
    if (has(last, "error")) return "error";
    return last.candidates?.some((each: unknown) => has(each, "finishReason"))
      ? "complete"
      : "missing";
  },
  "cohere-chat": (events) => {
    const last = Object(events.at(-1)?.data);
    if (last.type !== "message-end") return "missing";
    return /^(ERROR|TIMEOUT)$/.test(last.delta?.finish_reason) && has(last.delta, "error")
      ? "error"
      : "complete";
  },
  messages: (events) => {
    const last = events.at(-1);
    if (last?.event === "message_stop") return "complete";
    return last?.event === "error" && has(last.data, "error") ? "error" : "missing";
  },
};

function endingOfChat(events: readonly WireEvent[]): Ending {
  const last = events.at(-1)?.data;
  if (last === "[DONE]") return "complete";
  return has(last, "error") ? "error" : "missing";
}

function endingByType(events: readonly WireEvent[], type: string): Ending {
  const last = events.at(-1)?.data;
  if (Object(last).type === type) return "complete";
  return has(last, "error") ? "error" : "missing";
}

const has = (data: unknown, member: string): boolean =>
  typeof data === "object" && data !== null && member in data;
