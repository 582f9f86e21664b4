type Schema = Record<string, unknown>;

/** Members of a schema that hold schemas: by name, in a list, or one. */
const NAMED = ["properties", "$defs", "definitions"];
const LISTED = ["anyOf", "oneOf", "allOf"];

/**
 * Whether OpenAI can enforce a JSON schema: every object in it admits the members that it names and
 * no others, and requires them all. It refuses to be strict about any other.
 */
export function isEnforceable(schema: Schema): boolean {
  const { properties, required } = schema;
  if (schema.type === "object" || properties !== undefined) {
    if (schema.additionalProperties !== false) return false;
    const names = isSchema(properties) ? Object.keys(properties) : [];
    if (!names.every((name) => Array.isArray(required) && required.includes(name))) return false;
  }
  return innerSchemas(schema).every(isEnforceable);
}

function innerSchemas(schema: Schema): Schema[] {
  const inner: unknown[] = [schema.items];
  for (const key of NAMED) if (isSchema(schema[key])) inner.push(...Object.values(schema[key]));
  for (const key of LISTED) if (Array.isArray(schema[key])) inner.push(...schema[key]);
  return inner.filter(isSchema);
}

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);
