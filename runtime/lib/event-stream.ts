import { crc32 } from "node:zlib";
import { EventStreamCodec } from "@smithy/eventstream-codec";
import { badUpstream } from "./errors.ts";
import type { Transducer } from "./transducer.ts";

/** One message of an `application/vnd.amazon.eventstream` body. */
export interface EventStreamMessage {
  /** Headers of type string, such as `:message-type`; other types carry nothing that is used. */
  headers: Record<string, string>;
  payload: Buffer;
}

export interface EventStreamOptions {
  /** Messages above this size are an error; 16 MiB, the protocol's own limit, by default. */
  maxMessageBytes?: number;
}

const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
/** Total length, header length and their checksum: four bytes each. */
const PRELUDE_BYTES = 12;
/** A message without headers and payload: its prelude and its own checksum. */
const MIN_MESSAGE_BYTES = PRELUDE_BYTES + 4;

const codec = new EventStreamCodec(
  (bytes) =>
    typeof bytes === "string"
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"),
  (text) => Buffer.from(text, "utf8"),
);

/**
 * Cuts bytes into event stream messages and checks their checksums. Every byte is copied at most
 * twice, however small the chunks.
 *
 * @throws {UserError} 502 at a bad checksum, an impossible or too large length or unreadable
 * headers: from the `push` that meets them, or, where that has messages to return first, from the
 * next call. Also from `finish` when the body ended inside a message.
 */
export function eventStreamDecoder(
  options: EventStreamOptions = {},
): Transducer<Buffer, EventStreamMessage> {
  const limit = options.maxMessageBytes ?? MAX_MESSAGE_BYTES;
  let chunks: Buffer[] = [];
  let held = 0;
  /** Bytes to wait for: a prelude, then the message that it announces. */
  let wanted = PRELUDE_BYTES;
  let failure: unknown;

  return {
    push(chunk) {
      if (failure !== undefined) throw failure;
      chunks.push(chunk);
      held += chunk.length;
      if (held < wanted) return [];

      let bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks);
      const messages: EventStreamMessage[] = [];
      try {
        for (;;) {
          wanted = bytes.length < PRELUDE_BYTES ? PRELUDE_BYTES : messageLength(bytes, limit);
          if (bytes.length < wanted) break;
          messages.push(decodeMessage(bytes.subarray(0, wanted)));
          bytes = bytes.subarray(wanted);
        }
      } catch (error) {
        failure = error;
        if (messages.length === 0) throw error;
      }
      chunks = bytes.length === 0 ? [] : [bytes];
      held = bytes.length;
      return messages;
    },
    finish() {
      if (failure !== undefined) throw failure;
      if (held > 0) throw badUpstream("the provider's event stream ended inside a message");
      return [];
    },
  };
}

/**
 * The length that a prelude announces. Its checksum is looked at before the rest has come: a
 * damaged length would otherwise be waited for in vain.
 */
function messageLength(bytes: Buffer, limit: number): number {
  if (crc32(bytes.subarray(0, 8)) !== bytes.readUInt32BE(8)) {
    throw badUpstream("the provider's event stream is damaged: wrong checksum of a prelude");
  }
  const length = bytes.readUInt32BE(0);
  if (length > limit) {
    throw badUpstream(
      `the provider's event stream holds a message of ${length} bytes; at most ${limit} are read`,
    );
  }
  if (length < MIN_MESSAGE_BYTES + bytes.readUInt32BE(4)) {
    throw badUpstream("the provider's event stream is damaged: impossible message length");
  }
  return length;
}

function decodeMessage(bytes: Buffer): EventStreamMessage {
  try {
    const { headers: typed, body } = codec.decode(bytes);
    const headers: Record<string, string> = {};
    for (const [name, header] of Object.entries(typed)) {
      if (header.type === "string") headers[name] = header.value;
    }
    return { headers, payload: Buffer.from(body.buffer, body.byteOffset, body.byteLength) };
  } catch {
    throw badUpstream("the provider's event stream is damaged: wrong checksum or headers");
  }
}

/** The bytes of one message. */
export function encodeEventStreamMessage(message: EventStreamMessage): Buffer {
  const bytes = codec.encode({
    headers: Object.fromEntries(
      Object.entries(message.headers).map(([name, value]) => [name, { type: "string", value }]),
    ),
    body: message.payload,
  });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
