import { z } from "zod";
import { typeNames } from "../schema/names.ts";

/**
 * A node of a Kubernetes structural schema. Ours are `x-type-name`, for the reference and the
 * components' types, and `x-plain`: the components need the value while the program runs.
 */
export interface Structural {
  type?: string;
  description?: string;
  format?: string;
  default?: unknown;
  enum?: unknown[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  maxProperties?: number;
  required?: string[];
  properties?: Record<string, Structural>;
  items?: Structural;
  additionalProperties?: Structural;
  anyOf?: Structural[];
  allOf?: Structural[];
  "x-kubernetes-validations"?: { rule: string; message: string }[];
  "x-kubernetes-list-type"?: "atomic" | "set" | "map";
  "x-kubernetes-list-map-keys"?: string[];
  "x-kubernetes-map-type"?: "atomic";
  "x-kubernetes-int-or-string"?: boolean;
  "x-kubernetes-preserve-unknown-fields"?: boolean;
  "x-type-name"?: string;
  "x-plain"?: boolean;
}

/** Order of keys in a node: what it is, its limits, its rules, its parts. */
const KEYS: readonly (keyof Structural)[] = [
  "description",
  "type",
  "format",
  "enum",
  "default",
  "pattern",
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties",
  "anyOf",
  "allOf",
  "x-kubernetes-int-or-string",
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-map-type",
  "x-kubernetes-list-type",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-validations",
  "x-type-name",
  "x-plain",
  "required",
  "properties",
  "items",
  "additionalProperties",
];

type Json = Record<string, unknown>;

/** A zod schema as the structural schema that the API server takes. */
export function structural(schema: z.ZodType): Structural {
  const json = z.toJSONSchema(schema, {
    target: "openapi-3.0",
    io: "input",
    reused: "inline",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => adapt(zodSchema, jsonSchema as Json),
  });
  return inOrder(json as Json);
}

/** Mends, in place, what zod's JSON Schema has and a structural schema does not. */
function adapt(schema: z.core.$ZodType, json: Json): void {
  const name = typeNames.get(schema)?.name;
  if (name !== undefined) json["x-type-name"] = name;
  if (schema instanceof z.ZodNumber) {
    // zod writes the range of the type itself; only the limits that a field states are wanted.
    const meta = schema.meta() ?? {};
    json.minimum = meta.minimum;
    json.maximum = meta.maximum;
  }
  if (schema instanceof z.ZodLiteral && schema.values.size > 0) {
    json.type = [...schema.values].every(Number.isInteger) ? "integer" : "string";
  }
  if (json["x-kubernetes-int-or-string"] === true) {
    const patterns = (json.patterns as string[]).map((pattern) => ({ pattern }));
    Object.assign(json, {
      anyOf: [{ type: "integer" }, { type: "string" }],
      ...(patterns.length === 1 ? patterns[0] : { allOf: patterns }),
    });
  }
  // An escaped slash is the regular expression literal's alone.
  if (typeof json.pattern === "string") json.pattern = json.pattern.replaceAll("\\/", "/");
}

function inOrder(json: Json): Structural {
  const node: Json = {};
  for (const key of KEYS) {
    const value = json[key];
    if (value === undefined) continue;
    node[key] = value;
  }
  if (json.properties !== undefined) {
    const properties = Object.entries(json.properties as Record<string, Json>);
    node.properties = Object.fromEntries(properties.map(([name, p]) => [name, inOrder(p)]));
  }
  if (json.items !== undefined) node.items = inOrder(json.items as Json);
  if (typeof json.additionalProperties === "object") {
    node.additionalProperties = inOrder(json.additionalProperties as Json);
  }
  return node as Structural;
}
