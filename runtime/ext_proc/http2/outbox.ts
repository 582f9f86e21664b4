import { DEFAULT_FRAME_SIZE, FrameType, frameHeader } from "./frames.ts";

/** A connection's way to its peer. */
export interface Wire {
  /** Takes the bytes, whether there is room or not. */
  write(bytes: readonly Buffer[], size: number): void;
  /** Bytes that were written and have not gone out. */
  backlog(): number;
  /** Ends the connection, behind what was written. */
  end(): void;
}

/** Unsent bytes above which streams wait. */
const HIGH_WATER_BYTES = 1024 * 1024;

/** What goes out on a connection; while it is held, all is gathered for one write. */
export class Outbox {
  /** Bytes of data that the peer has room for. */
  window: number;
  maxFrameSize = DEFAULT_FRAME_SIZE;
  readonly #wire: Wire;
  #parts: Buffer[] = [];
  #size = 0;
  #held = false;

  constructor(wire: Wire, window: number) {
    this.#wire = wire;
    this.window = window;
  }

  /** Bytes that have not gone out. */
  get backlog(): number {
    return this.#size + this.#wire.backlog();
  }

  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    this.#flush();
  }

  send(bytes: Buffer): void {
    this.#push(bytes);
    if (!this.#held) this.#flush();
  }

  /** Sends as much of these bytes as there is room for, at most `room`. Returns how many. */
  data(stream: number, bytes: Buffer, room: number): number {
    if (this.backlog > HIGH_WATER_BYTES) return 0;
    const size = Math.min(bytes.length, room, this.window, this.maxFrameSize);
    if (size <= 0) return 0;
    this.window -= size;
    this.#push(frameHeader(FrameType.data, 0, stream, size));
    this.send(size === bytes.length ? bytes : bytes.subarray(0, size));
    return size;
  }

  end(): void {
    this.#flush();
    this.#wire.end();
  }

  #push(bytes: Buffer): void {
    this.#parts.push(bytes);
    this.#size += bytes.length;
  }

  #flush(): void {
    if (this.#size === 0) return;
    const parts = this.#parts;
    const size = this.#size;
    this.#parts = [];
    this.#size = 0;
    this.#wire.write(parts, size);
  }
}
