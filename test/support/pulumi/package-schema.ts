/** Holds inputs against the committed schema, as the engine and the SDKs made from it do. */
import { readFileSync } from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";

interface Property {
  type?: string;
  /** Whether it takes no outputs. */
  plain?: boolean;
  $ref?: string;
  items?: Property;
  additionalProperties?: Property;
}

interface ObjectType {
  properties?: Record<string, Property>;
  required?: string[];
  enum?: { value: unknown }[];
  type?: string;
}

interface Resource {
  properties: Record<string, Property>;
  inputProperties: Record<string, Property>;
  requiredInputs?: string[];
}

const schema: { types: Record<string, ObjectType>; resources: Record<string, Resource> } =
  JSON.parse(readFileSync(path.resolve("components/schema.json"), "utf8"));

/** How a language writes the names of properties. */
type Case = "camel" | "snake";

const spelled = (name: string, style: Case): string =>
  style === "camel" ? name : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function resourceOf(component: string): Resource {
  const resource = schema.resources[`envoy-ai-gateway:index:${component}`];
  if (resource === undefined) throw new Error(`${component} is no component of the schema`);
  return resource;
}

/** Names of the outputs of a component. */
export const propertiesOf = (component: string): string[] =>
  Object.keys(resourceOf(component).properties);

/** What of the inputs of a component its schema does not have, lacks, or has otherwise. */
export function schemaProblems(
  component: string,
  inputs: unknown,
  style: Case = "camel",
): string[] {
  const { inputProperties, requiredInputs } = resourceOf(component);
  const type = { properties: inputProperties, required: requiredInputs ?? [] };
  return objectProblems(type, inputs, "", style);
}

function objectProblems(
  { properties = {}, required = [] }: ObjectType,
  value: unknown,
  at: string,
  style: Case,
): string[] {
  if (!isObject(value)) return [`${at}: is no object`];
  const known = new Map(
    Object.entries(properties).map(([name, property]) => [spelled(name, style), property]),
  );
  const here = (name: string): string => (at === "" ? name : `${at}.${name}`);
  const problems = Object.entries(value).flatMap(([name, field]) => {
    const property = known.get(name);
    return property === undefined
      ? [`${here(name)}: is no property`]
      : propertyProblems(property, field, here(name), style);
  });
  const missing = required.map((name) => spelled(name, style)).filter((name) => !(name in value));
  const lacks = missing.map((name) => `${here(name)}: is required`);
  return at === "" ? [...lacks, ...problems] : [...problems, ...lacks];
}

function propertyProblems(property: Property, value: unknown, at: string, style: Case): string[] {
  const { $ref, items, additionalProperties } = property;
  // What stands for a value of the configuration, or for another resource's.
  if (typeof value === "string" && /^\$\{.+\}$/.test(value)) return [];
  if ($ref !== undefined) return referenceProblems($ref, value, at, style);
  if (items !== undefined) {
    return Array.isArray(value)
      ? value.flatMap((item, index) => propertyProblems(items, item, `${at}[${index}]`, style))
      : [`${at}: is no list`];
  }
  if (additionalProperties !== undefined) {
    return isObject(value)
      ? Object.entries(value).flatMap(([name, field]) =>
          propertyProblems(additionalProperties, field, `${at}.${name}`, style),
        )
      : [`${at}: is no map`];
  }
  return scalarProblems(property.type, value, at);
}

function referenceProblems($ref: string, value: unknown, at: string, style: Case): string[] {
  if ($ref === "pulumi.json#/Any") return [];
  const type = schema.types[$ref.replace("#/types/", "")];
  if (type === undefined) return [`${at}: ${$ref} is not in the schema`];
  if (type.enum === undefined) return objectProblems(type, value, at, style);
  const words = type.enum.map((one) => one.value);
  return words.includes(value) ? [] : [`${at}: ${value} is none of ${words.join(", ")}`];
}

function scalarProblems(type: string | undefined, value: unknown, at: string): string[] {
  const wanted = type === "integer" ? "number" : type;
  return wanted === undefined || wanted === typeof value ? [] : [`${at}: is no ${type}`];
}

/** The inputs of a component with an output for every value that may be one, and how many these are. */
export function withOutputs(
  component: string,
  inputs: unknown,
): { args: unknown; outputs: number } {
  let outputs = 0;
  const visit = (property: Property, value: unknown): unknown => {
    const { $ref, items, additionalProperties, plain } = property;
    if (items !== undefined && Array.isArray(value)) return value.map((item) => visit(items, item));
    if (additionalProperties !== undefined) {
      return mapped(value, (_, field) => visit(additionalProperties, field));
    }
    const { properties } = schema.types[$ref?.replace("#/types/", "") ?? ""] ?? {};
    if (properties !== undefined) {
      return mapped(value, (name, field) => visit(properties[name] ?? {}, field));
    }
    if (plain) return value;
    outputs += 1;
    return pulumi.output(value);
  };
  const { inputProperties } = resourceOf(component);
  const args = mapped(inputs, (name, field) => visit(inputProperties[name] ?? {}, field));
  return { args, outputs };
}

const mapped = (value: unknown, change: (name: string, field: unknown) => unknown): unknown =>
  Object.fromEntries(
    Object.entries(value as object).map(([name, field]) => [name, change(name, field)]),
  );

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
