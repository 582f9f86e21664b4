import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A stand-in npm: notes that it ran, and "installs" what the lock file says. */
const NPM = `
const fs = require("node:fs");
if (process.argv[2] === "--version") process.exit(0);
fs.appendFileSync("npm.log", process.argv.slice(2).join(" ") + "\\n");
if (process.env.NPM_FAILS) { console.error("npm error no network"); process.exit(1); }
const { packages } = JSON.parse(fs.readFileSync("package-lock.json", "utf8"));
delete packages[""];
if (process.env.NPM_STRAYS) packages["node_modules/left-pad"] = { version: "9.9.9" };
fs.mkdirSync("node_modules/node/bin", { recursive: true });
fs.mkdirSync("node_modules/.bin", { recursive: true });
fs.writeFileSync("node_modules/.package-lock.json", JSON.stringify({ packages }));
fs.rmSync("node_modules/node/bin/node", { force: true });
fs.symlinkSync(process.execPath, "node_modules/node/bin/node");
`;

let root: string;
let env: NodeJS.ProcessEnv;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "setup-test-"));
  cpSync(__dirname, path.join(root, "test/support/setup"), { recursive: true });
  mkdirSync(path.join(root, "bin"));
  symlinkSync(process.execPath, path.join(root, "bin/node"));
  executable("bin/npm", `#!/usr/bin/env node\n${NPM}`);
  lock({
    "node_modules/left-pad": { version: "1.0.0" },
    "node_modules/mac": { version: "1.0.0", optional: true },
  });
  writeFileSync(
    path.join(root, "hello.mjs"),
    "console.log('hello', ...process.argv.slice(2)); process.exit(7);",
  );
  env = { PATH: path.join(root, "bin"), HOME: root };
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

test("a fresh clone: installs, says so, runs the script and returns its exit code", () => {
  const run = setup(["hello.mjs", "a", "--b"]);
  expect(run.stdout).toBe("hello a --b\n");
  expect(run.status).toBe(7);
  expect(run.stderr).toMatch(/installing dependencies with npm/);
  expect(run.stderr).toMatch(/dependencies installed in \d+ s/);
  expect(npmRuns()).toHaveLength(1);
});

test("the second run installs nothing and adds nothing to the output", () => {
  setup([]);
  const run = setup(["hello.mjs"]);
  expect(run.stderr).toBe("");
  expect(run.status).toBe(7);
  expect(npmRuns()).toHaveLength(1);
});

test("a changed lock file installs again", () => {
  setup([]);
  lock({ "node_modules/left-pad": { version: "1.1.0" } });
  setup([]);
  expect(npmRuns()).toHaveLength(2);
});

test("a package that the lock file no longer has installs again", () => {
  setup([]);
  lock({});
  setup([]);
  expect(npmRuns()).toHaveLength(2);
});

test("npm's own words are shown when it fails, and the command is not run", () => {
  env.NPM_FAILS = "1";
  const run = setup(["hello.mjs"]);
  expect(run.status).toBe(1);
  expect(run.stderr).toMatch(/npm install failed.*\nnpm error no network/);
  expect(run.stdout).toBe("");
});

test("a lock file that disagrees with package.json is named", () => {
  env.NPM_STRAYS = "1";
  const run = setup(["hello.mjs"]);
  expect(run.status).toBe(1);
  expect(run.stderr).toMatch(/differs from package-lock\.json/);
});

test("programs are looked up among the repository's own binaries first", () => {
  setup([]);
  executable("node_modules/.bin/tool", "#!/bin/sh\necho own tool $1");
  expect(setup(["tool", "x"]).stdout).toBe("own tool x\n");
  const missing = setup(["no-such-tool"]);
  expect(missing.status).toBe(127);
  expect(missing.stderr).toMatch(/cannot run no-such-tool/);
});

test.each([
  ["no python3", undefined, /python3 is not to be found.*apt install/],
  ["an old one", "echo 3 7", /Python 3\.9 or newer is needed, python3 is 3\.7/],
  ["no venv", "echo 3 11 venv ensurepip", /python3 lacks venv and ensurepip.*apt install/],
])("--python with %s", (_, script, message) => {
  if (script !== undefined) executable("bin/python3", `#!/bin/sh\n${script}`);
  const run = setup(["--python", "hello.mjs"]);
  expect(run.status).toBe(1);
  expect(run.stderr).toMatch(message);
  expect(existsSync(path.join(root, "npm.log"))).toBe(false);
});

test("--python with all that is needed", () => {
  executable("bin/python3", "#!/bin/sh\necho 3 12");
  expect(setup(["--python", "hello.mjs"]).status).toBe(7);
});

test("a missing npm is named, unless nothing has to be installed", () => {
  setup([]);
  rmSync(path.join(root, "bin/npm"));
  expect(setup(["hello.mjs"]).status).toBe(7);
  rmSync(path.join(root, "node_modules"), { recursive: true });
  expect(setup(["hello.mjs"]).stderr).toMatch(/npm is not to be found/);
});

test("signals reach the command, and its own way of ending is returned", async () => {
  setup([]);
  writeFileSync(
    path.join(root, "serve.mjs"),
    "process.on('SIGTERM', () => { console.log('drained'); process.exit(3); }); console.log('up'); setInterval(() => {}, 1000);",
  );
  const child = spawn(process.execPath, [script(), "serve.mjs"], { env, cwd: root });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
    if (output === "up\n") child.kill("SIGTERM");
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect(output).toBe("up\ndrained\n");
  expect(code).toBe(3);
});

function setup(args: string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [script(), ...args], { env, cwd: root, encoding: "utf8" });
}

function script(): string {
  return path.join(root, "test/support/setup/setup.mjs");
}

function executable(name: string, text: string): void {
  writeFileSync(path.join(root, name), text);
  chmodSync(path.join(root, name), 0o755);
}

function lock(packages: Record<string, object>): void {
  writeFileSync(
    path.join(root, "package-lock.json"),
    JSON.stringify({ packages: { "": {}, ...packages } }),
  );
}

function npmRuns(): string[] {
  return readFileSync(path.join(root, "npm.log"), "utf8").trim().split("\n");
}
