import { ConnectionError, ErrorCode } from "./errors.ts";
import { Flag, type Frame, FrameType, unpadded } from "./frames.ts";

export interface HeaderBlock {
  stream: number;
  /** The stream has nothing else. */
  end: boolean;
  bytes: Buffer;
}

interface OpenBlock {
  stream: number;
  end: boolean;
  parts: Buffer[];
  size: number;
}

const PRIORITY_BYTES = 5;

/** Puts together the header blocks that come in several frames. Nothing else may come between these. */
export class HeaderBlocks {
  readonly #maxBytes: number;
  #open: OpenBlock | undefined;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @throws {ConnectionError} where another frame than this one has to come. */
  expect({ type, stream }: Frame): void {
    const continues = type === FrameType.continuation;
    if (this.#open === undefined) {
      if (continues) throw new ConnectionError(ErrorCode.protocol, "no header block goes on");
    } else if (!continues || stream !== this.#open.stream) {
      throw new ConnectionError(ErrorCode.protocol, "a frame inside a header block");
    }
  }

  /** Takes HEADERS. Returns the block once it is whole. */
  begin(frame: Frame): HeaderBlock | undefined {
    const bytes = unpadded(frame);
    const start = (frame.flags & Flag.priority) === 0 ? 0 : PRIORITY_BYTES;
    if (bytes.length < start) {
      throw new ConnectionError(ErrorCode.frameSize, "no room for a priority");
    }
    const end = (frame.flags & Flag.endStream) !== 0;
    this.#open = { stream: frame.stream, end, parts: [], size: 0 };
    return this.#add(this.#open, bytes.subarray(start), frame.flags);
  }

  /** Takes CONTINUATION, which was expected. */
  continue({ payload, flags }: Frame): HeaderBlock | undefined {
    return this.#open && this.#add(this.#open, payload, flags);
  }

  #add(open: OpenBlock, bytes: Buffer, flags: number): HeaderBlock | undefined {
    open.parts.push(bytes);
    // A frame counts, too: else a block of empty ones would have no end.
    open.size += bytes.length + 1;
    if (open.size > this.#maxBytes) {
      throw new ConnectionError(ErrorCode.enhanceYourCalm, "a header block too large");
    }
    if ((flags & Flag.endHeaders) === 0) return undefined;
    this.#open = undefined;
    const { stream, end, parts } = open;
    return { stream, end, bytes: parts.length === 1 ? bytes : Buffer.concat(parts) };
  }
}
