import { z } from "zod";

/** Names of shared types, under which the reference describes them once. */
export const typeNames = z.registry<{ name: string }>();

/** Gives a shared schema a name; its described variants keep it. */
export function named<S extends z.ZodType>(name: string, schema: S): S {
  typeNames.add(schema, { name });
  return schema;
}
