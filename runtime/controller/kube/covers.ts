/**
 * True where `actual` has everything of `wanted`: what an API server adds by itself (defaults, other
 * managers' fields) does not count. Lists must have the same length: their items mean their place.
 */
export function covers(actual: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(actual) &&
      actual.length === wanted.length &&
      wanted.every((item, index) => covers(actual[index], item))
    );
  }
  if (typeof wanted === "object" && wanted !== null) {
    if (typeof actual !== "object" || actual === null) return false;
    return Object.entries(wanted).every(
      ([field, value]) =>
        value === undefined || covers((actual as Record<string, unknown>)[field], value),
    );
  }
  return actual === wanted;
}

/**
 * `wanted` in the words of an API server that has just taken it: quantities, for one, come back in
 * another form, and what is empty does not come back.
 */
export function inWordsOf(written: unknown, wanted: unknown): unknown {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(written) || written.length !== wanted.length) return written;
    return wanted.map((item, index) => inWordsOf(written[index], item));
  }
  if (typeof wanted === "object" && wanted !== null) {
    if (typeof written !== "object" || written === null) return written;
    return Object.fromEntries(
      Object.entries(wanted).flatMap(([field, value]) => {
        const there = (written as Record<string, unknown>)[field];
        return there === undefined ? [] : [[field, inWordsOf(there, value)]];
      }),
    );
  }
  return written;
}
