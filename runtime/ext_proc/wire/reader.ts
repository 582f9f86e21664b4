/** Bytes that are not the message that they should be. */
export class WireError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "WireError";
  }
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/**
 * Walks over the fields of one protobuf message. Nothing is copied: a nested message is the same
 * reader with a nearer end, a bytes field a view of the input.
 */
export class Reader {
  readonly bytes: Buffer;
  at: number;
  end: number;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  /** The next tag (field number shifted left by three, or'ed with the wire type), or 0 at the end. */
  tag(): number {
    if (this.at >= this.end) return 0;
    const tag = this.varint();
    if (tag >>> 3 === 0) throw new WireError("field number 0");
    return tag;
  }

  /** An unsigned varint; the bits above the 53rd are lost, which no field read here has. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count += 1) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new WireError("a number of more than ten bytes");
  }

  bool(): boolean {
    return this.varint() !== 0;
  }

  view(): Buffer {
    const length = this.varint();
    const start = this.#take(length);
    return this.bytes.subarray(start, start + length);
  }

  utf8(): string {
    const length = this.varint();
    const start = this.#take(length);
    return this.bytes.toString("utf8", start, start + length);
  }

  /** A reader of the message in this field; this one goes on behind it. */
  message(): Reader {
    const length = this.varint();
    const start = this.#take(length);
    return new Reader(this.bytes, start, start + length);
  }

  latin1(): string {
    const length = this.varint();
    const start = this.#take(length);
    return this.bytes.toString("latin1", start, start + length);
  }

  /** Is this text field these characters? ASCII only. */
  isText(text: string): boolean {
    const length = this.varint();
    const start = this.#take(length);
    if (length !== text.length) return false;
    for (let index = 0; index < length; index += 1) {
      if (this.bytes[start + index] !== text.charCodeAt(index)) return false;
    }
    return true;
  }

  /** Lets `read` walk over the message in this field by this same reader, which then goes on behind it. */
  nested<A, R>(argument: A, read: (reader: Reader, argument: A) => R): R {
    const length = this.varint();
    const start = this.#take(length);
    const outer = this.end;
    this.at = start;
    this.end = start + length;
    const result = read(this, argument);
    this.at = start + length;
    this.end = outer;
    return result;
  }

  /** Passes over a field that nobody asked for. */
  skip(tag: number): void {
    const type = tag & 7;
    if (type === VARINT) this.varint();
    else if (type === BYTES) this.#take(this.varint());
    else if (type === FIXED64) this.#take(8);
    else if (type === FIXED32) this.#take(4);
    else throw new WireError(`wire type ${type} is not used by any current message`);
  }

  #take(length: number): number {
    const start = this.at;
    if (length > this.end - start) throw new WireError("a field is longer than its message");
    this.at = start + length;
    return start;
  }

  #byte(): number {
    if (this.at >= this.end) throw new WireError("the message ends inside a field");
    const byte = this.bytes[this.at] as number;
    this.at += 1;
    return byte;
  }
}

/** Tag of a field with a number, a bool or an enum. */
export const numberField = (field: number): number => field * 8 + VARINT;
/** Tag of a field with bytes, text or a message. */
export const bytesField = (field: number): number => field * 8 + BYTES;
/** Tag of a double. */
export const doubleField = (field: number): number => field * 8 + FIXED64;
