/** HPACK, held to Node's own HTTP/2 as the encoder. */
import { connect } from "node:http2";
import {
  type AddressInfo,
  createServer,
  type Server,
  type Socket,
  connect as toServer,
} from "node:net";
import fc from "fast-check";
import { Flag, FrameSplitter, FrameType, frame, PREFACE, settingsFrame } from "./frames.ts";
import { encodeHeaders, HeaderDecoder, type HeaderField } from "./hpack.ts";
import { decodeHuffman } from "./huffman.ts";

const TABLE = 4096;
const decoder = (table = TABLE, list = 1 << 20) => new HeaderDecoder(table, list);
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

let listener: Server;
beforeAll(async () => {
  listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
});
afterAll(() => listener.close());

/** The header blocks that Node writes for these requests, on one connection. */
async function blocksOf(requests: readonly HeaderField[][], table: number): Promise<Buffer[]> {
  const accepted = new Promise<Socket>((resolve) => listener.once("connection", resolve));
  const client = toServer((listener.address() as AddressInfo).port, "127.0.0.1");
  const server = await accepted;
  server.on("error", () => undefined);
  const session = connect("http://host", { createConnection: () => client });
  session.on("error", () => undefined);
  server.write(settingsFrame({ headerTableSize: table }));
  const frames = new FrameSplitter();
  let skip = PREFACE.length;
  const blocks: Buffer[] = [];
  let parts: Buffer[] = [];
  await new Promise<void>((resolve) => {
    server.on("data", (chunk: Buffer) => {
      const rest = chunk.subarray(skip);
      skip -= chunk.length - rest.length;
      for (const { type, flags, payload } of frames.push(rest)) {
        if (type === FrameType.settings && (flags & Flag.ack) === 0) {
          server.write(frame(FrameType.settings, Flag.ack, 0, Buffer.alloc(0)));
        }
        if (type !== FrameType.headers && type !== FrameType.continuation) continue;
        parts.push(payload);
        if ((flags & Flag.endHeaders) === 0) continue;
        blocks.push(Buffer.concat(parts));
        parts = [];
        if (blocks.length === requests.length) resolve();
      }
    });
    session.once("remoteSettings", () => {
      for (const fields of requests) {
        const stream = session.request(Object.fromEntries(fields), { endStream: true });
        stream.on("error", () => undefined);
      }
    });
  });
  session.destroy();
  server.destroy();
  return blocks;
}

const latin1 = fc.string({
  unit: fc
    .integer({ min: 0x20, max: 0xff })
    .map((code) => String.fromCharCode(code === 0x7f ? 0x20 : code)),
  maxLength: 60,
});
const value = fc.oneof(latin1, fc.constantFrom("trailers", "application/grpc", "x".repeat(5000)));
const fields = fc.uniqueArray(
  fc.tuple(
    fc.stringMatching(/^x-[a-z]{1,8}$/),
    value.map((text) => text.trim()),
  ),
  { selector: ([name]) => name, maxLength: 12 },
);

test("whatever Node encodes is read, with a table of any size", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fields, { minLength: 1, maxLength: 8 }),
      fc.constantFrom(0, 100, TABLE, 1 << 18),
      async (requests, table) => {
        const blocks = await blocksOf(requests, table);
        const reader = decoder(table);
        const read = blocks.map((block) => reader.decode(block));
        expect(read.map((each) => each.filter(([name]) => name.startsWith("x-")))).toEqual(
          requests,
        );
      },
    ),
    { numRuns: 60 },
  );
});

test("what is encoded here is read back, by any decoder", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,200}$/), latin1)), (list) => {
      expect(decoder().decode(encodeHeaders(list))).toEqual(list);
      expect(decoder(0).decode(encodeHeaders(list))).toEqual(list);
    }),
  );
});

test("fields come out of the table as the same object", () => {
  const reader = decoder();
  const [first] = reader.decode(hex("40 03 666f6f 03 626172"));
  const [again] = reader.decode(hex("be"));
  expect(first).toEqual(["foo", "bar"]);
  expect(again).toBe(first);
});

test("the table forgets the oldest when it is full", () => {
  const reader = decoder(80);
  reader.decode(hex("3f31 40 01 61 01 62 40 01 63 01 64"));
  expect(reader.decode(hex("be bf"))).toEqual([
    ["c", "d"],
    ["a", "b"],
  ]);
  reader.decode(hex("40 01 65 01 66"));
  expect(reader.decode(hex("be bf"))).toEqual([
    ["e", "f"],
    ["c", "d"],
  ]);
  expect(() => reader.decode(hex("c0"))).toThrow("there is no field 64");
});

/** RFC 7541, appendix C. */
test.each([
  ["82 86 84 41 0f 7777772e6578616d706c652e636f6d", "www.example.com"],
  ["82 86 84 41 8c f1e3 c2e5 f23a 6ba0 ab90 f4ff", "www.example.com"],
  ["40 0a 637573746f6d2d6b6579 0d 637573746f6d2d686561646572", "custom-header"],
  ["58 86 a8eb 1064 9cbf", "no-cache"],
])("as in the RFC: %s", (block, last) => {
  expect(decoder().decode(hex(block)).at(-1)?.[1]).toBe(last);
});

test.each([
  ["a field that is not there", "be"],
  ["field 0", "80"],
  ["the end inside a text", "40 03 66"],
  ["the end inside a number", "ff"],
  ["a number without end", "ff ff ff ff ff ff 0f"],
  ["a table larger than was allowed", "3f e2 1f"],
  ["a size of the table behind a field", "82 20"],
  ["Huffman with more than a byte of padding", "00 01 61 82 1fff"],
  ["Huffman padded with zeros", "00 01 61 81 18"],
  ["Huffman with the end of text in it", "00 01 61 84 ffff ffff"],
])("refused: %s", (_name, block) => {
  expect(() => decoder().decode(hex(block))).toThrow(expect.objectContaining({ code: 9 }));
});

test("more headers than are taken in end the connection", () => {
  expect(() => decoder(TABLE, 100).decode(encodeHeaders([["a", "b".repeat(100)]]))).toThrow(
    expect.objectContaining({ code: 11 }),
  );
});

test("bytes that are no block are an error, never a crash", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      try {
        decoder().decode(Buffer.from(bytes));
      } catch (error) {
        expect(error).toHaveProperty("name", "ConnectionError");
      }
      decodeHuffman(Buffer.from(bytes), 0, bytes.length);
    }),
    { numRuns: 2000 },
  );
});
