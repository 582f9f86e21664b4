import { spawnSync } from "node:child_process";

/** Writes every generated file, or with `--check` fails where one is stale. */
const generators = [
  "protos/generate.ts",
  "runtime/api/generate/main.ts",
  "runtime/providers/generate/main.ts",
  "components/generate/main.ts",
  "test/contract/fields/main.ts",
];

for (const generator of generators) {
  const { status } = spawnSync(
    process.execPath,
    ["--no-warnings", generator, ...process.argv.slice(2)],
    { stdio: "inherit" },
  );
  if (status !== 0) process.exit(status ?? 1);
}
