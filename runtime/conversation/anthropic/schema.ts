type Schema = Record<string, unknown>;

/** Formats of strings that Anthropic enforces. */
const FORMATS = new Set([
  "date-time",
  "time",
  "date",
  "duration",
  "email",
  "hostname",
  "uri",
  "ipv4",
  "ipv6",
  "uuid",
]);

/** Members that hold schemas by name, or a list of them. */
const NAMED = ["properties", "$defs", "definitions"];
const LISTED = ["anyOf", "allOf"];
/** Members that are taken as they are. */
const PLAIN = [
  "type",
  "enum",
  "const",
  "$ref",
  "required",
  "additionalProperties",
  "title",
  "description",
];
/** Members that constrain nothing. */
const IGNORED = new Set(["$schema", "$id", "$comment", "items", "oneOf"]);
const HANDLED = new Set([...NAMED, ...LISTED, ...PLAIN, ...IGNORED]);

/**
 * A JSON schema that Anthropic can enforce; it refuses any other. An object that does not say
 * otherwise admits no members but those it names, alternatives are `anyOf`, and what cannot be
 * enforced (ranges, lengths, patterns) is told to the model in the description. A schema that is
 * open on purpose stays as it is: closed, it would mean something else.
 */
export function enforceableSchema(schema: Schema): Schema {
  const result: Schema = {};
  for (const key of PLAIN) if (schema[key] !== undefined) result[key] = schema[key];
  for (const key of NAMED) {
    const inner = schema[key];
    if (isSchema(inner)) result[key] = mapValues(inner, enforceable);
  }
  for (const key of LISTED) {
    const inner = schema[key];
    if (Array.isArray(inner)) result[key] = inner.map(enforceable);
  }
  if (Array.isArray(schema.oneOf) && result.anyOf === undefined) {
    result.anyOf = schema.oneOf.map(enforceable);
  }
  if (schema.items !== undefined) result.items = enforceable(schema.items);
  if (isObjectSchema(schema)) result.additionalProperties ??= false;
  return told(result, restrictions(schema, result));
}

const enforceable = (value: unknown): unknown =>
  isSchema(value) ? enforceableSchema(value) : value;

/** What the schema demands beyond what Anthropic enforces; takes over what it does. */
function restrictions(schema: Schema, result: Schema): Schema {
  const left: Schema = {};
  for (const [key, value] of Object.entries(schema)) {
    if (HANDLED.has(key)) continue;
    const enforced =
      (key === "format" && FORMATS.has(String(value))) ||
      (key === "minItems" && (value === 0 || value === 1));
    (enforced ? result : left)[key] = value;
  }
  return left;
}

function told(schema: Schema, left: Schema): Schema {
  if (Object.keys(left).length === 0) return schema;
  const description = typeof schema.description === "string" ? `${schema.description}\n\n` : "";
  return { ...schema, description: `${description}Has to satisfy: ${JSON.stringify(left)}` };
}

const isObjectSchema = ({ type, properties }: Schema): boolean =>
  type === "object" || (Array.isArray(type) && type.includes("object")) || isSchema(properties);

const mapValues = (record: Schema, change: (value: unknown) => unknown): Schema =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);
