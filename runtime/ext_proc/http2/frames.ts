/** Frames of HTTP/2 (RFC 9113, section 4 and 6). */
import { ConnectionError, ErrorCode } from "./errors.ts";

export const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

export const FrameType = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const Flag = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 0x20 } as const;

export const Setting = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
  maxHeaderListSize: 6,
} as const;

export const HEADER_BYTES = 9;
/** Bytes of a payload that either side accepts unless it says otherwise. */
export const DEFAULT_FRAME_SIZE = 16_384;

export interface Frame {
  type: number;
  flags: number;
  /** 0: the connection. */
  stream: number;
  payload: Buffer;
}

/** Cuts bytes into frames, however they were cut on their way. Payloads are views. */
export class FrameSplitter {
  #chunks: Buffer[] = [];
  #held = 0;
  #wanted = HEADER_BYTES;

  /** @throws {ConnectionError} for a frame that is larger than {@link DEFAULT_FRAME_SIZE}, once those before it are taken. */
  *push(chunk: Buffer): Generator<Frame> {
    this.#held += chunk.length;
    this.#chunks.push(chunk);
    if (this.#held < this.#wanted) return;
    const bytes = this.#chunks.length > 1 ? Buffer.concat(this.#chunks) : chunk;
    let at = 0;
    for (;;) {
      const rest = bytes.length - at;
      this.#wanted = HEADER_BYTES;
      if (rest < HEADER_BYTES) break;
      const length = bytes.readUIntBE(at, 3);
      if (length > DEFAULT_FRAME_SIZE) {
        throw new ConnectionError(ErrorCode.frameSize, `a frame of ${length} bytes`);
      }
      this.#wanted = HEADER_BYTES + length;
      if (rest < this.#wanted) break;
      yield {
        type: bytes[at + 3] as number,
        flags: bytes[at + 4] as number,
        stream: bytes.readUInt32BE(at + 5) & 0x7fffffff,
        payload: bytes.subarray(at + HEADER_BYTES, at + this.#wanted),
      };
      at += this.#wanted;
    }
    this.#chunks = at < bytes.length ? [bytes.subarray(at)] : [];
    this.#held = bytes.length - at;
  }
}

/** What stands before a payload of `length` bytes. */
export function frameHeader(type: number, flags: number, stream: number, length: number): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUIntBE(length, 0, 3);
  header[3] = type;
  header[4] = flags;
  header.writeUInt32BE(stream, 5);
  return header;
}

export const frame = (type: number, flags: number, stream: number, payload: Buffer): Buffer =>
  Buffer.concat([frameHeader(type, flags, stream, payload.length), payload]);

/** A frame whose payload are these numbers, of four bytes each. */
export function numbersFrame(type: number, stream: number, ...numbers: number[]): Buffer {
  const payload = Buffer.allocUnsafe(numbers.length * 4);
  for (const [index, number] of numbers.entries()) payload.writeUInt32BE(number, index * 4);
  return frame(type, 0, stream, payload);
}

export function settingsFrame(settings: Partial<Record<keyof typeof Setting, number>>): Buffer {
  const entries = Object.entries(settings) as [keyof typeof Setting, number][];
  const payload = Buffer.allocUnsafe(entries.length * 6);
  entries.forEach(([name, value], index) => {
    payload.writeUInt16BE(Setting[name], index * 6);
    payload.writeUInt32BE(value, index * 6 + 2);
  });
  return frame(FrameType.settings, 0, 0, payload);
}

/** The payload without padding. */
export function unpadded({ flags, payload }: Frame): Buffer {
  if ((flags & Flag.padded) === 0) return payload;
  const padding = payload[0];
  if (padding === undefined || padding >= payload.length) {
    throw new ConnectionError(ErrorCode.protocol, "padding longer than its frame");
  }
  return payload.subarray(1, payload.length - padding);
}
