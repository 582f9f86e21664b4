/**
 * xDS is built in its JSON form: it is what Envoy's documentation shows and what `aigw translate`
 * prints. It becomes protobuf at the edge, where every unknown field or wrong type is an error.
 */
export type Json = string | number | boolean | null | Json[] | { [field: string]: Json };
export interface JsonObject {
  [field: string]: Json;
}

const PREFIX = "type.googleapis.com/";

/** A message inside a google.protobuf.Any. */
export const typed = (type: string, fields: JsonObject = {}): JsonObject => ({
  "@type": PREFIX + type,
  ...fields,
});

/** An extension by name and config. */
export const extension = (name: string, type: string, fields: JsonObject = {}): JsonObject => ({
  name,
  typed_config: typed(type, fields),
});

export const duration = (ms: number): string => `${ms / 1000}s`;
