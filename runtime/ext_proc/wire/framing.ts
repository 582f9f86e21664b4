import { WireError } from "./reader.ts";

/** A gRPC message that announces more bytes than are accepted. */
export class MessageTooLarge extends WireError {
  constructor(size: number, limit: number) {
    super(`a message of ${size} bytes; at most ${limit} are accepted`);
    this.name = "MessageTooLarge";
  }
}

/** Compression flag and length. */
const PREFIX_BYTES = 5;

/**
 * Cuts the bytes of a gRPC stream into its messages, however they were cut on their way. A message
 * that lies within one chunk is a view of it; any other is copied once.
 */
export class FrameReader {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #held = 0;
  /** Bytes to wait for before anything can be cut off. */
  #wanted = PREFIX_BYTES;

  /** `limit`: bytes of the largest message that is accepted. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws {WireError} for a message that is compressed, {@link MessageTooLarge} for a large one. */
  push(chunk: Buffer): Buffer[] {
    this.#held += chunk.length;
    if (this.#chunks.length > 0 || this.#held < this.#wanted) {
      this.#chunks.push(chunk);
      if (this.#held < this.#wanted) return [];
    }
    const bytes = this.#chunks.length > 0 ? Buffer.concat(this.#chunks) : chunk;
    const messages: Buffer[] = [];
    let at = 0;
    for (;;) {
      const rest = bytes.length - at;
      this.#wanted = PREFIX_BYTES;
      if (rest < PREFIX_BYTES) break;
      this.#wanted = PREFIX_BYTES + this.#messageLength(bytes, at);
      if (rest < this.#wanted) break;
      messages.push(bytes.subarray(at + PREFIX_BYTES, at + this.#wanted));
      at += this.#wanted;
    }
    this.#chunks = at < bytes.length ? [bytes.subarray(at)] : [];
    this.#held = bytes.length - at;
    return messages;
  }

  /** @throws {WireError} when the stream ended inside a message. */
  finish(): void {
    if (this.#held > 0) throw new WireError("the stream ended inside a message");
  }

  #messageLength(bytes: Buffer, at: number): number {
    if (bytes[at] !== 0) throw new WireError("a compressed message; compression was not agreed on");
    const length = bytes.readUInt32BE(at + 1);
    if (length > this.#limit) throw new MessageTooLarge(length, this.#limit);
    return length;
  }
}
