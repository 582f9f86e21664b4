import { unsupported } from "../../lib/errors.ts";

type Schema = Record<string, unknown>;

/** Members of Vertex AI's Schema that are taken as they are. */
const PLAIN = [
  "title",
  "description",
  "format",
  "default",
  "minimum",
  "maximum",
  "minItems",
  "maxItems",
  "minLength",
  "maxLength",
  "minProperties",
  "maxProperties",
  "pattern",
  "required",
  "propertyOrdering",
  "nullable",
];
const MAX_DEPTH = 32;

/**
 * A JSON schema in Vertex AI's dialect, a part of OpenAPI's: references are put in place,
 * `type: [.., "null"]` and `anyOf` with null become `nullable`, `const` an enum of one, `oneOf` and
 * `allOf` of one part what they stand for. Types are written in capitals, nothing may be without one,
 * and nothing may stand beside `anyOf`. What the dialect has no word for is left out.
 * https://cloud.google.com/vertex-ai/docs/reference/rest/v1/Schema
 *
 * @param dropped takes the members that are left out
 * @throws {UserError} 422 for a schema that contains itself, and for references to elsewhere
 */
export function vertexSchema(schema: Schema, field: string, dropped: Set<string>): Schema {
  return new Converter(schema, field, dropped).convert(schema, 0);
}

/** What a function takes is one object there: of alternatives, all that any of them may have. */
export function asOneObject(schema: Schema): Schema {
  if (!Array.isArray(schema.anyOf)) return schema;
  const all = schema.anyOf.filter(isSchema);
  const demanded = all.map(({ required }): unknown[] => (Array.isArray(required) ? required : []));
  const required = (demanded[0] ?? []).filter((name) => demanded.every((it) => it.includes(name)));
  return {
    type: "OBJECT",
    properties: Object.assign({}, ...all.map(({ properties }) => properties)),
    ...(required.length === 0 ? {} : { required }),
  };
}

const HANDLED = new Set([
  ...PLAIN,
  "type",
  "enum",
  "const",
  "properties",
  "items",
  "anyOf",
  "oneOf",
  "allOf",
  "$ref",
  // Constrain nothing that the model could say, or are the model's habit anyway.
  "$defs",
  "definitions",
  "$schema",
  "$id",
  "$comment",
  "additionalProperties",
  "strict",
]);

class Converter {
  readonly #root: Schema;
  readonly #field: string;
  readonly #dropped: Set<string>;

  constructor(root: Schema, field: string, dropped: Set<string>) {
    this.#root = root;
    this.#field = field;
    this.#dropped = dropped;
  }

  convert(given: Schema, depth: number): Schema {
    return this.#typed(this.#untyped(given, depth));
  }

  /** As above, but for types that are not told: alternatives may leave them to what they stand in. */
  #untyped(given: Schema, depth: number): Schema {
    if (depth > MAX_DEPTH) {
      throw unsupported(
        `${this.#field}: Vertex AI takes no schema that contains itself, or is deeper than ${MAX_DEPTH}`,
        this.#field,
      );
    }
    const schema = this.#resolved(given, depth);
    const result: Schema = {};
    for (const key of PLAIN) if (schema[key] !== undefined) result[key] = schema[key];
    this.#type(schema, result);
    this.#values(schema, result);
    if (isSchema(schema.properties)) {
      result.properties = Object.fromEntries(
        Object.entries(schema.properties).map(([name, inner]) => [
          name,
          this.convert(isSchema(inner) ? inner : {}, depth + 1),
        ]),
      );
    }
    if (isSchema(schema.items)) result.items = this.convert(schema.items, depth + 1);
    const alternatives = this.#alternatives(schema, result, depth);
    for (const key of Object.keys(schema)) {
      if (!HANDLED.has(key)) this.#dropped.add(`${this.#field}: ${key}`);
    }
    return alternatives === undefined
      ? result
      : { anyOf: alternatives.map((inner) => merge(result, inner)) };
  }

  /** With the type that it has to have, and a list with what is in it. */
  #typed(schema: Schema): Schema {
    if (Array.isArray(schema.anyOf)) {
      return {
        anyOf: schema.anyOf.filter(isSchema).flatMap((inner) => alternativesOf(this.#typed(inner))),
      };
    }
    const type = impliedType(schema);
    if (type === undefined) {
      this.#dropped.add(`${this.#field}: a value of any type`);
      return { anyOf: ANY_VALUE.map((name) => ({ ...schema, type: name })) };
    }
    if (type !== "ARRAY" || schema.items !== undefined) return { ...schema, type };
    return { ...schema, type, items: this.#typed({}) };
  }

  /** With what it refers to and what it is made of put in place. */
  #resolved(schema: Schema, depth: number): Schema {
    const parts: Schema[] = [];
    if (typeof schema.$ref === "string") {
      if (depth > MAX_DEPTH) return {};
      parts.push(this.#referred(schema.$ref));
    }
    if (Array.isArray(schema.allOf)) parts.push(...schema.allOf.filter(isSchema));
    if (parts.length === 0) return schema;
    const { $ref: _ref, allOf: _allOf, ...own } = schema;
    let merged: Schema = {};
    for (const part of parts) merged = merge(merged, this.#resolved(part, depth + 1));
    return merge(merged, own);
  }

  #referred(ref: string): Schema {
    if (!ref.startsWith("#")) {
      throw unsupported(`${this.#field}: Vertex AI reads no schema from ${ref}`, this.#field);
    }
    let found: unknown = this.#root;
    for (const step of ref.slice(1).split("/").slice(1)) {
      const key = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
      found = isSchema(found) && Object.hasOwn(found, key) ? found[key] : undefined;
    }
    if (isSchema(found)) return found;
    throw unsupported(`${this.#field}: the schema has nothing at ${ref}`, this.#field);
  }

  #type({ type }: Schema, result: Schema): void {
    if (typeof type === "string") result.type = type.toUpperCase();
    if (!Array.isArray(type)) return;
    const types = type.filter((name) => name !== "null");
    if (types.length < type.length) result.nullable = true;
    if (types.length === 1) result.type = String(types[0]).toUpperCase();
  }

  /** Enumerations are of texts there. */
  #values(schema: Schema, result: Schema): void {
    const values = schema.const === undefined ? schema.enum : [schema.const];
    if (!Array.isArray(values)) return;
    if (values.includes(null)) result.nullable = true;
    const told = values.filter((value) => value !== null);
    if (told.every((value) => typeof value === "string")) {
      if (told.length > 0) result.enum = told;
      result.type ??= "STRING";
    } else this.#dropped.add(`${this.#field}: enum of other than strings`);
  }

  /** What there is to choose from; undefined where that is one thing, which is then in `result`. */
  #alternatives(schema: Schema, result: Schema, depth: number): Schema[] | undefined {
    const types = Array.isArray(schema.type) ? schema.type.filter((name) => name !== "null") : [];
    const listed = schema.anyOf ?? schema.oneOf;
    if (!Array.isArray(listed)) {
      return types.length < 2
        ? undefined
        : types.map((name) => ({ type: String(name).toUpperCase() }));
    }
    const all = listed.filter(isSchema);
    const some = all.filter(({ type }) => type !== "null");
    if (some.length < all.length) result.nullable = true;
    const converted = some.map((inner) => this.#untyped(inner, depth + 1));
    const [only] = converted;
    if (converted.length !== 1 || only === undefined) return converted.flatMap(alternativesOf);
    Object.assign(result, { ...only, ...result });
    return undefined;
  }
}

/** Alternatives among alternatives are alternatives. */
const alternativesOf = (schema: Schema): Schema[] =>
  Array.isArray(schema.anyOf) ? schema.anyOf.filter(isSchema) : [schema];

const impliedType = ({ type, properties, items }: Schema): unknown =>
  type ?? (properties !== undefined ? "OBJECT" : items === undefined ? undefined : "ARRAY");

/** What may be anything is at least one of these. */
const ANY_VALUE = ["STRING", "NUMBER", "BOOLEAN"];

function merge(one: Schema, other: Schema): Schema {
  const merged = { ...one, ...other };
  if (isSchema(one.properties) && isSchema(other.properties)) {
    merged.properties = { ...one.properties, ...other.properties };
  }
  if (Array.isArray(one.required) && Array.isArray(other.required)) {
    merged.required = [...new Set([...one.required, ...other.required])];
  }
  return merged;
}

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);
