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
