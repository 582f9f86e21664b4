/** Looks for secret values in whatever form they may have got somewhere. */

/** A value that must be nowhere. */
export interface Needle {
  name: string;
  value: string;
}

/** As it is, percent-encoded, in hexadecimal, in a JSON text, and in base64 at each of three offsets. */
export function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  const forms = [
    value,
    encodeURIComponent(value),
    bytes.toString("hex"),
    JSON.stringify(value).slice(1, -1),
    ...[0, 1, 2].flatMap((offset) => {
      // What stands before and after changes the first and last characters; the middle stays.
      const shifted = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
      const middle = shifted.replace(/=+$/, "").slice(offset === 0 ? 0 : 4, -2);
      return [middle, middle.replaceAll("+", "-").replaceAll("/", "_")];
    }),
  ];
  return [...new Set(forms)];
}

/** `needle in place` for all that is found. */
export function findNeedles(
  needles: readonly Needle[],
  places: ReadonlyMap<string, string | Buffer>,
): string[] {
  const found: string[] = [];
  for (const { name, value } of needles) {
    for (const form of formsOf(value)) {
      for (const [place, text] of places) {
        if (text.includes(form)) found.push(`${name} (${form.slice(0, 12)}…) in ${place}`);
      }
    }
  }
  return found;
}
