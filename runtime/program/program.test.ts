import fc from "fast-check";
import { decodeProgram, encodeProgram, PROGRAM_VERSION, type Program } from "./program.ts";

const program: fc.Arbitrary<Program> = fc.record(
  {
    v: fc.constant(PROGRAM_VERSION),
    route: fc.string(),
    backend: fc.string(),
    schema: fc.string(),
    prefix: fc.string({ unit: "binary" }),
    model: fc.string({ unit: "grapheme" }),
    body: fc.record(
      {
        remove: fc.array(fc.string()),
        set: fc.array(fc.tuple(fc.string(), fc.json())),
      },
      { requiredKeys: [] },
    ),
    costs: fc.array(
      fc.record({ key: fc.string(), type: fc.constant("CEL" as const), cel: fc.string() }),
    ),
  },
  { requiredKeys: ["v", "route", "backend", "schema"] },
);

test("survives the way through Envoy's metadata", () => {
  fc.assert(
    fc.property(program, (original) => {
      const text = encodeProgram(original);
      // Envoy expands %…%, and header values are ASCII.
      expect(text).toMatch(/^[\x20-\x7e]*$/);
      expect(text).not.toContain("%");
      expect(decodeProgram(text)).toEqual({ ok: true, program: original });
    }),
  );
});

test("the same meaning is the same bytes, whatever the order of keys", () => {
  const one = encodeProgram({ v: 1, route: "a/b", backend: "a/c", schema: "OpenAI", model: "m" });
  const other = encodeProgram({ model: "m", schema: "OpenAI", backend: "a/c", route: "a/b", v: 1 });
  expect(other).toBe(one);
  const withUndefined = {
    v: 1,
    route: "a/b",
    backend: "a/c",
    schema: "OpenAI",
    model: "m",
    prefix: undefined,
  };
  expect(encodeProgram(withUndefined as unknown as Program)).toBe(one);
});

test.each([
  ['{"v":2,"route":"a/b"}', "unknown-version", "version 2"],
  ["null", "unknown-version", "version undefined"],
  ["{", "invalid", "not JSON"],
  ['{"v":1}', "invalid", "route"],
  ['{"v":1,"route":"r","backend":"b","schema":"s","key":"sk"}', "invalid", "key"],
])("%s is refused as %s", (text, reason, message) => {
  const decoded = decodeProgram(text);
  expect(decoded).toMatchObject({ ok: false, reason });
  expect(!decoded.ok && decoded.message).toContain(message);
});
