import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { npmCommand } from "./npm.mjs";

const PROGRESS_EVERY_MS = 5_000;
/** Last lines of npm's output to show when it fails. */
const TAIL_LINES = 30;

/** The repository's own Node, a binary that the npm package `node` brings. */
export const ownNode = (root) => path.join(root, "node_modules", "node", "bin", "node");

/**
 * Whether `node_modules` holds what `package-lock.json` says. Times of files would not do: a checkout
 * of another branch sets them at will, and npm writes the lock file and its own note in either order.
 * Optional packages are the binaries of each platform: which of them are there is npm's decision.
 */
export function dependenciesAreCurrent(root) {
  const wanted = lockedPackages(path.join(root, "package-lock.json"));
  const installed = lockedPackages(path.join(root, "node_modules", ".package-lock.json"));
  if (wanted === undefined || installed === undefined) return false;
  const met = Object.entries(wanted).every(([where, { version, optional }]) => {
    if (where === "") return true;
    const present = installed[where];
    return present === undefined ? optional === true : present.version === version;
  });
  const nothingElse = Object.entries(installed).every(
    ([where, { optional }]) => where in wanted || optional === true,
  );
  return met && nothingElse && existsSync(ownNode(root));
}

function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/**
 * Installs what `package-lock.json` says, reporting by `say`.
 *
 * By `npm install --no-save` and a look at the outcome, which is as strict as `npm ci` but for this:
 * `npm ci` also refuses lock files that leave out binaries for platforms that the registry at hand
 * does not carry.
 * @returns a sentence about what failed, or undefined.
 */
export async function installDependencies(root, say) {
  say("installing dependencies with npm, which takes about a minute the first time");
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const ticker = setInterval(() => say(`still installing (${seconds()} s)`), PROGRESS_EVERY_MS);
  try {
    const [program, ...args] = npmCommand();
    const install = [
      ...args,
      "install",
      "--no-save",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
    ];
    const npm = await runQuietly(program, install, root);
    if (npm.code !== 0) return `npm install failed; its last words:\n${npm.tail}`;
    if (!existsSync(ownNode(root))) {
      // npm was told to ignore install scripts: the only one we need is that of `node`.
      const fetched = await runQuietly(
        process.execPath,
        ["installArchSpecificPackage.js"],
        path.join(root, "node_modules", "node"),
      );
      if (fetched.code !== 0) return `the npm package "node" could not be set up:\n${fetched.tail}`;
    }
  } finally {
    clearInterval(ticker);
  }
  if (!dependenciesAreCurrent(root)) {
    return "node_modules differs from package-lock.json after installing: package.json and the lock file disagree. Run npm install and commit package-lock.json.";
  }
  say(`dependencies installed in ${seconds()} s`);
  return undefined;
}

function runQuietly(program, args, cwd) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const keep = (chunk) => {
      output = (output + chunk).split("\n").slice(-TAIL_LINES).join("\n");
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (error) => resolve({ code: 1, tail: error.message }));
    child.on("close", (code) => resolve({ code, tail: output.trim() }));
  });
}
