import { unprocessable } from "../../lib/errors.ts";

/**
 * Readers of single fields. Each takes the field's place as the client wrote it
 * (`messages[2].content[0].type`), and throws a 422 that names it. Null counts as absent.
 */
export type Fields = Record<string, unknown>;

const wrong = (at: string, wanted: string) => unprocessable(`${at}: ${wanted} is needed`, at);

export function object(value: unknown, at: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw wrong(at, "an object");
}

export function list(value: unknown, at: string): unknown[] {
  if (Array.isArray(value)) return value;
  throw wrong(at, "a list");
}

export function text(value: unknown, at: string): string {
  if (typeof value === "string") return value;
  throw wrong(at, "a string");
}

export function number(value: unknown, at: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw wrong(at, "a number");
}

/** A whole number, none below 0. */
export function count(value: unknown, at: string): number {
  if (Number.isInteger(value) && (value as number) >= 0) return value as number;
  throw wrong(at, "a whole number that is not below 0");
}

export function flag(value: unknown, at: string): boolean {
  if (typeof value === "boolean") return value;
  throw wrong(at, "true or false");
}

export function oneOf<Value extends string>(
  values: readonly Value[],
): (value: unknown, at: string) => Value {
  return (value, at) => {
    const found = values.find((known) => known === value);
    if (found !== undefined) return found;
    throw wrong(at, `one of ${values.join(", ")}`);
  };
}

/** `{ [as]: read(value) }`, or nothing where the field is absent or null. */
export function optional<As extends string, Value>(
  as: As,
  value: unknown,
  at: string,
  read: (value: unknown, at: string) => Value,
): { [Key in As]?: Value } {
  if (value === undefined || value === null) return {};
  return { [as]: read(value, at) } as { [Key in As]?: Value };
}

/** A text, or a list whose items are read one by one. */
export function textOrList<Item>(
  value: unknown,
  at: string,
  ofText: (text: string) => Item,
  ofItem: (item: unknown, at: string) => Item,
): Item[] {
  if (typeof value === "string") return [ofText(value)];
  if (Array.isArray(value)) return value.map((item, index) => ofItem(item, `${at}[${index}]`));
  throw wrong(at, "a string or a list of content blocks");
}
