import { parseDuration } from "./duration.ts";

test.each([
  ["60s", 60_000],
  ["1h30m", 5_400_000],
  ["500ms", 500],
  ["0s", 0],
  ["1m500ms", 60_500],
])("%s is %d ms", (text, ms) => expect(parseDuration(text)).toBe(ms));

test.each(["", "1", "-1s", "1.5s", "s", "1d", "1s "])("%p is no duration", (text) =>
  expect(parseDuration(text)).toBeUndefined(),
);
