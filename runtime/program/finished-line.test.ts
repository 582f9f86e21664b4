import fc from "fast-check";
import {
  FINISHED_LINE_FORMAT,
  readFinishedLine,
  readUsageText,
  type UsageReading,
  usageText,
} from "./finished-line.ts";

const count = fc.oneof(fc.nat(), fc.double({ min: 0, max: 1e15, noNaN: true }));
const reading = fc.record(
  {
    inputTokens: count,
    outputTokens: count,
    totalTokens: count,
    cachedInputTokens: count,
    cacheCreationInputTokens: count,
    reasoningTokens: count,
    uncachedInputTokens: count,
    firstToken: count,
    betweenTokens: count,
    model: fc.string({ minLength: 1, unit: "grapheme" }),
  },
  { requiredKeys: [] },
);

test("usage is read as it was written, in one line", () => {
  fc.assert(
    fc.property(reading, (given: UsageReading) => {
      const text = usageText(given);
      expect(text).not.toMatch(/\n/);
      const { model, ...counts } = readUsageText(text);
      const { model: asked, ...expected } = given;
      expect(counts).toEqual(expected);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what a line must not have
      expect(model).toBe(asked?.replace(/[\x00-\x1f\x7f]/g, " "));
    }),
  );
});

test("what Envoy has no value for is absent", () => {
  const nothing = FINISHED_LINE_FORMAT.split("\n")
    .map(() => "-")
    .join("\n");
  expect(readFinishedLine(nothing)).toMatchObject({
    endpoint: undefined,
    provider: undefined,
    status: 0,
    flags: [],
    times: { sent: undefined },
    reading: {},
  });
});

test("no text makes it throw", () => {
  const lines = FINISHED_LINE_FORMAT.split("\n").length;
  const texts = fc.array(fc.oneof(fc.string(), fc.json(), fc.constant("model=")), {
    minLength: lines,
    maxLength: lines,
  });
  fc.assert(fc.property(texts, (parts) => void readFinishedLine(parts.join("\n"))));
});
