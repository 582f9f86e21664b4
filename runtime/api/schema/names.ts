import { z } from "zod";

/** Names of shared types, under which the reference describes them once. */
export const typeNames = z.registry<{ name: string }>();

const types = new Map<string, z.ZodType>();

/** Gives a shared schema a name; its described variants keep it. */
export function named<S extends z.ZodType>(name: string, schema: S): S {
  typeNames.add(schema, { name });
  types.set(name, schema);
  return schema;
}

/** The shared type of a name, as it was named: without what its users add to it. */
export const typeNamed = (name: string): z.ZodType | undefined => types.get(name);
