/** The package's schema for every language, inferred by Pulumi's own analyzer as its plugin host does. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer.js";
import { getPulumiComponents } from "@pulumi/pulumi/provider/experimental/provider.js";
import { generateSchema } from "@pulumi/pulumi/provider/experimental/schema.js";
import * as entry from "../index.ts";

const ROOT = new URL("../../", import.meta.url);

export async function generatedSchema(): Promise<string> {
  const manifest = JSON.parse(await readFile(new URL("package.json", ROOT), "utf8")) as {
    name: string;
    version: string;
    description: string;
  };
  const { name, version, description } = manifest;
  const components = new Set(getPulumiComponents(entry).map((component) => component.name));
  const directory = fileURLToPath(ROOT).replace(/\/$/, "");
  const analyzed = new Analyzer(directory, name, manifest, components).analyze();
  const schema = generateSchema(
    name,
    version,
    description,
    analyzed.components,
    analyzed.typeDefinitions,
    analyzed.dependencies,
  );
  return `${JSON.stringify(sorted(schema), null, 2)}\n`;
}

/** Keys in order: the analyzer meets files in the order of imports, which means nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, field]) => [key, sorted(field)]),
  );
}
