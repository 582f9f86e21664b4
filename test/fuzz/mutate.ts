import type { Random } from "./random.ts";

/** Texts at which parsers of these formats turn. */
const TOKENS = [
  ...'{}[]",:\\;=%',
  "\r\n",
  "\n",
  "\r",
  "\0",
  "null",
  "true",
  "-0",
  "1e999",
  "\\u0000",
  "\\ud800",
  "\u2028",
  "\ufeff",
  '"model"',
  "data: ",
  "event: ",
  ":",
  "--",
  "boundary",
  "Content-Disposition: form-data; name=",
  "__proto__",
  "constructor",
].map((text) => Buffer.from(text));

/** A damaged copy: bytes changed, cut, doubled, put in or moved. */
export function mutateBytes(random: Random, original: Buffer): Buffer {
  let bytes = original;
  for (let times = 1 + random.below(4); times > 0; times -= 1) {
    const from = random.below(bytes.length + 1);
    const to = Math.min(bytes.length, from + random.below(random.chance(0.8) ? 16 : 4096));
    const before = bytes.subarray(0, from);
    const after = bytes.subarray(to);
    switch (random.below(7)) {
      case 0: {
        const copy = Buffer.from(bytes);
        if (copy.length > 0) copy[from % copy.length] = random.below(256);
        bytes = copy;
        break;
      }
      case 1:
        bytes = Buffer.concat([before, after]);
        break;
      case 2:
        bytes = Buffer.concat([before, bytes.subarray(from, to), bytes.subarray(from)]);
        break;
      case 3:
        bytes = Buffer.concat([before, random.pick(TOKENS), bytes.subarray(from)]);
        break;
      case 4:
        bytes = Buffer.concat([before, noise(random, random.below(64)), after]);
        break;
      case 5:
        bytes = before;
        break;
      default:
        bytes = Buffer.concat([after, before]);
    }
  }
  // What grows by doubling must not grow for ever.
  return bytes.length > 1_000_000 ? bytes.subarray(0, 1_000_000) : bytes;
}

const noise = (random: Random, length: number): Buffer =>
  Buffer.from(Array.from({ length }, () => random.below(256)));

/** Values that JSON allows and nobody expects. */
const SURPRISES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  Number.MAX_SAFE_INTEGER + 1,
  "",
  " ",
  "data:,",
  "data:image/png;base64,",
  "https://example.com/a.png",
  "\ud800",
  "x".repeat(5000),
  [],
  {},
  [null],
  [[]],
  { type: "text" },
  { type: "tool_use" },
  { role: "user", content: [] },
];

/** A copy of which some members are replaced, removed, renamed or put elsewhere. */
export function mutateJson(random: Random, value: unknown): unknown {
  const copy: unknown = structuredClone(value);
  for (let times = 1 + random.below(3); times > 0; times -= 1) {
    const places = placesOf(copy);
    if (places.length === 0) return random.pick(SURPRISES);
    const { holder, key } = random.pick(places);
    switch (random.below(5)) {
      case 0:
        delete holder[key];
        break;
      case 1: {
        const other = random.pick(places);
        holder[key] = structuredClone(other.holder[other.key]);
        break;
      }
      case 2:
        holder[random.chance(0.5) ? `${key}_` : "type"] = holder[key];
        break;
      default:
        holder[key] = structuredClone(random.pick(SURPRISES));
    }
  }
  return copy;
}

interface Place {
  holder: Record<string, unknown>;
  key: string;
}

const MAX_PLACES = 2000;

function placesOf(root: unknown): Place[] {
  const places: Place[] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== "object" || node === null || places.length > MAX_PLACES) return;
    const holder = node as Record<string, unknown>;
    for (const key of Object.keys(holder)) {
      places.push({ holder, key });
      walk(holder[key]);
    }
  };
  walk(root);
  return places;
}

/** The bytes in pieces of random sizes. */
export function cutAnyhow(random: Random, bytes: Buffer): Buffer[] {
  const most = random.pick([1, 7, 100, 5000, bytes.length + 1]);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + random.below(most);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}
