import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";

const REQUIREMENTS = path.resolve("test/support/clients/python/requirements.txt");
const PROGRESS_EVERY_MS = 5_000;

export interface PythonOptions {
  /** Takes one line of progress at a time; called only when something has to be installed. */
  onProgress?: (line: string) => void;
  /** `XDG_CACHE_HOME` and `HOME` are read from here. */
  env?: NodeJS.ProcessEnv;
  /** File of what to install; the vendors' clients by default. */
  requirements?: string;
}

/**
 * A Python that has what a file of requirements names, in these versions. Made once for each
 * set of versions and each Python, in `$XDG_CACHE_HOME` (else `~/.cache`)
 * `/envoy-ai-gateway/python/<hash>`, and found there ever after. May run concurrently.
 *
 * @returns the path of the interpreter.
 * @throws {Error} that says what is missing.
 */
export async function ensurePython(options: PythonOptions = {}): Promise<string> {
  const env = options.env ?? process.env;
  const requirements = options.requirements ?? REQUIREMENTS;
  const progress = options.onProgress ?? (() => {});
  const home = env.XDG_CACHE_HOME || path.join(env.HOME || homedir(), ".cache");
  const cache = path.join(home, "envoy-ai-gateway", "python");

  const version = await run("python3", ["-c", "import sys; print(sys.executable, sys.version)"]);
  const key = createHash("sha256")
    .update(await readFile(requirements))
    .update(version);
  const target = path.join(cache, key.digest("hex").slice(0, 16));
  const interpreter = path.join(target, "bin", "python");
  if (existsSync(interpreter)) return interpreter;

  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(path.join(cache, ".new-"));
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 1000);
  progress(
    `Python: installing ${path.basename(path.dirname(requirements))} from PyPI into a cached environment`,
  );
  const ticker = setInterval(
    () => progress(`Python: still installing (${seconds()} s)`),
    PROGRESS_EVERY_MS,
  );
  try {
    await run("python3", ["-m", "venv", scratch]);
    const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
    const install = ["-m", "pip", "install", ...quiet, "--requirement", requirements];
    await run(path.join(scratch, "bin", "python"), install);
    // An environment moves well as long as it is entered by its interpreter.
    await rename(scratch, target).catch((error: NodeJS.ErrnoException) => {
      // Another process was faster; its environment is as good.
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } finally {
    clearInterval(ticker);
    await rm(scratch, { recursive: true, force: true });
  }
  progress(`Python: installed in ${seconds()} s`);
  return interpreter;
}

/** Runs a program to its end and returns what it printed. */
export function run(program: string, args: string[], input = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    child.on("error", (error) => reject(new Error(`cannot run ${program}: ${error.message}`)));
    child.on("close", (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${program} ${args.join(" ")} ended with ${code}:\n${stderr.trim()}`));
    });
    child.stdin.end(input);
  });
}
