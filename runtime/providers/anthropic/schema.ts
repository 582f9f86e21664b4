type Schema = Record<string, unknown>;

/** Members of a schema that hold schemas: by name, in a list, or one. */
const NAMED = ["properties", "$defs", "definitions"];
const LISTED = ["anyOf", "oneOf", "allOf"];

/**
 * A JSON schema whose objects admit no other members than those named. Anthropic enforces no other
 * schemas, and refuses one that does not say so; a schema that says something else stays as it is.
 */
export function closeSchema(schema: Schema): Schema {
  const closed: Schema = { ...schema };
  for (const key of NAMED) {
    const inner = schema[key];
    if (isSchema(inner)) {
      closed[key] = Object.fromEntries(
        Object.entries(inner).map(([name, value]) => [name, close(value)]),
      );
    }
  }
  for (const key of LISTED) {
    const inner = schema[key];
    if (Array.isArray(inner)) closed[key] = inner.map(close);
  }
  if ("items" in schema) closed.items = close(schema.items);
  const isObject = schema.type === "object" || isSchema(schema.properties);
  if (isObject && !("additionalProperties" in schema)) closed.additionalProperties = false;
  return closed;
}

const close = (value: unknown): unknown => (isSchema(value) ? closeSchema(value) : value);

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);
