import { ErrorCode } from "./errors.ts";
import type { HeaderField } from "./hpack.ts";

/** Bytes that a peer may send on a stream before it waits for more room. */
export const STREAM_WINDOW_BYTES = 1024 * 1024;

/** Who takes what a stream brings; each is set once, by whoever accepts the stream. */
export interface StreamReader {
  /** Bytes as they came, a view. */
  data(chunk: Buffer): void;
  /** The peer has said all; not called after a reset. */
  end(): void;
  /** Nothing comes or goes any more; called once, and last. */
  closed(): void;
  /** Less than before is waiting to be sent; see {@link Stream.unsent}. */
  sent?(): void;
}

/** What a stream needs of its connection. */
export interface StreamOwner {
  /** Sends what there is room for; returns the bytes. */
  data(stream: Stream, bytes: Buffer): number;
  headers(stream: Stream, block: Buffer, end: boolean): void;
  reset(stream: Stream, code: number): void;
  /** Tells the peer of room for so many bytes more. */
  credit(stream: Stream, bytes: number): void;
  /** There was no room. */
  waits(stream: Stream): void;
  closed(stream: Stream): void;
}

/** One request and its answer. */
export class Stream {
  readonly id: number;
  readonly fields: readonly HeaderField[];
  reader: StreamReader | undefined;
  /** The peer has said all. */
  ended = false;
  isClosed = false;
  /** Bytes that the peer has room for. */
  sendWindow: number;
  readonly #owner: StreamOwner;
  #queue: Buffer[] = [];
  #unsent = 0;
  #trailers: Buffer | undefined;
  #paused = false;
  /** Bytes that the peer may still send. */
  #window = STREAM_WINDOW_BYTES;

  constructor(owner: StreamOwner, id: number, fields: readonly HeaderField[], sendWindow: number) {
    this.#owner = owner;
    this.id = id;
    this.fields = fields;
    this.sendWindow = sendWindow;
  }

  /** The first field of this name. */
  header(name: string): string | undefined {
    for (const field of this.fields) if (field[0] === name) return field[1];
    return undefined;
  }

  /** Bytes that wait for room. */
  get unsent(): number {
    return this.#unsent;
  }

  /** Nothing more is to be written. */
  get isFinished(): boolean {
    return this.isClosed || this.#trailers !== undefined;
  }

  /** `end`: the answer is headers alone. */
  respond(block: Buffer, end = false): void {
    if (this.isFinished) return;
    this.#owner.headers(this, block, end);
    if (end) this.#finished();
  }

  write(bytes: Buffer): void {
    if (this.isFinished || bytes.length === 0) return;
    this.#queue.push(bytes);
    this.#unsent += bytes.length;
    this.#pump();
  }

  /** Ends the answer, behind all that is unsent. */
  finish(trailers: Buffer): void {
    if (this.isFinished) return;
    this.#trailers = trailers;
    this.#pump();
  }

  reset(code: number): void {
    if (this.isClosed) return;
    this.#owner.reset(this, code);
    this.close();
  }

  /** The peer is given no room for more than it has been given. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#credit();
  }

  /** Takes in what came; `counted` is its size with padding, `end` that it was the last. */
  receive(bytes: Buffer, counted: number, end: boolean): void {
    this.#window -= counted;
    if (this.#window < 0) {
      this.reset(ErrorCode.flowControl);
      return;
    }
    this.ended = end;
    if (bytes.length > 0) this.reader?.data(bytes);
    if (!end && !this.#paused) this.#credit();
  }

  /** There is room again. */
  drain(): void {
    if (this.isClosed) return;
    const before = this.#unsent;
    this.#pump();
    if (this.#unsent < before && !this.isFinished) this.reader?.sent?.();
  }

  /** Lets go of everything. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#queue = [];
    this.#unsent = 0;
    this.#owner.closed(this);
    this.reader?.closed();
  }

  #pump(): void {
    while (this.#unsent > 0) {
      const [first] = this.#queue as [Buffer];
      const sent = this.#owner.data(this, first);
      if (sent === 0) {
        this.#owner.waits(this);
        return;
      }
      if (sent === first.length) this.#queue.shift();
      else this.#queue[0] = first.subarray(sent);
      this.sendWindow -= sent;
      this.#unsent -= sent;
    }
    if (this.#trailers === undefined) return;
    this.#owner.headers(this, this.#trailers, true);
    this.#finished();
  }

  #finished(): void {
    // The peer need not send what nobody reads.
    if (!this.ended) this.#owner.reset(this, ErrorCode.noError);
    this.close();
  }

  #credit(): void {
    if (this.#window > STREAM_WINDOW_BYTES / 2 || this.ended || this.isClosed) return;
    this.#owner.credit(this, STREAM_WINDOW_BYTES - this.#window);
    this.#window = STREAM_WINDOW_BYTES;
  }
}
