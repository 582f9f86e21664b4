import { z } from "zod";

/** What pruning made of a value, and the paths of the fields that it took away. */
export interface Pruned {
  value: unknown;
  unknown: (string | number)[][];
}

/**
 * What the API server does before it validates: fields that the schema does not know are dropped,
 * and so are fields that are null.
 */
export function prune(schema: z.ZodType, value: unknown): Pruned {
  const unknown: Pruned["unknown"] = [];
  return { value: visit(schema, value, [], unknown), unknown };
}

function visit(
  schema: z.ZodType,
  value: unknown,
  path: (string | number)[],
  unknown: Pruned["unknown"],
): unknown {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodCatch
  ) {
    return visit(schema.unwrap() as z.ZodType, value, path, unknown);
  }
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    const element = schema.element as z.ZodType;
    return value.map((item, index) => visit(element, item, [...path, index], unknown));
  }
  if (!isPlainObject(value)) return value;
  if (schema instanceof z.ZodRecord) {
    const element = schema.valueType as z.ZodType;
    return mapFields(value, (name, field) => visit(element, field, [...path, name], unknown));
  }
  if (!(schema instanceof z.ZodObject)) return value;
  const shape = schema.shape as Record<string, z.ZodType>;
  const open = schema.def.catchall !== undefined;
  return mapFields(value, (name, field) => {
    const known = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (known !== undefined) return visit(known, field, [...path, name], unknown);
    if (open) return field;
    unknown.push([...path, name]);
    return undefined;
  });
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Fields whose new value is null or undefined are left out. */
const mapFields = (
  object: Record<string, unknown>,
  change: (name: string, field: unknown) => unknown,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(object)
      .map(([name, field]): [string, unknown] => [name, change(name, field)])
      .filter(([, field]) => field !== undefined && field !== null),
  );
