import { z } from "zod";

/** How many items a list may have, both included. */
export interface ListLimits {
  min?: number;
  max?: number;
}

/** A list in which order counts and items may repeat. */
export function list<S extends z.ZodType>(item: S, limits: ListLimits = {}): z.ZodArray<S> {
  let schema = z.array(item);
  if (limits.min !== undefined) schema = schema.min(limits.min);
  if (limits.max !== undefined) schema = schema.max(limits.max);
  return schema;
}

/** A list that is replaced as a whole by server-side apply. */
export const atomicList = <S extends z.ZodType>(item: S, limits: ListLimits = {}): z.ZodArray<S> =>
  list(item, limits).meta({ "x-kubernetes-list-type": "atomic" });

/** A list without repetition. */
export const setOf = <S extends z.ZodType<string>>(
  item: S,
  limits: ListLimits = {},
): z.ZodArray<S> =>
  list(item, limits)
    .check((context) => reportRepeats(context, (value) => String(value)))
    .meta({ "x-kubernetes-list-type": "set" });

/** A list of objects, of which `key` names one. */
export const mapOf = <S extends z.ZodType>(
  item: S,
  key: string,
  limits: ListLimits = {},
): z.ZodArray<S> =>
  list(item, limits)
    .check((context) => reportRepeats(context, (value) => (value as Record<string, unknown>)[key]))
    .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": [key] });

function reportRepeats<T>(
  { value, issues }: z.core.ParsePayload<T[]>,
  identity: (item: T) => unknown,
): void {
  const seen = new Set<unknown>();
  for (const [index, item] of value.entries()) {
    const id = identity(item);
    if (seen.has(id)) {
      const message = `Duplicate value: ${JSON.stringify(id)}`;
      issues.push({ code: "custom", input: item, path: [index], message, continue: true });
    }
    seen.add(id);
  }
}
