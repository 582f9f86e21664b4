import fc from "fast-check";
import { BackwardWriter } from "./writer.ts";

type Step = { write: (writer: BackwardWriter) => void; bytes: Buffer };

const double = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
};
const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const step = <T>(
  values: fc.Arbitrary<T>,
  write: (writer: BackwardWriter, value: T) => void,
  bytesOf: (value: T) => Buffer,
): fc.Arbitrary<Step> =>
  values.map((value) => ({ write: (writer) => write(writer, value), bytes: bytesOf(value) }));

const steps = fc.oneof(
  step(
    fc.integer({ min: 0, max: 127 }),
    (w, v) => w.byte(v),
    (v) => Buffer.from([v]),
  ),
  step(
    fc.integer({ min: 0, max: 127 }),
    (w, v) => w.varint(v),
    (v) => Buffer.from([v]),
  ),
  step(
    fc.integer({ min: 128, max: 16_383 }),
    (w, v) => w.varint(v),
    (v) => Buffer.from([(v % 128) | 0x80, v >> 7]),
  ),
  step(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (w, v) => w.uint32BE(v), uint32),
  step(fc.double(), (w, v) => w.double(v), double),
  step(
    fc.uint8Array({ maxLength: 40 }),
    (w, v) => w.raw(v),
    (v) => Buffer.from(v),
  ),
  step(
    fc.string({ maxLength: 40 }),
    (w, v) => w.utf8(v),
    (v) => Buffer.from(v),
  ),
  step(
    fc.uint8Array({ maxLength: 40 }).map((v) => Buffer.from(v).toString("latin1")),
    (w, v) => w.latin1(v),
    (v) => Buffer.from(v, "latin1"),
  ),
);

test("whatever is written is there, however often the room was too small", () => {
  fc.assert(
    fc.property(fc.array(steps), fc.integer({ min: 0, max: 64 }), (written, capacity) => {
      const writer = new BackwardWriter(capacity);
      for (const { write } of written) write(writer);
      const expected = Buffer.concat(written.map(({ bytes }) => bytes).reverse());
      expect(writer.finish().equals(expected)).toBe(true);
      expect(writer.length).toBe(expected.length);
    }),
  );
});
