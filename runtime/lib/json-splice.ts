import { badRequest } from "./errors.ts";

/**
 * Edits of JSON objects as bytes. Whatever is not edited keeps its bytes: order of keys, white space,
 * digits of large numbers, escapes.
 */

/** Where a member of an object stands: offsets into the bytes that were scanned. */
export interface Member {
  key: string;
  /** Of the quote that opens the key. */
  keyStart: number;
  /** The value, from its first byte to behind its last. */
  start: number;
  end: number;
}

/** By name: raw JSON to set, or undefined to remove. */
export type ObjectEdit = ReadonlyMap<string, string | undefined>;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * The members of the object that these bytes are. Nested values are passed over: their brackets and
 * strings have to match, nothing else of them is looked at.
 * @throws {UserError} 400 when the bytes are not one JSON object.
 */
export function scanObject(json: Buffer): Member[] {
  const members: Member[] = [];
  let at = skipSpace(json, 0);
  if (json[at] !== OPEN_BRACE) throw notJson(at, "a JSON object is needed");
  at = skipSpace(json, at + 1);
  if (json[at] === CLOSE_BRACE) return endOfObject(json, at, members);
  for (;;) {
    const keyStart = at;
    if (json[at] !== QUOTE) throw notJson(at, "a key in quotes is needed");
    at = endOfString(json, at);
    const key = readKey(json, keyStart, at);
    at = skipSpace(json, at);
    if (json[at] !== COLON) throw notJson(at, "a colon is needed");
    const start = skipSpace(json, at + 1);
    const end = endOfValue(json, start);
    members.push({ key, keyStart, start, end });
    at = skipSpace(json, end);
    if (json[at] === CLOSE_BRACE) return endOfObject(json, at, members);
    if (json[at] !== COMMA) throw notJson(at, "a comma or the end of the object is needed");
    at = skipSpace(json, at + 1);
  }
}

/**
 * The same object with members set and removed. A member that is set keeps its place, or comes last
 * where there was none. Returns `json` itself when there is nothing to change.
 * @throws {UserError} 400 when the bytes are not one JSON object.
 */
export function spliceObject(
  json: Buffer,
  edit: ObjectEdit,
  members: readonly Member[] = scanObject(json),
): Buffer {
  const present = new Set<string>();
  let removes = false;
  for (const { key } of members) {
    if (!edit.has(key)) continue;
    present.add(key);
    removes ||= edit.get(key) === undefined;
  }
  const added: string[] = [];
  for (const [key, value] of edit) {
    if (value !== undefined && !present.has(key)) added.push(`${JSON.stringify(key)}:${value}`);
  }
  if (present.size === 0 && added.length === 0) return json;
  if (removes || added.length > 0) return rebuild(json, edit, members, added);
  const pieces: Buffer[] = [];
  let from = 0;
  for (const member of members) {
    const value = edit.get(member.key);
    if (value === undefined) continue;
    pieces.push(json.subarray(from, member.start), Buffer.from(value));
    from = member.end;
  }
  pieces.push(json.subarray(from));
  return Buffer.concat(pieces);
}

/** With members added or gone, the commas between them have to be minded. */
function rebuild(
  json: Buffer,
  edit: ObjectEdit,
  members: readonly Member[],
  added: readonly string[],
): Buffer {
  const first = members[0];
  const last = members.at(-1);
  const open = skipSpace(json, 0) + 1;
  const pieces: Buffer[] = [json.subarray(0, first?.keyStart ?? open)];
  let written = false;
  for (const [index, member] of members.entries()) {
    const value = edit.get(member.key);
    if (value === undefined && edit.has(member.key)) continue;
    const previous = members[index - 1];
    if (written && previous) pieces.push(json.subarray(previous.end, member.keyStart));
    written = true;
    if (value === undefined) pieces.push(json.subarray(member.keyStart, member.end));
    else pieces.push(json.subarray(member.keyStart, member.start), Buffer.from(value));
  }
  if (added.length > 0) pieces.push(Buffer.from(`${written ? "," : ""}${added.join(",")}`));
  pieces.push(json.subarray(last?.end ?? open));
  return Buffer.concat(pieces);
}

function endOfObject(json: Buffer, closing: number, members: Member[]): Member[] {
  const at = skipSpace(json, closing + 1);
  if (at < json.length) throw notJson(at, "nothing may follow the object");
  return members;
}

function readKey(json: Buffer, start: number, end: number): string {
  const raw = json.toString("utf8", start + 1, end - 1);
  if (!raw.includes("\\")) return raw;
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    throw notJson(start, "the key has an escape that JSON does not know");
  }
}

function skipSpace(json: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const byte = json[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at += 1;
  }
}

function endOfValue(json: Buffer, start: number): number {
  const first = json[start];
  if (first === QUOTE) return endOfString(json, start);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return endOfNested(json, start);
  let at = start;
  while (at < json.length && !endsScalar(json[at] as number)) at += 1;
  if (at === start) throw notJson(at, "a value is needed");
  return at;
}

const endsScalar = (byte: number): boolean =>
  byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || byte <= 0x20;

function endOfNested(json: Buffer, start: number): number {
  let depth = 0;
  let at = start;
  while (at < json.length) {
    const byte = json[at];
    if (byte === QUOTE) {
      at = endOfString(json, at);
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
  throw notJson(start, "the value has no end");
}

/** Bytes looked at one by one before the native search, which costs more to begin, takes over. */
const SHORT_STRING = 48;

/** Behind the quote that closes the string whose opening quote is at `start`. */
function endOfString(json: Buffer, start: number): number {
  const near = Math.min(start + SHORT_STRING, json.length);
  let at = start + 1;
  while (at < near) {
    const byte = json[at];
    if (byte === QUOTE) return at + 1;
    at += byte === BACKSLASH ? 2 : 1;
  }
  for (;;) {
    const quote = json.indexOf(QUOTE, at);
    if (quote < 0) throw notJson(start, "the string has no end");
    let escapes = quote;
    while (escapes > at && json[escapes - 1] === BACKSLASH) escapes -= 1;
    if ((quote - escapes) % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}

const notJson = (at: number, why: string) =>
  badRequest(`the request body is not valid JSON at byte ${at}: ${why}`);
