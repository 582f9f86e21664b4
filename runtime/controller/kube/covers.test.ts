import fc from "fast-check";
import { covers, inWordsOf } from "./covers.ts";

test("what the API server adds does not count, what it changed does", () => {
  const wanted = { spec: { rules: [{ name: "a" }] } };
  expect(covers({ spec: { rules: [{ name: "a", matches: [] }], more: 1 } }, wanted)).toBe(true);
  expect(covers({ spec: { rules: [{ name: "b" }] } }, wanted)).toBe(false);
  expect(covers({ spec: { rules: [{ name: "a" }, { name: "b" }] } }, wanted)).toBe(false);
  expect(covers({ spec: {} }, wanted)).toBe(false);
  expect(covers(undefined, wanted)).toBe(false);
});

test("everything covers itself", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => covers(value, value)));
});

test("with another field it still covers what it covered", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.jsonValue(),
      (object, more) =>
        covers({ ...object, "another field": more }, { ...object, "another field": more }) &&
        covers({ "another field": more, ...object }, object),
    ),
  );
});

test("what the API server writes in other words is what it has taken", () => {
  const wanted = { resources: { cpu: "1000m", memory: "1Gi" }, env: [{ name: "a", value: "" }] };
  const written = { resources: { cpu: "1", memory: "1Gi" }, env: [{ name: "a" }], more: 1 };
  expect(covers(written, wanted)).toBe(false);
  expect(covers(written, inWordsOf(written, wanted))).toBe(true);
  const changed = { ...written, resources: { cpu: "2", memory: "1Gi" } };
  expect(covers(changed, inWordsOf(written, wanted))).toBe(false);
});

test("what was written covers what was wanted, in its words", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (written, wanted) =>
      covers(written, inWordsOf(written, wanted)),
    ),
  );
});
