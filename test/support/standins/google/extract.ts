/**
 * Writes published.json: the messages of Google's APIs that the stand-in reads and writes, taken from
 * the discovery documents that Google publishes (the PyPI package google-api-python-client carries
 * them). Descriptions stay behind; names and types are all that is kept.
 *
 *   pip download --no-deps google-api-python-client && unzip -q google_api_python_client-*.whl
 *   node test/support/standins/google/extract.ts googleapiclient/discovery_cache/documents
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOTS: Record<string, string[]> = {
  "aiplatform.v1": [
    ...["GenerateContent", "CountTokens", "EmbedContent", "Predict"].flatMap((method) => [
      `GoogleCloudAiplatformV1${method}Request`,
      `GoogleCloudAiplatformV1${method}Response`,
    ]),
  ],
  "discoveryengine.v1": [
    "GoogleCloudDiscoveryengineV1RankRequest",
    "GoogleCloudDiscoveryengineV1RankResponse",
  ],
};

interface Property {
  $ref?: string;
  type?: string;
  format?: string;
  enum?: string[];
  items?: Property;
  additionalProperties?: Property;
}

interface Discovery {
  revision: string;
  schemas: Record<string, { properties?: Record<string, Property> }>;
}

const shortName = (name: string): string =>
  name.replace(/^GoogleCloud(Aiplatform|Discoveryengine)V1/, "");

/** `string`, `int32`, `Part`, `Part[]`, `{Schema}` for a map, `A|B` for an enumeration. */
function notation(property: Property): string {
  if (property.$ref !== undefined) return shortName(property.$ref);
  if (property.enum !== undefined) return property.enum.join("|");
  if (property.type === "array") return `${notation(property.items ?? {})}[]`;
  if (property.type === "object" && property.additionalProperties !== undefined) {
    return `{${notation(property.additionalProperties)}}`;
  }
  return property.format ?? property.type ?? "any";
}

const folder = process.argv[2];
if (folder === undefined) throw new Error("name the folder of discovery documents");
const messages: Record<string, Record<string, string>> = {};
const revisions: Record<string, string> = {};
for (const [api, roots] of Object.entries(ROOTS)) {
  const text = readFileSync(join(folder, `${api}.json`), "utf8");
  const { revision, schemas } = JSON.parse(text) as Discovery;
  revisions[api] = revision;
  const take = (name: string): void => {
    const { properties = {} } = schemas[name] ?? {};
    if (messages[shortName(name)] !== undefined) return;
    messages[shortName(name)] = Object.fromEntries(
      Object.entries(properties).map(([field, property]) => [field, notation(property)]),
    );
    for (const [, found] of JSON.stringify(properties).matchAll(/"\$ref":"(\w+)"/g)) {
      take(found ?? "");
    }
  };
  for (const root of roots) take(root);
}
const published = { revisions, messages };
writeFileSync(
  join(import.meta.dirname, "published.json"),
  `${JSON.stringify(published, undefined, 2)}\n`,
);
