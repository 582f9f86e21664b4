/** Writes docs/fields.md, or with `--check` fails where it is stale. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fieldsPage } from "./page.ts";

const file = "docs/fields.md";
const page = fieldsPage();
if (!existsSync(file) || readFileSync(file, "utf8") !== page) {
  if (process.argv.includes("--check")) {
    process.stderr.write(`${file} is stale: run npm run generate\n`);
    process.exit(1);
  }
  writeFileSync(file, page);
  process.stdout.write(`wrote ${file}\n`);
}
