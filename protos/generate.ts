/**
 * Regenerates `protos/gen` from the .proto files beside this script.
 *
 *     node protos/generate.ts            writes protos/gen
 *     node protos/generate.ts --check    writes nothing; exit code 1 when protos/gen is stale
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";

const here = import.meta.dirname;
const bin = resolve(here, "..", "node_modules", ".bin");

/** Runs buf with the plugin installed by npm; nothing is fetched. `output` is where `gen/` goes. */
function generate(output: string): void {
  execFileSync(join(bin, "buf"), ["generate", "--output", output], {
    cwd: here,
    stdio: "inherit",
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` },
  });
}

/** Every file under `directory`: path relative to it, and content. */
function contents(directory: string): Map<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    files.sort().map((file) => [file.slice(directory.length + 1), readFileSync(file, "utf8")]),
  );
}

function staleFiles(): string[] {
  const scratch = mkdtempSync(join(tmpdir(), "protos-"));
  try {
    generate(scratch);
    const fresh = contents(join(scratch, "gen"));
    const committed = contents(join(here, "gen"));
    const names = new Set([...fresh.keys(), ...committed.keys()]);
    return [...names].filter((name) => fresh.get(name) !== committed.get(name)).sort();
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

if (process.argv.includes("--check")) {
  const stale = staleFiles();
  if (stale.length > 0) {
    console.error(`protos/gen is stale; run "node protos/generate.ts":\n${stale.join("\n")}`);
    process.exit(1);
  }
} else {
  generate(here);
}
