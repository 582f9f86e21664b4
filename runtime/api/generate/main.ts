/**
 * Writes the CRDs and the API reference. With `--check`, writes nothing and fails where a file is
 * not what would be written.
 */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { kinds } from "../kinds.ts";
import { GROUP } from "../shared/resource.ts";
import { crdYaml } from "./crd.ts";
import { reference } from "./reference.ts";

const ROOT = new URL("../../../", import.meta.url);
const CRDS = "runtime/api/crds/";

const definitions = Object.values(kinds);
const files = new Map<string, string>([
  ...definitions.map((definition): [string, string] => [
    `${CRDS}${GROUP}_${definition.plural}.yaml`,
    crdYaml(definition),
  ]),
  ["docs/api-reference.md", reference(definitions)],
]);

async function current(path: string): Promise<string | undefined> {
  return readFile(new URL(path, ROOT), "utf8").catch(() => undefined);
}

async function check(): Promise<void> {
  const stale: string[] = [];
  for (const [path, text] of files) {
    if ((await current(path)) !== text) stale.push(path);
  }
  for (const name of await readdir(new URL(CRDS, ROOT)).catch(() => [])) {
    if (!files.has(`${CRDS}${name}`)) stale.push(`${CRDS}${name}`);
  }
  if (stale.length === 0) return;
  console.error(`Not up to date, run \`npm run generate\`: ${stale.join(", ")}`);
  process.exitCode = 1;
}

async function write(): Promise<void> {
  await mkdir(new URL(CRDS, ROOT), { recursive: true });
  for (const [path, text] of files) {
    if ((await current(path)) === text) continue;
    await writeFile(new URL(path, ROOT), text);
    console.log(`wrote ${fileURLToPath(new URL(path, ROOT))}`);
  }
}

await (process.argv.includes("--check") ? check() : write());
