import { Field } from "../field.ts";

/** Google's APIs take `inlineData` and `inline_data` for one member. */
export function member(object: Field, name: string): Field {
  const camel = object.get(name);
  if (!camel.absent) return camel;
  const other = snakeOf(name);
  if (other === name) return camel;
  const snake = object.get(other);
  return snake.absent ? camel : snake;
}

/** Names are those of the decoders: some dozens. */
const snakes = new Map<string, string>();

function snakeOf(name: string): string {
  const known = snakes.get(name);
  if (known !== undefined) return known;
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  snakes.set(name, snake);
  return snake;
}

/** Members by their name in camel case that are none of these. */
export const otherMembers = (object: Field, known: ReadonlySet<string>): [string, unknown][] =>
  Object.entries(object.record())
    .map(([name, value]): [string, unknown] => [camel(name), value])
    .filter(([name, value]) => !known.has(name) && value !== null);

const camel = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** 64-bit integers come as numbers or as strings. */
export function integer(field: Field, least?: number): number {
  const { value, path } = field;
  const digits = typeof value === "string" && /^-?\d{1,15}$/.test(value);
  return digits ? new Field(Number(value), path).integer(least) : field.integer(least);
}
