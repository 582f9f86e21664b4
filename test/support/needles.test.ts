import fc from "fast-check";
import { findNeedles } from "./needles.ts";

const VALUE = "a secret+value/with=signs%00";
const found = (text: string): number =>
  findNeedles([{ name: "it", value: VALUE }], new Map([["there", text]])).length;

test.each(["base64", "base64url", "hex", "utf8"] as const)(
  "a value is found in %s, whatever stands around it",
  (encoding) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 9 }), fc.uint8Array({ maxLength: 9 }), (a, b) => {
        const text = Buffer.concat([a, Buffer.from(VALUE), b]).toString(encoding);
        expect(found(text)).toBeGreaterThan(0);
      }),
    );
  },
);

test("it is found in URLs and JSON texts, and not where it is not", () => {
  expect(found(`?key=${encodeURIComponent(VALUE)}`)).toBeGreaterThan(0);
  expect(found(JSON.stringify({ a: VALUE }))).toBeGreaterThan(0);
  expect(found("a secret, but another one")).toBe(0);
});
