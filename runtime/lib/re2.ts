import { RE2JS } from "re2js";

export type Pattern =
  | {
      ok: true /** Whether a part of the text matches, in time linear to its length. */;
      test(text: string): boolean;
    }
  | { ok: false; problem: string };

/** A regular expression of RE2: what Envoy and CEL run. What RE2 refuses is refused here. */
export function re2(pattern: string): Pattern {
  try {
    const compiled = RE2JS.compile(pattern);
    return { ok: true, test: (text) => compiled.test(text) };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}
