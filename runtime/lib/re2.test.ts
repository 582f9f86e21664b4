import fc from "fast-check";
import { re2 } from "./re2.ts";

describe("re2", () => {
  test.each(["(?i)^gpt-", "a{2,3}", "\\pL+", "(?P<name>x)", "[[:alpha:]]", "\\Aclaude\\z"])(
    "takes %s",
    (pattern) => expect(re2(pattern).ok).toBe(true),
  );

  test.each(["(?=x)", "(?<!x)", "(a)\\1", "[", "a{1001}", "(?R)", "\\u0041"])(
    "refuses %s",
    (pattern) => expect(re2(pattern)).toEqual({ ok: false, problem: expect.stringMatching(/./) }),
  );

  test("looks for a part of the text, in the case that was asked for", () => {
    const pattern = re2("(?i)GPT-[45]");
    expect(pattern.ok && pattern.test("my-gpt-4o")).toBe(true);
    expect(pattern.ok && pattern.test("my-gpt-3")).toBe(false);
  });

  test("what makes backtracking explode takes no time", () => {
    const pattern = re2("^(a+)+$");
    const startedAt = performance.now();
    expect(pattern.ok && pattern.test(`${"a".repeat(1000)}!`)).toBe(false);
    // Backtracking needs 2^1000 steps: any bound will do.
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  test("agrees with JavaScript on what both know", () => {
    const part = fc.constantFrom("a", "b", "[ab]", ".", "a?", "b*", "(a|b)", "^", "$", "a{2}");
    const pattern = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(""));
    const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (source, subject) => {
        const ours = re2(source);
        expect(ours.ok && ours.test(subject)).toBe(new RegExp(source).test(subject));
      }),
    );
  });
});
