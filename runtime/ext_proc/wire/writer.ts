/**
 * Writes a protobuf message from its end to its start, so that the length of a nested message is
 * known when its prefix is written and nothing has to be measured first.
 */
export class BackwardWriter {
  #bytes: Buffer;
  #at: number;

  /** `capacity`: bytes to reserve; more are found when it is too small. */
  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafe(capacity);
    this.#at = capacity;
  }

  /** Number of bytes written; the difference of two is the length of what came between. */
  get length(): number {
    return this.#bytes.length - this.#at;
  }

  finish(): Buffer {
    return this.#bytes.subarray(this.#at);
  }

  byte(value: number): void {
    const at = this.#move(1);
    this.#bytes[at] = value;
  }

  /** `value`: a whole number that is not negative and below 2^53. */
  varint(value: number): void {
    if (value < 0x80) {
      this.byte(value);
      return;
    }
    let size = 1;
    for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 128)) size += 1;
    let at = this.#move(size);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[at] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
      at += 1;
    }
    this.#bytes[at] = rest;
  }

  uint32BE(value: number): void {
    const at = this.#move(4);
    this.#bytes.writeUInt32BE(value, at);
  }

  double(value: number): void {
    const at = this.#move(8);
    this.#bytes.writeDoubleLE(value, at);
  }

  raw(bytes: Uint8Array): void {
    const at = this.#move(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Text of code points below 256, one byte each: header values are bytes. */
  latin1(text: string): void {
    const at = this.#move(text.length);
    this.#bytes.write(text, at, "latin1");
  }

  utf8(text: string): void {
    const size = Buffer.byteLength(text, "utf8");
    const at = this.#move(size);
    this.#bytes.write(text, at, "utf8");
  }

  /** Prefix of a field whose content has been written since `mark`. */
  prefix(tag: number, mark: number): void {
    this.varint(this.length - mark);
    this.varint(tag);
  }

  /** Where the next bytes go. It may bring other memory, so it comes before `#bytes` is named. */
  #move(size: number): number {
    if (size > this.#at) this.#grow(size);
    this.#at -= size;
    return this.#at;
  }

  #grow(size: number): void {
    const used = this.length;
    const bytes = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, used + size));
    const at = bytes.length - used;
    bytes.set(this.#bytes.subarray(this.#at), at);
    this.#bytes = bytes;
    this.#at = at;
  }
}
