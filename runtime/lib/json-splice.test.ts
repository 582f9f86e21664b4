import fc from "fast-check";
import { UserError } from "./errors.ts";
import { scanObject, spliceObject } from "./json-splice.ts";

const splice = (json: string, edit: Record<string, string | undefined>): string =>
  spliceObject(Buffer.from(json), new Map(Object.entries(edit))).toString();

test("what is not edited keeps its bytes", () => {
  const json =
    ' {\n "n": 12345678901234567890,  "model" : "a\\u0062",\t"z":[1, {"model":"x"}], "n":1e400 }\n';
  expect(splice(json, { model: '"big"' })).toBe(json.replace('"a\\u0062"', '"big"'));
  expect(splice(json, { q: "1" })).toBe(json.replace("1e400", '1e400,"q":1'));
});

test("an edit that changes nothing returns the same bytes", () => {
  const bytes = Buffer.from('{"a":1}');
  expect(spliceObject(bytes, new Map())).toBe(bytes);
  expect(spliceObject(bytes, new Map([["b", undefined]]))).toBe(bytes);
});

test.each([
  ['{ "a":1, "b":2, "c":3 }', ["a"], '{ "b":2, "c":3 }'],
  ['{ "a":1, "b":2, "c":3 }', ["b"], '{ "a":1, "c":3 }'],
  ['{ "a":1, "b":2, "c":3 }', ["c"], '{ "a":1, "b":2 }'],
  ['{ "a":1, "b":2, "c":3 }', ["a", "b", "c"], "{  }"],
  ['{"a":1,"a":2,"b":3}', ["a"], '{"b":3}'],
])("%s without %j is %s", (json, names, expected) => {
  const edit = Object.fromEntries(names.map((name) => [name, undefined]));
  expect(splice(json, edit)).toBe(expected);
});

test.each(["{}", "{ }", ' { "gone" : [] } '])("a member is added to %j", (json) => {
  expect(JSON.parse(splice(json, { gone: undefined, new: "true" }))).toEqual({ new: true });
});

test("keys are compared by what they mean", () => {
  expect(splice('{"m\\u006fdel":"a"}', { model: '"b"' })).toBe('{"m\\u006fdel":"b"}');
});

test.each([
  "",
  "[]",
  "null",
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  '{"a":1 "b":2}',
  '{"a":1',
  '{"a":"x}',
  '{"a":[1}}{',
  '{"a":1}x',
  "{a:1}",
  '{"\\x":1}',
  '{"a":"\\"}',
])("%j is refused", (json) => {
  expect(() => scanObject(Buffer.from(json))).toThrow(UserError);
});

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.string({ unit: fc.constantFrom('"', "\\", "a", "{", "]", ",", ":", "é"), maxLength: 120 }),
);
const object = fc.dictionary(text, fc.jsonValue({ maxDepth: 3 }), {
  noNullPrototype: true,
  maxKeys: 6,
});

/** By key alone: a value can be an object that has no text. */
const sorted = (members: Map<string, unknown>): [string, unknown][] =>
  [...members].sort(([one], [other]) => (one < other ? -1 : 1));

test("agrees with parsing, editing and printing", () => {
  fc.assert(
    fc.property(
      object,
      fc.array(fc.tuple(fc.nat(5), fc.option(fc.jsonValue({ maxDepth: 1 }))), { maxLength: 4 }),
      object,
      fc.constantFrom(undefined, 1, "\t"),
      (start, touched, more, space) => {
        const names = Object.keys(start);
        const edit = new Map<string, string | undefined>();
        for (const [index, value] of touched) {
          const name = names[index];
          if (name !== undefined)
            edit.set(name, value === null ? undefined : JSON.stringify(value));
        }
        for (const [name, value] of Object.entries(more)) edit.set(name, JSON.stringify(value));

        const expected = new Map(Object.entries(start));
        for (const [name, raw] of edit) {
          if (raw === undefined) expected.delete(name);
          else expected.set(name, JSON.parse(raw));
        }
        const spliced = spliceObject(Buffer.from(JSON.stringify(start, null, space)), edit);
        const parsed = new Map(Object.entries(JSON.parse(spliced.toString())));
        // Through JSON once more: -0 prints as 0.
        expect(JSON.stringify(sorted(parsed))).toBe(JSON.stringify(sorted(expected)));
      },
    ),
    { numRuns: 500 },
  );
});

test("a long prompt is passed over quickly", () => {
  const json = Buffer.from(JSON.stringify({ a: '\\"'.repeat(500_000), b: "x".repeat(5_000_000) }));
  const started = performance.now();
  expect(scanObject(json).map(({ key }) => key)).toEqual(["a", "b"]);
  expect(performance.now() - started).toBeLessThan(1000);
});
