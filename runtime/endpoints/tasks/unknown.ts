/** Names of a body's members beside these; null counts as absent. */
export const unknownFields = (
  body: Readonly<Record<string, unknown>>,
  known: readonly string[],
): string[] =>
  Object.entries(body)
    .filter(([name, value]) => value !== null && !known.includes(name))
    .map(([name]) => name);
