import { ConnectionError, ErrorCode } from "./errors.ts";
import { decodeHuffman } from "./huffman.ts";
import { STATIC_TABLE } from "./static-table.ts";

/** One field; the value has a character for each byte. */
export type HeaderField = readonly [name: string, value: string];

/** What an entry of the dynamic table counts beside its text. */
const ENTRY_OVERHEAD = 32;

/** Until the peer says that it has another. */
const INITIAL_TABLE_BYTES = 4096;

const broken = (what: string): ConnectionError => new ConnectionError(ErrorCode.compression, what);

/**
 * Decodes the header blocks of one connection (RFC 7541). Fields out of a table are the same array each time, so that
 * what a peer sends with every stream costs nothing after the first.
 */
export class HeaderDecoder {
  readonly #allowedTableBytes: number;
  readonly #maxListBytes: number;
  /** Oldest first; those before `#head` are gone. */
  #entries: HeaderField[] = [];
  #head = 0;
  #tableBytes = 0;
  #maxTableBytes: number;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;

  /**
   * `allowedTableBytes`: as SETTINGS_HEADER_TABLE_SIZE says. `maxListBytes`: of the names and values of one block, as
   * SETTINGS_MAX_HEADER_LIST_SIZE counts them.
   */
  constructor(allowedTableBytes: number, maxListBytes: number) {
    this.#allowedTableBytes = allowedTableBytes;
    this.#maxTableBytes = Math.min(allowedTableBytes, INITIAL_TABLE_BYTES);
    this.#maxListBytes = maxListBytes;
  }

  /** @throws {ConnectionError} since nothing behind a block that is not understood can be. */
  decode(block: Buffer): HeaderField[] {
    this.#bytes = block;
    this.#at = 0;
    const fields: HeaderField[] = [];
    let size = 0;
    while (this.#at < block.length) {
      const first = block[this.#at] as number;
      if ((first & 0xe0) === 0x20) {
        if (fields.length > 0) throw broken("a size of the table behind a field");
        this.#resize(this.#integer(5));
        continue;
      }
      const field = first >= 0x80 ? this.#field(this.#integer(7)) : this.#literal(first);
      fields.push(field);
      size += sizeOf(field);
      if (size > this.#maxListBytes) {
        throw new ConnectionError(ErrorCode.enhanceYourCalm, "too many bytes of headers");
      }
    }
    return fields;
  }

  #literal(first: number): HeaderField {
    const indexed = first >= 0x40;
    const index = this.#integer(indexed ? 6 : 4);
    const name = index === 0 ? this.#text() : this.#field(index)[0];
    const field: HeaderField = [name, this.#text()];
    if (indexed) this.#add(field);
    return field;
  }

  #field(index: number): HeaderField {
    const field =
      index <= STATIC_TABLE.length
        ? STATIC_TABLE[index - 1]
        : this.#entries[this.#entries.length - (index - STATIC_TABLE.length)];
    if (field === undefined || index - STATIC_TABLE.length > this.#entries.length - this.#head) {
      throw broken(`there is no field ${index}`);
    }
    return field;
  }

  #add(field: HeaderField): void {
    const size = sizeOf(field);
    this.#evict(this.#maxTableBytes - size);
    if (size > this.#maxTableBytes) return;
    this.#entries.push(field);
    this.#tableBytes += size;
  }

  #resize(bytes: number): void {
    if (bytes > this.#allowedTableBytes) throw broken("a table larger than was allowed");
    this.#maxTableBytes = bytes;
    this.#evict(bytes);
  }

  /** Until no more than this is left. */
  #evict(bytes: number): void {
    while (this.#tableBytes > bytes && this.#head < this.#entries.length) {
      this.#tableBytes -= sizeOf(this.#entries[this.#head] as HeaderField);
      this.#head += 1;
    }
    // Now and then, so that a field costs no copy of all others.
    if (this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
  }

  #integer(prefix: number): number {
    const mask = (1 << prefix) - 1;
    let value = this.#byte() & mask;
    if (value < mask) return value;
    for (let scale = 1; scale < 2 ** 28; scale *= 128) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw broken("a number of more than four bytes");
  }

  #text(): string {
    const huffman = ((this.#bytes[this.#at] ?? 0) & 0x80) !== 0;
    const length = this.#integer(7);
    const start = this.#at;
    const end = start + length;
    if (end > this.#bytes.length) throw broken("the block ends inside a text");
    this.#at = end;
    const text = huffman
      ? decodeHuffman(this.#bytes, start, end)
      : this.#bytes.toString("latin1", start, end);
    if (text === undefined) throw broken("not a text of the Huffman code");
    return text;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw broken("the block ends inside a field");
    this.#at += 1;
    return byte;
  }
}

const sizeOf = ([name, value]: HeaderField): number => name.length + value.length + ENTRY_OVERHEAD;

/**
 * A block for any peer in any state: no field goes into a table or is taken from one. Names in lower case, all texts of
 * ASCII characters.
 */
export function encodeHeaders(fields: readonly HeaderField[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([name, value]) => [LITERAL, ...lengthAndText(name), ...lengthAndText(value)]),
  );
}

const LITERAL = Buffer.of(0);

function lengthAndText(text: string): [Buffer, Buffer] {
  const length: number[] = [];
  if (text.length < 127) {
    length.push(text.length);
  } else {
    length.push(127);
    let rest = text.length - 127;
    for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) | 128);
    length.push(rest);
  }
  return [Buffer.from(length), Buffer.from(text, "latin1")];
}
