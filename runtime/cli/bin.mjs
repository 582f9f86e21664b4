#!/usr/bin/env node
// Starts the compiled program where there is one (the npm package), else the sources, which need a
// Node that strips types: the one of this repository's node_modules.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

// What renders Pulumi programs is the package's other half, which the runtime itself never imports.
const [first, ...rest] = process.argv.slice(2);
const [program, args] =
  first === "render"
    ? ["components/render/main", rest]
    : ["runtime/cli/main", process.argv.slice(2)];

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const compiled = at(`../../dist/${program}.js`);

if (existsSync(compiled)) {
  process.argv = [...process.argv.slice(0, 2), ...args];
  await import(compiled);
} else {
  const own = at("../../node_modules/.bin/node");
  const node = existsSync(own) ? own : process.execPath;
  const child = spawn(node, ["--no-warnings", at(`../../${program}.ts`), ...args], {
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to both of us.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on("exit", (code) => {
    process.exitCode = code ?? 1;
  });
}
