import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { createInflater } from "./inflate.ts";

const TEXT = Buffer.from("Hello. ".repeat(50));
const packed = [
  { encoding: "gzip", bytes: gzipSync(TEXT) },
  { encoding: "deflate", bytes: deflateSync(TEXT) },
  { encoding: "br", bytes: brotliCompressSync(TEXT) },
  { encoding: "zstd", bytes: zstdCompressSync(TEXT) },
];

describe.each(packed)("$encoding", ({ encoding, bytes }) => {
  test("comes out, however it is cut", async () => {
    const inflater = createInflater(encoding, 10_000);
    const pieces = [
      await inflater.push(bytes.subarray(0, 7)),
      await inflater.push(bytes.subarray(7)),
      await inflater.finish(),
    ];
    expect(Buffer.concat(pieces)).toEqual(TEXT);
  });

  test("what stands behind its end is an error or nothing, and holds nobody up", async () => {
    const inflater = createInflater(encoding, 10_000);
    try {
      await inflater.push(Buffer.concat([bytes, Buffer.from("xx")]));
      expect(await inflater.finish()).toEqual(Buffer.alloc(0));
    } catch (error) {
      expect(error).toMatchObject({ status: 502 });
    }
    inflater.close();
  });

  test("an end too early is an error", async () => {
    const inflater = createInflater(encoding, 10_000);
    await inflater.push(bytes.subarray(0, 12));
    await expect(inflater.finish()).rejects.toMatchObject({ status: 502 });
  });
});
