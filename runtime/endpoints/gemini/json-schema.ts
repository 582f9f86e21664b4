type Schema = Record<string, unknown>;

const COUNTS = new Set([
  "minItems",
  "maxItems",
  "minLength",
  "maxLength",
  "minProperties",
  "maxProperties",
]);
/** Of Gemini alone; nothing that could be checked. */
const HINTS = new Set(["propertyOrdering", "property_ordering", "example", "nullable"]);

/**
 * Gemini's schemas are OpenAPI's: types in capitals, `nullable` beside the type, counts that may come
 * as text. As JSON schema, which everybody else takes.
 */
export function jsonSchema(schema: unknown): Schema {
  const out: Schema = {};
  for (const [key, value] of Object.entries(asRecord(schema))) {
    if (HINTS.has(key)) continue;
    const name = key === "any_of" ? "anyOf" : key;
    if (name === "type") out.type = typeOf(value);
    else if (name === "properties") {
      out.properties = Object.fromEntries(
        Object.entries(asRecord(value)).map(([property, inner]) => [property, jsonSchema(inner)]),
      );
    } else if (name === "items") out.items = jsonSchema(value);
    else if (name === "anyOf") out.anyOf = Array.isArray(value) ? value.map(jsonSchema) : value;
    else out[name] = COUNTS.has(name) && typeof value === "string" ? Number(value) : value;
  }
  return asRecord(schema).nullable === true ? orNull(out) : out;
}

const typeOf = (type: unknown): unknown => (typeof type === "string" ? type.toLowerCase() : type);

function orNull(schema: Schema): Schema {
  const { type } = schema;
  if (typeof type !== "string") return { anyOf: [schema, { type: "null" }] };
  const values = Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {};
  return { ...schema, type: [type, "null"], ...values };
}

const asRecord = (value: unknown): Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Schema) : {};
