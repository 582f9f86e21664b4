import { ConnectionError, ErrorCode } from "./errors.ts";
import {
  Flag,
  type Frame,
  FrameSplitter,
  FrameType,
  frame,
  numbersFrame,
  PREFACE,
  settingsFrame,
  unpadded,
} from "./frames.ts";
import { type HeaderBlock, HeaderBlocks } from "./header-blocks.ts";
import { HeaderDecoder, type HeaderField } from "./hpack.ts";
import { Outbox, type Wire } from "./outbox.ts";
import { isRequest } from "./request.ts";
import { DEFAULT_SETTINGS, type PeerSettings, readSettings } from "./settings.ts";
import { STREAM_WINDOW_BYTES, Stream, type StreamOwner } from "./stream.ts";

/** Envoy limits the streams of a connection itself. */
const MAX_STREAMS = 1_000_000;
const MAX_STREAM_ID = 2 ** 31 - 1;
const MAX_WINDOW = 2 ** 31 - 1;
/** Before anybody has said anything. */
const INITIAL_WINDOW_BYTES = 65_535;
const WINDOW_BYTES = 64 * 1024 * 1024;
/** Large enough for the programs of some hundred routes, which Envoy then sends once for each connection. */
const HEADER_TABLE_BYTES = 256 * 1024;
const MAX_HEADER_BYTES = 64 * 1024;
/** Above this the peer makes us speak and does not listen. */
const MAX_BACKLOG_BYTES = 64 * 1024 * 1024;
/** A header block's first word: our table has no room. */
const NO_TABLE = Buffer.of(0x20);

const wrong = (what: string): ConnectionError => new ConnectionError(ErrorCode.protocol, what);

/**
 * The server's side of one HTTP/2 connection (RFC 9113), without I/O: bytes that come are pushed in, bytes that go are
 * handed to a {@link Wire}, in one piece for all that one push brings about. It is as much of HTTP/2 as
 * a gRPC server needs: no push, no priorities, no table for the headers that it sends.
 */
export class Connection {
  readonly #accept: (stream: Stream) => void;
  readonly #frames = new FrameSplitter();
  readonly #blocks = new HeaderBlocks(MAX_HEADER_BYTES);
  readonly #decoder = new HeaderDecoder(HEADER_TABLE_BYTES, MAX_HEADER_BYTES);
  readonly #out: Outbox;
  readonly #owner: StreamOwner = {
    data: (stream, bytes) => this.#out.data(stream.id, bytes, stream.sendWindow),
    headers: (stream, block, end) => this.#sendHeaders(stream, block, end),
    reset: (stream, code) => this.#reset(stream.id, code),
    credit: (stream, bytes) =>
      this.#out.send(numbersFrame(FrameType.windowUpdate, stream.id, bytes)),
    waits: (stream) => this.#waiting.add(stream),
    closed: (stream) => this.#forget(stream),
  };
  readonly #streams = new Map<number, Stream>();
  /** Those that have bytes for which there was no room. */
  readonly #waiting = new Set<Stream>();
  /**
   * Those whose peer has said all, in what is being received. Many a peer resets a stream right behind its end: whoever
   * answered the end at once would answer a stream that is closed.
   */
  #ended: Stream[] = [];
  /** What is still to come of it. */
  #preface = PREFACE;
  #settled = false;
  #peer: PeerSettings = DEFAULT_SETTINGS;
  /** Bytes of data that the peer may still send. */
  #window = WINDOW_BYTES;
  #lastStream = 0;
  #refusing = false;
  #over = false;

  /** `accept` sets the reader of each new stream. */
  constructor(wire: Wire, accept: (stream: Stream) => void) {
    this.#accept = accept;
    this.#out = new Outbox(wire, INITIAL_WINDOW_BYTES);
    this.#out.hold();
    this.#out.send(
      settingsFrame({
        headerTableSize: HEADER_TABLE_BYTES,
        maxConcurrentStreams: MAX_STREAMS,
        initialWindowSize: STREAM_WINDOW_BYTES,
        maxHeaderListSize: MAX_HEADER_BYTES,
      }),
    );
    this.#out.send(numbersFrame(FrameType.windowUpdate, 0, WINDOW_BYTES - INITIAL_WINDOW_BYTES));
    this.#out.release();
  }

  /** Takes in what has come. What the peer does wrong ends the stream or the connection. */
  receive(chunk: Buffer): void {
    if (this.#over) return;
    this.#out.hold();
    try {
      for (const each of this.#frames.push(this.#withoutPreface(chunk))) {
        this.#take(each);
        if (this.#over) return;
      }
      this.#tellEnds();
      if (this.#out.backlog > MAX_BACKLOG_BYTES) {
        throw new ConnectionError(ErrorCode.enhanceYourCalm, "the peer does not read");
      }
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      this.#goaway(this.#lastStream, error.code);
      this.#end();
    } finally {
      this.#out.release();
    }
  }

  /** What was written has gone out. */
  drained(): void {
    this.#out.hold();
    this.#pump();
    this.#out.release();
  }

  /** The peer is gone. */
  closed(): void {
    this.#over = true;
    for (const stream of [...this.#streams.values()]) stream.close();
  }

  /** A GOAWAY that refuses nothing yet: streams that cross it on their way are served. */
  announceEnd(): void {
    if (!this.#over) this.#goaway(MAX_STREAM_ID, ErrorCode.noError);
  }

  /** Refuses new streams, and ends the connection once there are none. */
  shutdown(): void {
    if (this.#refusing || this.#over) return;
    this.#refusing = true;
    this.#goaway(this.#lastStream, ErrorCode.noError);
    if (this.#streams.size === 0) this.#end();
  }

  #withoutPreface(chunk: Buffer): Buffer {
    const wanted = this.#preface;
    if (wanted.length === 0) return chunk;
    const length = Math.min(wanted.length, chunk.length);
    if (wanted.compare(chunk, 0, length, 0, length) !== 0) throw wrong("this is not HTTP/2");
    this.#preface = wanted.subarray(length);
    return chunk.subarray(length);
  }

  #take(each: Frame): void {
    if (!this.#settled && each.type !== FrameType.settings) throw wrong("SETTINGS come first");
    this.#blocks.expect(each);
    switch (each.type) {
      case FrameType.data:
        this.#takeData(each);
        break;
      case FrameType.headers:
        if (each.stream % 2 === 0) throw wrong("a stream that no client may open");
        this.#takeHeaders(this.#blocks.begin(each));
        break;
      case FrameType.continuation:
        this.#takeHeaders(this.#blocks.continue(each));
        break;
      case FrameType.windowUpdate:
        this.#takeWindowUpdate(each);
        break;
      case FrameType.rstStream:
        sized(each, 4);
        this.#find(each)?.close();
        break;
      case FrameType.settings:
        this.#takeSettings(each);
        break;
      case FrameType.ping:
        ofConnection(each);
        sized(each, 8);
        if ((each.flags & Flag.ack) === 0) {
          this.#out.send(frame(FrameType.ping, Flag.ack, 0, each.payload));
        }
        break;
      case FrameType.goaway:
        ofConnection(each);
        break;
      case FrameType.priority:
        if (each.stream === 0) throw wrong("a priority of the connection");
        if (each.payload.length !== 5) this.#reset(each.stream, ErrorCode.frameSize);
        break;
      case FrameType.pushPromise:
        throw wrong("a client cannot push");
    }
  }

  #takeData(each: Frame): void {
    const { length } = each.payload;
    const stream = this.#find(each);
    const bytes = unpadded(each);
    this.#window -= length;
    if (this.#window < 0) throw new ConnectionError(ErrorCode.flowControl, "too much data");
    // Whether or not its stream reads: others must not wait for it.
    if (this.#window <= WINDOW_BYTES / 2) {
      this.#out.send(numbersFrame(FrameType.windowUpdate, 0, WINDOW_BYTES - this.#window));
      this.#window = WINDOW_BYTES;
    }
    if (stream === undefined) {
      this.#reset(each.stream, ErrorCode.streamClosed);
    } else if (stream.ended) {
      stream.reset(ErrorCode.streamClosed);
    } else {
      const end = (each.flags & Flag.endStream) !== 0;
      stream.receive(bytes, length, end);
      if (end) this.#endOf(stream);
    }
  }

  #takeHeaders(block: HeaderBlock | undefined): void {
    if (block === undefined) return;
    const { stream: id, end } = block;
    const fields = this.#decoder.decode(block.bytes);
    if (id <= this.#lastStream) {
      this.#takeTrailers(id, end);
      return;
    }
    this.#lastStream = id;
    if (this.#refusing || this.#streams.size >= MAX_STREAMS) {
      this.#reset(id, ErrorCode.refusedStream);
    } else if (!isRequest(fields)) {
      this.#reset(id, ErrorCode.protocol);
    } else {
      const stream = this.#open(id, fields);
      if (end) this.#endOf(stream);
    }
  }

  #open(id: number, fields: readonly HeaderField[]): Stream {
    const stream = new Stream(this.#owner, id, fields, this.#peer.initialWindowSize);
    this.#streams.set(id, stream);
    this.#accept(stream);
    return stream;
  }

  #endOf(stream: Stream): void {
    stream.ended = true;
    this.#ended.push(stream);
  }

  #tellEnds(): void {
    for (const stream of this.#ended) if (!stream.isClosed) stream.reader?.end();
    this.#ended = [];
  }

  /** gRPC's clients send none. */
  #takeTrailers(id: number, end: boolean): void {
    const stream = this.#streams.get(id);
    if (stream === undefined) {
      throw new ConnectionError(ErrorCode.streamClosed, "headers of a stream that is closed");
    }
    if (stream.ended) stream.reset(ErrorCode.streamClosed);
    else if (!end) stream.reset(ErrorCode.protocol);
    else this.#endOf(stream);
  }

  #takeSettings(each: Frame): void {
    ofConnection(each);
    this.#settled = true;
    if ((each.flags & Flag.ack) !== 0) {
      sized(each, 0);
      return;
    }
    const before = this.#peer.initialWindowSize;
    this.#peer = readSettings(each.payload, this.#peer);
    this.#out.maxFrameSize = this.#peer.maxFrameSize;
    this.#out.send(frame(FrameType.settings, Flag.ack, 0, Buffer.alloc(0)));
    const more = this.#peer.initialWindowSize - before;
    for (const stream of this.#streams.values()) {
      stream.sendWindow = grown(stream.sendWindow, more);
    }
    this.#pump();
  }

  #takeWindowUpdate(each: Frame): void {
    sized(each, 4);
    const more = each.payload.readUInt32BE() & 0x7fffffff;
    if (each.stream === 0) {
      if (more === 0) throw wrong("a window that grows by nothing");
      this.#out.window = grown(this.#out.window, more);
      this.#pump();
      return;
    }
    const stream = this.#find(each);
    if (stream === undefined) return;
    if (more === 0) stream.reset(ErrorCode.protocol);
    else if (stream.sendWindow + more > MAX_WINDOW) stream.reset(ErrorCode.flowControl);
    else {
      stream.sendWindow += more;
      stream.drain();
    }
  }

  /** Lets everybody who waits have a turn. */
  #pump(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const stream of waiting) stream.drain();
  }

  /** The frame's stream; undefined where it is closed. */
  #find({ stream }: Frame): Stream | undefined {
    if (stream === 0 || stream > this.#lastStream) throw wrong("a frame of a stream that is idle");
    return this.#streams.get(stream);
  }

  #sendHeaders(stream: Stream, block: Buffer, end: boolean): void {
    // Whoever changes the size of our table waits for our word on it.
    const prefix = this.#peer.resizesTable ? [NO_TABLE] : [];
    if (this.#peer.resizesTable) this.#peer = { ...this.#peer, resizesTable: false };
    const flags = Flag.endHeaders | (end ? Flag.endStream : 0);
    this.#out.send(frame(FrameType.headers, flags, stream.id, Buffer.concat([...prefix, block])));
  }

  #forget(stream: Stream): void {
    this.#streams.delete(stream.id);
    this.#waiting.delete(stream);
    if (this.#refusing && this.#streams.size === 0) this.#end();
  }

  #reset(stream: number, code: number): void {
    this.#out.send(numbersFrame(FrameType.rstStream, stream, code));
  }

  #goaway(lastStream: number, code: number): void {
    this.#out.send(numbersFrame(FrameType.goaway, 0, lastStream, code));
  }

  #end(): void {
    if (this.#over) return;
    this.#out.end();
    this.closed();
  }
}

function grown(window: number, more: number): number {
  if (window + more > MAX_WINDOW) {
    throw new ConnectionError(ErrorCode.flowControl, "a window too large");
  }
  return window + more;
}

function sized({ payload }: Frame, size: number): void {
  if (payload.length !== size) {
    throw new ConnectionError(ErrorCode.frameSize, "a frame of a wrong size");
  }
}

function ofConnection({ stream }: Frame): void {
  if (stream !== 0) throw wrong("a frame for the connection, on a stream");
}
