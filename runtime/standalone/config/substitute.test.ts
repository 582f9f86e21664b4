// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the syntax under test
import fc from "fast-check";
import { mask, substitute, unmask } from "./substitute.ts";

const env = { HOST: "example.com", EMPTY: "", OTHER: "other", PORT: "8080" };
const text = (source: string): string => substitute(source, env).text;

test.each([
  ["${HOST}", "example.com"],
  ["https://$HOST:${PORT}/v1", "https://example.com:8080/v1"],
  ["${NONE:-fallback}", "fallback"],
  ["${NONE-fallback}", "fallback"],
  ["${NONE=fallback}", "fallback"],
  ["${EMPTY:-fallback}", "fallback"],
  ["${EMPTY:=fallback}", "fallback"],
  ["${EMPTY-fallback}", ""],
  ["${EMPTY}", ""],
  ["${HOST:-fallback}", "example.com"],
  ["${NONE:-}", ""],
  ['${NONE:-a:b - "c" # d}', 'a:b - "c" # d'],
  ["${NONE:-${OTHER}}", "other"],
  ["${NONE:-$OTHER}", "other"],
  ["${NONE:-${NONE:-deep}}!", "deep!"],
  ["${HOST+set}", "set"],
  ["${EMPTY:+set}", "set"],
  ["${NONE+set}", ""],
])("%s becomes %j", (source, expected) => {
  expect(substitute(source, env)).toEqual({ text: expected, unset: [], malformed: 0 });
});

test.each([
  ["$$HOST", "$HOST"],
  ["$${HOST}", "${HOST}"],
  ["a$$b", "a$b"],
  ["^gpt-.*$", "^gpt-.*$"],
  ["cost: 5$", "cost: 5$"],
  ["$1 $NONE $", "$1 $NONE $"],
])("dollar signs in %s are escaped or not meant for us: %s", (source, expected) => {
  expect(text(source)).toBe(expected);
});

test("names what is not set, also within defaults", () => {
  expect(substitute("${ONE} ${TWO:-${THREE}} ${HOST}", env).unset).toEqual(["ONE", "THREE"]);
});

test.each(["${}", "${HOST", "${a b}", "${1}", "${HOST!x}", "${HOST\n}"])(
  "counts %j as malformed and leaves it",
  (source) => expect(substitute(source, env)).toEqual({ text: source, unset: [], malformed: 1 }),
);

test("a value is never read for variables again", () => {
  expect(substitute("${A}", { A: "${B}", B: "no" }).text).toBe("${B}");
});

test("text without a dollar sign stays", () => {
  fc.assert(
    fc.property(fc.string(), (source) => {
      fc.pre(!source.includes("$"));
      expect(text(source)).toBe(source);
    }),
    { numRuns: 200 },
  );
});

const dollars = fc.string({
  unit: fc.constantFrom("$", "{", "}", "A", ":", "-", "\n", " ", '"', "#"),
  maxLength: 30,
});

test("masking keeps lengths and lines, and is undone by unmasking", () => {
  fc.assert(
    fc.property(dollars, (source) => {
      const masked = mask(source);
      expect(masked).toHaveLength(source.length);
      expect(masked.split("\n").map((line) => line.length)).toEqual(
        source.split("\n").map((line) => line.length),
      );
      expect(unmask(masked)).toBe(source);
    }),
    { numRuns: 500 },
  );
});
