import type { KindDefinition } from "../kinds.ts";
import { typeNamed } from "../schema/names.ts";
import { GROUP } from "../shared/resource.ts";
import { GENERATED_FROM } from "./crd.ts";
import { type Structural, structural } from "./structural.ts";

/** The reference of all kinds, as Markdown. Types that several fields share are described once. */
export function reference(definitions: readonly KindDefinition[]): string {
  const shared = new Set<string>();
  const chapters = definitions.map((definition) => chapter(definition, shared));
  return [
    `<!-- ${GENERATED_FROM} Do not edit. -->`,
    "# API reference",
    `Resources of the group \`${GROUP}\`. Lengths of text are in characters. Times are written as \`500ms\`, \`30s\`, \`1h30m\`. A field without “required” may be left out.`,
    definitions.map(({ kind }) => `- [${kind}](#${anchor(kind)})`).join("\n"),
    ...chapters.flat(),
    "## Shared types",
    ...sharedSections(shared),
    "",
  ].join("\n\n");
}

function chapter(definition: KindDefinition, shared: Set<string>): string[] {
  const { kind, versions, shortNames, plural } = definition;
  const { description = "", properties = {}, required = [] } = structural(versions[0].schema);
  const { spec = {}, status = {} } = properties;
  const { default: _, ...specNode } = spec;
  const names = [plural, ...shortNames].map((name) => `\`${name}\``).join(", ");
  return [
    `## ${kind}`,
    description,
    `Versions: ${versions.map(versionText).join(", ")}. For kubectl: ${names}.${required.includes("spec") ? "" : " The spec may be left out."}`,
    ...section("###", "spec", specNode, shared),
    ...section("###", "status", status, shared),
    ...differences(definition),
  ];
}

const versionText = ({ name, storage, deprecated }: KindDefinition["versions"][number]): string =>
  `\`${name}\`${storage ? " (stored)" : ""}${deprecated ? " (deprecated)" : ""}`;

/** A table of an object's fields, its rules, and the same of every nameless object below it. */
function section(level: string, title: string, node: Structural, shared: Set<string>): string[] {
  const below: string[] = [];
  const rows = Object.entries(node.properties ?? {}).map(([name, field]) => {
    const { node: inner, path } = objectBelow(field, name);
    const type = inner?.["x-type-name"];
    if (type !== undefined) shared.add(type);
    else if (inner !== undefined) below.push(...section(level, `${title}.${path}`, inner, shared));
    return row(name, field, (node.required ?? []).includes(name));
  });
  return [
    `${level} ${title.includes(".") ? `\`${title}\`` : title}`,
    ...(node.description === undefined ? [] : [node.description]),
    ["| field | type | about |", "| --- | --- | --- |", ...rows].join("\n"),
    ...ruleList(node),
    ...below,
  ];
}

const ruleList = (node: Structural): string[] => {
  const rules = node["x-kubernetes-validations"] ?? [];
  const count = countText(node);
  const lines = [...(count === "" ? [] : [count]), ...rules.map(({ message }) => message)];
  return lines.length === 0 ? [] : [["Rules:", ...lines.map((line) => `- ${line}`)].join("\n")];
};

const countText = ({ minProperties, maxProperties }: Structural): string =>
  maxProperties === undefined
    ? ""
    : minProperties === maxProperties
      ? `exactly ${maxProperties} field is set`
      : `at most ${maxProperties} fields are set`;

/** Sections of the shared types, and of those that they name in turn. */
function sharedSections(names: Set<string>): string[] {
  const done = new Map<string, string[]>();
  // A set that grows while it is walked is walked to its end.
  for (const name of names) {
    const { description: _, ...node } = sharedType(name);
    done.set(name, section("###", name, node, names));
  }
  return [...done].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, lines]) => lines);
}

function sharedType(name: string): Structural {
  const schema = typeNamed(name);
  return schema === undefined ? {} : structural(schema);
}

/** The object that a field holds, be it itself, an item of its list or a value of its map. */
function objectBelow(field: Structural, path: string): { node?: Structural; path: string } {
  if (field.properties !== undefined) return { node: field, path };
  if (field.items !== undefined) return objectBelow(field.items, `${path}[]`);
  if (field.additionalProperties !== undefined) {
    return objectBelow(field.additionalProperties, `${path}.*`);
  }
  return { path };
}

function row(name: string, field: Structural, required: boolean): string {
  const about = [
    ...(required ? ["**Required.**"] : []),
    field.description ?? "",
    ...limits(field),
    ...(field.default === undefined ? [] : [`Default: \`${JSON.stringify(field.default)}\`.`]),
    ...ruleSentences(field),
  ];
  return `| \`${name}\` | ${typeText(field)} | ${cell(about.filter((part) => part !== "").join(" "))} |`;
}

/** Rules that no section below says: those of a field without one, or over its shared type. */
function ruleSentences(field: Structural): string[] {
  const name = field["x-type-name"];
  if (name === undefined && field.properties !== undefined) return [];
  const known = name === undefined ? [] : (sharedType(name)["x-kubernetes-validations"] ?? []);
  return (field["x-kubernetes-validations"] ?? [])
    .filter(({ rule }) => !known.some((each) => each.rule === rule))
    .map(({ message }) => `Rule: ${message}.`);
}

function typeText(field: Structural): string {
  const name = field["x-type-name"];
  if (name !== undefined) return `[${name}](#${anchor(name)})`;
  if (field["x-kubernetes-int-or-string"]) return "quantity";
  if (field["x-kubernetes-preserve-unknown-fields"]) return "any JSON";
  if (field.items !== undefined) return `list of ${typeText(field.items)}`;
  if (field.additionalProperties !== undefined) {
    return `map to ${typeText(field.additionalProperties)}`;
  }
  return field.format === undefined
    ? (field.type ?? "any JSON")
    : `${field.type} (${field.format})`;
}

function limits(field: Structural): string[] {
  const of = (least: number | undefined, most: number | undefined, what: string): string[] =>
    least === undefined && most === undefined
      ? []
      : [
          most === undefined
            ? `At least ${least}${what}.`
            : least === undefined
              ? `At most ${most}${what}.`
              : `${least} to ${most}${what}.`,
        ];
  return [
    ...(field.enum === undefined
      ? []
      : [`One of ${field.enum.map((v) => `\`${v}\``).join(", ")}.`]),
    ...(field.items?.enum === undefined
      ? []
      : [`Each one of ${field.items.enum.map((v) => `\`${v}\``).join(", ")}.`]),
    ...(field.minLength === 1 && field.maxLength === undefined
      ? ["Not empty."]
      : of(field.minLength, field.maxLength, " characters")),
    ...of(field.minimum, field.maximum, ""),
    ...of(field.minItems, field.maxItems, " items"),
    ...(field["x-kubernetes-list-type"] === "map"
      ? [`Unique by \`${field["x-kubernetes-list-map-keys"]?.join(", ")}\`.`]
      : []),
    ...(field["x-kubernetes-list-type"] === "set" ? ["Unique."] : []),
    ...(field.pattern === undefined ? [] : [`Pattern: \`${field.pattern}\`.`]),
  ];
}

/** What an older version lacks or asks for besides, by comparing the schemas. */
function differences({ versions }: KindDefinition): string[] {
  const [stored, ...older] = versions;
  return older.flatMap((version) => {
    const lines = compare(structural(stored.schema), structural(version.schema), "");
    return [
      lines.length === 0
        ? `\`${version.name}\` has the same fields and rules.`
        : [`\`${version.name}\` differs:`, ...lines.map((line) => `- ${line}`)].join("\n"),
    ];
  });
}

function compare(now: Structural, then: Structural, path: string): string[] {
  const lines: string[] = [];
  const at = path === "" ? "" : `\`${path}\`: `;
  if (now.maxProperties !== then.maxProperties) lines.push(`${at}${countText(then)}`);
  const before = new Set((now["x-kubernetes-validations"] ?? []).map(({ rule }) => rule));
  for (const { rule, message } of then["x-kubernetes-validations"] ?? []) {
    if (!before.has(rule)) lines.push(`${at}${message}`);
  }
  for (const [name, field] of Object.entries(now.properties ?? {})) {
    const inner = path === "" ? name : `${path}.${name}`;
    const older = then.properties?.[name];
    if (older === undefined) lines.push(`\`${inner}\` does not exist`);
    else lines.push(...compare(field, older, inner));
  }
  if (now.items !== undefined && then.items !== undefined) {
    lines.push(...compare(now.items, then.items, `${path}[]`));
  }
  return lines;
}

const anchor = (heading: string): string => heading.toLowerCase();

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
