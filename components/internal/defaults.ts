import { z } from "zod";

/** The inputs with the defaults of their schema, where a field is left out. Outputs are kept. */
export function withDefaults<T>(schema: z.ZodType, inputs: T): T {
  return fill(schema, inputs) as T;
}

function fill(schema: z.ZodType, value: unknown): unknown {
  if (schema instanceof z.ZodDefault) {
    return value === undefined
      ? schema.def.defaultValue
      : fill(schema.unwrap() as z.ZodType, value);
  }
  if (schema instanceof z.ZodOptional) return fill(schema.unwrap() as z.ZodType, value);
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    return value.map((item) => fill(schema.element as z.ZodType, item));
  }
  if (!isPlainObject(value)) return value;
  const known = Object.entries(value).filter(([, field]) => field !== undefined && field !== null);
  if (schema instanceof z.ZodRecord) {
    return Object.fromEntries(
      known.map(([name, field]) => [name, fill(schema.valueType as z.ZodType, field)]),
    );
  }
  if (!(schema instanceof z.ZodObject)) return value;
  const filled: Record<string, unknown> = Object.fromEntries(known);
  for (const [name, field] of Object.entries(schema.shape as Record<string, z.ZodType>)) {
    const complete = fill(field, filled[name]);
    if (complete !== undefined) filled[name] = complete;
  }
  return filled;
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.getPrototypeOf(value) === Object.prototype;
