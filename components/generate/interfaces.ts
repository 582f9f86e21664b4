import type { z } from "zod";
import { type Structural, structural } from "../../runtime/api/generate/structural.ts";

/**
 * How a type's containers are typed. Of a resource every field may be an output. Of settings the
 * lists, maps and objects decide which children a component has, so that they are known when the
 * program runs, and only the values inside may be outputs.
 */
export type Style = "resource" | "settings";

interface Declared {
  style: Style;
  text: string;
  /** Names of the declared types that it mentions. */
  mentions: Set<string>;
}

/** Words of one field: the type's text, and the types that it mentions. */
interface FieldType {
  text: string;
  /** Whether the text is already `Input<…>` or must stay as it is. */
  scalar: boolean;
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/**
 * Collects TypeScript interfaces from zod schemas, in the forms that Pulumi's schema inference
 * understands: named flat interfaces, `Input<T>`, `Record<string, T>`, enumerations as constant
 * objects. Every object has a name: its own, or its parent's and its field's.
 */
export class InterfaceWriter {
  readonly #declared = new Map<string, Declared>();

  /** Declares the interface `name` for an object schema, and all that it mentions. */
  add(name: string, schema: z.ZodType, style: Style): void {
    this.#object(name, structural(schema), style);
  }

  has = (name: string): boolean => this.#declared.has(name);

  /** Names of all declared types, sorted. */
  names = (): string[] => [...this.#declared.keys()].sort();

  text = (name: string): string => this.#require(name).text;

  mentions = (name: string): string[] => [...this.#require(name).mentions].sort();

  #require(name: string): Declared {
    const declared = this.#declared.get(name);
    if (declared === undefined) throw new Error(`no type ${name} was declared`);
    return declared;
  }

  #object(name: string, node: Structural, style: Style): void {
    const known = this.#declared.get(name);
    const declared: Declared = { style, text: "", mentions: new Set() };
    if (known === undefined) this.#declared.set(name, declared);
    const fields = Object.entries(node.properties ?? {}).map(([field, inner]) => {
      const required = (node.required ?? []).includes(field);
      // One of `headers` is a Header, unless there is a field `header` beside it.
      const one = singular(field) in (node.properties ?? {}) ? field : singular(field);
      const typeName = isCollection(inner) ? `${name}${pascal(one)}` : `${name}${pascal(field)}`;
      const type = this.#type(typeName, inner, style, declared.mentions);
      const wrapped = type.scalar && !inner["x-plain"] ? input(type.text) : type.text;
      return `${documentation(docLines(inner), "  ")}  ${propertyName(field)}${required ? "" : "?"}: ${wrapped};`;
    });
    declared.text = `${documentation(node.description === undefined ? [] : [node.description], "")}export interface ${name} {\n${fields.join("\n")}\n}\n`;
    if (known !== undefined && (known.text !== declared.text || known.style !== style)) {
      throw new Error(`two types are named ${name}`);
    }
  }

  #type(name: string, node: Structural, style: Style, mentions: Set<string>): FieldType {
    const type = this.#bare(name, node, style, mentions);
    return style === "resource" ? { text: type.text, scalar: true } : type;
  }

  #bare(name: string, node: Structural, style: Style, mentions: Set<string>): FieldType {
    if (node["x-kubernetes-int-or-string"]) return { text: "string", scalar: true };
    if (node.enum !== undefined && node.enum.length > 1) {
      const own = node["x-type-name"] ?? name;
      this.#enumeration(own, node.enum, style);
      mentions.add(own);
      return { text: own, scalar: true };
    }
    if (node.properties !== undefined) {
      const own = node["x-type-name"] ?? name;
      const known = this.#declared.get(own);
      if (known === undefined || node["x-type-name"] === undefined) this.#object(own, node, style);
      mentions.add(own);
      // A resource's own type keeps its form inside settings.
      return { text: own, scalar: known?.style === "resource" };
    }
    if (node.items !== undefined) {
      const item = this.#type(name, node.items, style, mentions);
      const text = item.scalar && !node.items["x-plain"] ? input(item.text) : item.text;
      return { text: `${text}[]`, scalar: false };
    }
    if (node.additionalProperties !== undefined) {
      const value = this.#type(name, node.additionalProperties, style, mentions);
      const plain = !value.scalar || node.additionalProperties["x-plain"];
      return { text: `Record<string, ${plain ? value.text : input(value.text)}>`, scalar: false };
    }
    switch (node.type) {
      case "string":
        return { text: "string", scalar: true };
      case "integer":
      case "number":
        return { text: "number", scalar: true };
      case "boolean":
        return { text: "boolean", scalar: true };
      default:
        return { text: "any", scalar: false };
    }
  }

  #enumeration(name: string, values: unknown[], style: Style): void {
    const entries = values.map((value) => `  ${enumKey(String(value))}: ${JSON.stringify(value)},`);
    const text = `export const ${name} = {\n${entries.join("\n")}\n} as const;\nexport type ${name} = (typeof ${name})[keyof typeof ${name}];\n`;
    const known = this.#declared.get(name);
    if (known !== undefined && known.text !== text) throw new Error(`two types are named ${name}`);
    this.#declared.set(name, { style, text, mentions: new Set() });
  }
}

const input = (type: string): string => (type === "any" ? "any" : `Input<${type}>`);

const isCollection = (node: Structural): boolean =>
  node.items !== undefined || node.additionalProperties !== undefined;

const pascal = (field: string): string =>
  field.replace(/(^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, __, first: string) => first.toUpperCase());

const singular = (name: string): string =>
  name.replace(/ies$/, "y").replace(/((ch|sh|x)e|([^s]))s$/, "$2$3");

const propertyName = (field: string): string =>
  IDENTIFIER.test(field) ? field : JSON.stringify(field);

/** A value as the name of a constant: `1s` has none of its own and becomes `_1s`. */
const enumKey = (value: string): string => {
  const key = pascal(value);
  return IDENTIFIER.test(key) ? key : `_${key}`;
};

function docLines(node: Structural): string[] {
  const { description, minimum, maximum, minLength, maxLength, minItems, maxItems } = node;
  const range = (least: number | undefined, most: number | undefined, what: string): string[] =>
    least === undefined && most === undefined
      ? []
      : most === undefined
        ? [`At least ${least}${what}.`]
        : [least === undefined ? `At most ${most}${what}.` : `${least} to ${most}${what}.`];
  return [
    description ?? "",
    ...(minLength === 1 && maxLength === undefined
      ? ["Not empty."]
      : range(minLength, maxLength, " characters")),
    ...range(minimum, maximum, ""),
    ...range(minItems, maxItems, " items"),
    ...(node.default === undefined ? [] : [`Default: \`${JSON.stringify(node.default)}\`.`]),
    ...(node["x-kubernetes-validations"] ?? []).map(({ message }) => `Rule: ${message}.`),
  ].filter((line) => line !== "");
}

function documentation(lines: string[], indent: string): string {
  if (lines.length === 0) return "";
  const text = lines.join(" ").replaceAll("*/", "*\\/");
  return `${indent}/** ${text} */\n`;
}
