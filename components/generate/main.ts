/**
 * Writes the Args interfaces of the components, and the schema for other languages. With `--check`, writes nothing and fails where a
 * file is not what would be written.
 */
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { generatedSupport } from "./support.ts";

const ROOT = new URL("../", import.meta.url);

async function put(file: string, text: string): Promise<void> {
  const url = new URL(file, ROOT);
  const current = await readFile(url, "utf8").catch(() => undefined);
  if (current === text) return;
  if (process.argv.includes("--check")) {
    console.error(`Not up to date, run \`npm run generate\`: components/${file}`);
    process.exitCode = 1;
    return;
  }
  await writeFile(url, text);
  console.log(`wrote ${fileURLToPath(url)}`);
}

// The inputs name endpoints of this table, so that it is written before they are read.
await put("args/support.generated.ts", generatedSupport());
const { generatedArgs } = await import("./args.ts");
for (const [file, text] of generatedArgs()) await put(`args/${file}`, text);
// And the schema is inferred from the interfaces.
const { generatedSchema } = await import("./schema.ts");
await put("schema.json", await generatedSchema());
