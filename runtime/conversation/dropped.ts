import type { Part } from "./conversation.ts";

/** Notes how closely a picture is to be looked at, where the model decides that itself. */
export function noteDetail(part: Part, dropped: Set<string>): void {
  if (part.type === "image" && part.detail !== undefined && part.detail !== "auto") {
    dropped.add("messages: detail");
  }
}

/** Notes what an earlier answer cited, where answers come back as text alone. */
export function noteCitations(part: Part, dropped: Set<string>): void {
  if (part.type === "text" && (part.citations?.length ?? 0) > 0) {
    dropped.add("messages: citations of earlier answers");
  }
}
