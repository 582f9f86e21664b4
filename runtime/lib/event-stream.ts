import { crc32 } from "node:zlib";
import { badUpstream } from "./errors.ts";
import type { Transducer } from "./transducer.ts";

/** One message of an `application/vnd.amazon.eventstream` body. */
export interface EventStreamMessage {
  /** Headers of type string, such as `:message-type`; other types carry nothing that is used. */
  headers: Readonly<Record<string, string>>;
  payload: Buffer;
}

export interface EventStreamOptions {
  /** Messages above this size are an error; 16 MiB, the protocol's own limit, by default. */
  maxMessageBytes?: number;
}

const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
/** Total length, header length and their checksum: four bytes each. */
const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;
/** A message without headers and payload. */
const MIN_MESSAGE_BYTES = PRELUDE_BYTES + CHECKSUM_BYTES;

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
  const readHeaders = headerReader();

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
          messages.push(decodeMessage(bytes.subarray(0, wanted), readHeaders));
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

function decodeMessage(bytes: Buffer, readHeaders: HeaderReader): EventStreamMessage {
  const end = bytes.length - CHECKSUM_BYTES;
  if (crc32(bytes.subarray(0, end)) !== bytes.readUInt32BE(end)) {
    throw badUpstream("the provider's event stream is damaged: wrong checksum of a message");
  }
  const payloadAt = PRELUDE_BYTES + bytes.readUInt32BE(4);
  return {
    headers: readHeaders(bytes.subarray(PRELUDE_BYTES, payloadAt)),
    payload: bytes.subarray(payloadAt, end),
  };
}

type HeaderReader = (bytes: Buffer) => Readonly<Record<string, string>>;

/** Nearly every message of a stream has the same headers as the one before: those are not read again. */
function headerReader(): HeaderReader {
  let seen = Buffer.alloc(0);
  let headers: Readonly<Record<string, string>> = {};
  return (bytes) => {
    if (!seen.equals(bytes)) {
      headers = decodeHeaders(bytes);
      seen = Buffer.from(bytes);
    }
    return headers;
  };
}

const STRING_TYPE = 7;
const MAX_TYPE = 9;
/** Bytes of a value by its type; those of types 6 and 7 have their length before them. */
const VALUE_BYTES: Readonly<Record<number, number>> = {
  0: 0,
  1: 0,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  8: 8,
  9: 16,
};

function decodeHeaders(bytes: Buffer): Record<string, string> {
  const headers: [name: string, value: string][] = [];
  let at = 0;
  const take = (count: number): Buffer => {
    if (at + count > bytes.length) throw unreadable();
    at += count;
    return bytes.subarray(at - count, at);
  };
  while (at < bytes.length) {
    const name = take(take(1).readUInt8()).toString();
    const type = take(1).readUInt8();
    if (type > MAX_TYPE) throw unreadable();
    const value = take(VALUE_BYTES[type] ?? take(2).readUInt16BE());
    if (type === STRING_TYPE) headers.push([name, value.toString()]);
  }
  // Not by assignment: a header named __proto__ would set the object's prototype.
  return Object.fromEntries(headers);
}

const unreadable = (): Error =>
  badUpstream("the provider's event stream is damaged: unreadable headers");

/** The bytes of one message. */
export function encodeEventStreamMessage({ headers, payload }: EventStreamMessage): Buffer {
  const headerBytes = Buffer.concat(Object.entries(headers).flatMap(encodeHeader));
  const length = MIN_MESSAGE_BYTES + headerBytes.length + payload.length;
  const prelude = Buffer.alloc(PRELUDE_BYTES);
  prelude.writeUInt32BE(length, 0);
  prelude.writeUInt32BE(headerBytes.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  const message = Buffer.concat([prelude, headerBytes, payload, checksum], length);
  message.writeUInt32BE(crc32(message.subarray(0, -CHECKSUM_BYTES)), length - CHECKSUM_BYTES);
  return message;
}

function encodeHeader([name, value]: [string, string]): Buffer[] {
  const nameBytes = Buffer.from(name);
  const valueBytes = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(valueBytes.length);
  return [Buffer.of(nameBytes.length), nameBytes, Buffer.of(STRING_TYPE), length, valueBytes];
}
