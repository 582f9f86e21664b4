import { encodeEventStreamMessage } from "../../../runtime/lib/event-stream.ts";
import { sseEvent, sseParser } from "../../../runtime/lib/sse.ts";
import type { ProviderFile, WireEvent } from "./cases.ts";

export const jsonOrText = (data: unknown): string =>
  typeof data === "string" ? data : JSON.stringify(data);

/** A provider's stream as the bytes that it sends. */
export const frame = (framing: ProviderFile["framing"], events: readonly WireEvent[]): Buffer =>
  Buffer.concat(
    events.map(({ event = "", data }) => {
      if (framing === "sse") return sseEvent(jsonOrText(data), event === "" ? undefined : event);
      if (framing === "event-stream" || event.startsWith(":"))
        return eventStreamMessage(event, data);
      return eventStreamMessage("chunk", {
        bytes: Buffer.from(jsonOrText(data)).toString("base64"),
      });
    }),
  );

/** `:exception` before the type marks what is no event. */
function eventStreamMessage(type: string, data: unknown): Buffer {
  const exception = type.startsWith(":exception ") ? type.slice(":exception ".length) : undefined;
  return encodeEventStreamMessage({
    headers:
      exception === undefined
        ? { ":event-type": type, ":content-type": "application/json", ":message-type": "event" }
        : { ":exception-type": exception, ":message-type": "exception" },
    payload: Buffer.from(jsonOrText(data)),
  });
}

/** A client's stream as data: what the bytes say. */
export const readSse = (bytes: Buffer): WireEvent[] => {
  const parser = sseParser();
  return [...parser.push(bytes), ...parser.finish()].map(({ event, data }) => ({
    ...(event === undefined ? {} : { event }),
    data: parseOrText(data),
  }));
};

export function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Bytes cut into pieces of these sizes, over and over. */
export function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}
