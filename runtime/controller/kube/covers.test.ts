import fc from "fast-check";
import { covers } from "./covers.ts";

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
