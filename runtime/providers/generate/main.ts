/** Writes `docs/support.md`. With `--check`, writes nothing and fails where it is stale. */
import { readFile, writeFile } from "node:fs/promises";
import { supportPage } from "./support.ts";

const PAGE = new URL("../../../docs/support.md", import.meta.url);

const text = supportPage();
const current = await readFile(PAGE, "utf8").catch(() => undefined);
if (current !== text) {
  if (process.argv.includes("--check")) {
    console.error("Not up to date, run `npm run generate`: docs/support.md");
    process.exitCode = 1;
  } else {
    await writeFile(PAGE, text);
    console.log("wrote docs/support.md");
  }
}
