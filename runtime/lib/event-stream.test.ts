import { crc32 } from "node:zlib";
import { EventStreamCodec, Int64 } from "@smithy/eventstream-codec";
import fc from "fast-check";
import { UserError } from "./errors.ts";
import {
  type EventStreamMessage,
  encodeEventStreamMessage,
  eventStreamDecoder,
} from "./event-stream.ts";

const message = (payload: string, headers: Record<string, string> = {}): EventStreamMessage => ({
  headers: { ":message-type": "event", ...headers },
  payload: Buffer.from(payload),
});

/** Messages as plain values, so that buffers of different origin compare. */
const plain = (messages: EventStreamMessage[]) =>
  messages.map(({ headers, payload }) => ({ headers, payload: payload.toString("base64") }));

function decode(chunks: Buffer[], maxMessageBytes?: number): EventStreamMessage[] {
  const decoder = eventStreamDecoder(maxMessageBytes === undefined ? {} : { maxMessageBytes });
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.finish()];
}

const anyMessage = fc.record({
  headers: fc.dictionary(fc.string({ minLength: 1, maxLength: 12 }), fc.string({ maxLength: 40 }), {
    noNullPrototype: true,
  }),
  payload: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
});

test("messages survive the wire, however their bytes are cut", () => {
  fc.assert(
    fc.property(
      fc.array(anyMessage, { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 }),
      (messages, cuts) => {
        const bytes = Buffer.concat(messages.map(encodeEventStreamMessage));
        expect(plain(decode(split(bytes, cuts)))).toEqual(plain(messages));
      },
    ),
    { numRuns: 200 },
  );
});

test("a header may have any name", () => {
  const odd = { headers: Object.fromEntries([["__proto__", "x"]]), payload: Buffer.from("{}") };
  expect(Object.entries(decode([encodeEventStreamMessage(odd)])[0]?.headers ?? {})).toEqual([
    ["__proto__", "x"],
  ]);
});

function split(bytes: Buffer, sizes: number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

describe("held against the AWS SDK's codec", () => {
  const codec = new EventStreamCodec(
    (bytes) => Buffer.from(bytes as Uint8Array).toString(),
    (text) => Buffer.from(text),
  );

  test("it reads what this writes", () => {
    // It puts headers into a plain object and so loses one of this name.
    const known = anyMessage.filter(({ headers }) => !Object.hasOwn(headers, "__proto__"));
    fc.assert(
      fc.property(known, (written) => {
        const { headers, body } = codec.decode(encodeEventStreamMessage(written));
        expect(headers).toEqual(
          Object.fromEntries(
            Object.entries(written.headers).map(([name, value]) => [
              name,
              { type: "string", value },
            ]),
          ),
        );
        expect(Buffer.from(body)).toEqual(written.payload);
      }),
    );
  });

  test("this reads what it writes, past headers of every type", () => {
    const bytes = codec.encode({
      headers: {
        yes: { type: "boolean", value: true },
        no: { type: "boolean", value: false },
        byte: { type: "byte", value: -1 },
        short: { type: "short", value: 2 },
        integer: { type: "integer", value: 3 },
        long: { type: "long", value: Int64.fromNumber(4) },
        binary: { type: "binary", value: Buffer.from("five") },
        timestamp: { type: "timestamp", value: new Date(6) },
        uuid: { type: "uuid", value: "00000000-0000-0000-0000-000000000007" },
        ":event-type": { type: "string", value: "é" },
      },
      body: Buffer.from("payload"),
    });
    const [read] = decode([Buffer.from(bytes)]);
    expect(read?.headers).toEqual({ ":event-type": "é" });
    expect(read?.payload.toString()).toBe("payload");
  });
});

test.each<[string, (bytes: Buffer) => void]>([
  ["run into the payload", (bytes) => bytes.writeUInt32BE(bytes.readUInt32BE(4) - 1, 4)],
  ["have an unknown type", (bytes) => bytes.writeUInt8(10, bytes.indexOf("name") + 4)],
])("headers that %s are an error", (_, damage) => {
  const bytes = encodeEventStreamMessage({ headers: { name: "v" }, payload: Buffer.from("p") });
  damage(bytes);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, -4)), bytes.length - 4);
  expect(() => decode([bytes])).toThrow(/unreadable headers/);
});

test("any single damaged byte is noticed", () => {
  const good = encodeEventStreamMessage(
    message('{"text":"hi"}', { ":event-type": "messageStart" }),
  );
  for (let at = 0; at < good.length; at += 1) {
    const bad = Buffer.from(good);
    bad.writeUInt8(bad.readUInt8(at) ^ 0x40, at);
    expect(() => decode([bad])).toThrow(UserError);
  }
});

test("a damaged length is noticed before the bytes that it announces", () => {
  const bytes = encodeEventStreamMessage(message("hello"));
  bytes.writeUInt32BE(1_000_000, 0);
  expect(() => eventStreamDecoder().push(bytes.subarray(0, 12))).toThrow(
    expect.objectContaining({ status: 502, message: expect.stringContaining("checksum") }),
  );
});

test("messages before a damaged one are delivered, whatever the chunks", () => {
  const good = encodeEventStreamMessage(message("hello"));
  const bad = Buffer.from(good);
  bad.writeUInt8(0, bad.length - 5);
  for (const chunks of [
    [Buffer.concat([good, bad])],
    [good, bad],
    split(Buffer.concat([good, bad]), [7]),
  ]) {
    const decoder = eventStreamDecoder();
    const got: EventStreamMessage[] = [];
    expect(() => {
      for (const chunk of chunks) got.push(...decoder.push(chunk));
      decoder.finish();
    }).toThrow(/checksum/);
    expect(got).toHaveLength(1);
  }
});

test("a message above the limit is refused at its prelude", () => {
  const bytes = encodeEventStreamMessage(message("x".repeat(2000)));
  expect(() => eventStreamDecoder({ maxMessageBytes: 1024 }).push(bytes.subarray(0, 12))).toThrow(
    expect.objectContaining({ status: 502, message: expect.stringContaining("at most 1024") }),
  );
  expect(decode([bytes], bytes.length)).toHaveLength(1);
});

test("a body that ends inside a message is an error, one that ends after it is not", () => {
  const bytes = encodeEventStreamMessage(message("hello"));
  expect(decode([bytes])).toHaveLength(1);
  expect(decode([])).toEqual([]);
  expect(() => decode([bytes.subarray(0, bytes.length - 1)])).toThrow(/ended inside a message/);
  expect(() => decode([bytes.subarray(0, 3)])).toThrow(/ended inside a message/);
});

test("a large message in tiny chunks costs time in proportion", () => {
  const bytes = encodeEventStreamMessage(message("x".repeat(4_000_000)));
  const started = performance.now();
  expect(decode(split(bytes, [64]))[0]?.payload.length).toBe(4_000_000);
  // 62,500 chunks: joining at each of them would copy 125 GB.
  expect(performance.now() - started).toBeLessThan(5000);
});
