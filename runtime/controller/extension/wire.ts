import { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";

/**
 * What Envoy Gateway has translated, each resource as its bytes. Most of them are passed on unread, so
 * that nothing of them is lost and a thousand routes cost little.
 */
export interface Translation {
  clusters: Uint8Array[];
  secrets: Uint8Array[];
  listeners: Uint8Array[];
  routes: Uint8Array[];
}

const KINDS = ["clusters", "secrets", "listeners", "routes"] as const;
/** Field numbers of `PostTranslateModifyRequest`, whose first field is the context. */
const REQUEST_FIELD = { clusters: 2, secrets: 3, listeners: 4, routes: 5 } as const;
/** Field numbers of `PostTranslateModifyResponse`. */
const RESPONSE_FIELD = { clusters: 1, secrets: 2, listeners: 3, routes: 4 } as const;

/** Reads a `PostTranslateModifyRequest`. @throws {RangeError} on bytes that are no message. */
export function readTranslation(request: Uint8Array): Translation {
  const found: Translation = { clusters: [], secrets: [], listeners: [], routes: [] };
  const reader = new BinaryReader(request);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    const kind = KINDS.find((each) => REQUEST_FIELD[each] === field);
    if (kind === undefined) reader.skip(type, field);
    else found[kind].push(reader.bytes());
  }
  return found;
}

/** Writes a `PostTranslateModifyResponse`. */
export function writeTranslation(translation: Translation): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const kind of KINDS) {
    for (const resource of translation[kind]) parts.push(...field(RESPONSE_FIELD[kind], resource));
  }
  return Buffer.concat(parts);
}

/**
 * Takes the entries of one repeated field out of a message; `rest` has all other fields as they were.
 * @throws {RangeError} on bytes that are no message.
 */
export function split(
  message: Uint8Array,
  of: number,
): { entries: Uint8Array[]; rest: Uint8Array } {
  const entries: Uint8Array[] = [];
  const rest: Uint8Array[] = [];
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const [number, type] = reader.tag();
    if (number === of) entries.push(reader.bytes());
    else {
      reader.skip(type, number);
      rest.push(message.subarray(start, reader.pos));
    }
  }
  return { entries, rest: Buffer.concat(rest) };
}

/** Puts entries of a repeated field back. */
export const join = (rest: Uint8Array, of: number, entries: readonly Uint8Array[]): Uint8Array =>
  Buffer.concat([rest, ...entries.flatMap((entry) => field(of, entry))]);

/** A text field of a message, or "". @throws {RangeError} on bytes that are no message. */
export function textField(message: Uint8Array, of: number): string {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (number === of) return reader.string();
    reader.skip(type, number);
  }
  return "";
}

function field(number: number, bytes: Uint8Array): [Uint8Array, Uint8Array] {
  const head = new BinaryWriter()
    .uint32((number << 3) | 2)
    .uint32(bytes.length)
    .finish();
  return [head, bytes];
}
