import type { Transducer } from "../../lib/transducer.ts";

const LF = 0x0a;
const CR = 0x0d;
const CHOICES = Buffer.from('"choices"');
const NO_BYTES = Buffer.alloc(0);

/** A chunk of usage is shorter; longer events are passed on before their end has come. */
const MAX_EVENT_BYTES = 16 * 1024;

/**
 * Takes the chunk that carries nothing but usage out of an OpenAI stream: it exists because the
 * gateway asked for it, and clients that did not may stumble over a chunk without choices. All
 * other bytes go by as they are.
 */
export function hideUsageChunk(): Transducer<Buffer, Buffer> {
  /** The event that has begun but not ended. */
  let held: Buffer = NO_BYTES;
  return {
    push(chunk) {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const kept: Buffer[] = [];
      let from = 0;
      let at = 0;
      // What was held had no end but for its last bytes.
      let search = Math.max(0, held.length - 3);
      for (;;) {
        const end = endOfEvent(bytes, search);
        if (end < 0) break;
        if (isUsageChunk(bytes, at, end)) {
          if (at > from) kept.push(bytes.subarray(from, at));
          from = end;
        }
        at = end;
        search = end;
      }
      const rest = bytes.subarray(at);
      if (rest.length > MAX_EVENT_BYTES) {
        held = NO_BYTES;
        at = bytes.length;
      } else {
        held = rest;
      }
      if (at > from) kept.push(bytes.subarray(from, at));
      return kept;
    },
    finish() {
      const rest = held;
      held = NO_BYTES;
      return rest.length === 0 || isUsageChunk(rest, 0, rest.length) ? [] : [rest];
    },
  };
}

/** Behind the blank line that ends an event, or -1. */
function endOfEvent(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(LF, from); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    const next = bytes[at + 1];
    if (next === LF) return at + 2;
    if (next === CR && bytes[at + 2] === LF) return at + 3;
  }
  return -1;
}

function isUsageChunk(bytes: Buffer, start: number, end: number): boolean {
  if (!hasEmptyChoices(bytes, start, end)) return false;
  const data = bytes
    .toString("utf8", start, end)
    .split("\n")
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5))
    .join("\n");
  try {
    const chunk = JSON.parse(data) as { choices?: unknown; usage?: unknown };
    return (
      Array.isArray(chunk.choices) &&
      chunk.choices.length === 0 &&
      typeof chunk.usage === "object" &&
      chunk.usage !== null
    );
  } catch {
    return false;
  }
}

/** Cheap enough for every event: the name, and an empty array behind it. */
function hasEmptyChoices(bytes: Buffer, start: number, end: number): boolean {
  const found = bytes.subarray(start, end).indexOf(CHOICES);
  if (found < 0) return false;
  let expected = ":[]";
  for (let at = start + found + CHOICES.length; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte <= 0x20) continue;
    if (byte !== expected.charCodeAt(0)) return false;
    expected = expected.slice(1);
    if (expected === "") return true;
  }
  return false;
}
