import { execFile, spawn } from "node:child_process";
import {
  access,
  appendFile,
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  writeFile,
} from "node:fs/promises";
import { setPriority } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { binaryOf, type SourceEdit, type Tool } from "./tools.ts";

/** The least Go that builds every tool. */
const GO_VERSION = "1.26";

/** Takes one line on how a build goes. */
export type Progress = (line: string) => void;

/**
 * Path of a tool, built first where it is not in the cache yet.
 *
 * @throws where Go is missing or too old, or the build fails; the message says what to do.
 */
export async function built(
  tool: Tool,
  progress: Progress,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const binary = binaryOf(tool, env);
  if (await exists(binary)) return binary;
  await requireGo(tool, env);
  const folder = path.dirname(binary);
  await mkdir(folder, { recursive: true });
  // A folder of its own: another process may build the same tool, and the last rename wins.
  const workspace = await mkdtemp(path.join(folder, "build-"));
  try {
    await writeFile(path.join(workspace, "go.mod"), await goMod(tool, workspace, env));
    if (tool.edits !== undefined) await editSources(tool, tool.edits, workspace, env);
    await compile(tool, workspace, progress, env);
    await rename(path.join(workspace, tool.name), binary);
    return binary;
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

/**
 * A module that requires nothing but the tool. `go install` refuses modules that replace others by
 * folders of their repository; here the same modules are replaced by their published versions.
 */
async function goMod(tool: Tool, workspace: string, env: NodeJS.ProcessEnv): Promise<string> {
  const header = `module build-of-${tool.name}\n\ngo ${GO_VERSION}.0\n\nrequire ${tool.module} ${tool.tag}\n`;
  if (tool.replaced === undefined) return header;
  const { prefix, tag } = tool.replaced;
  const { stdout } = await run("go", ["list", "-m", "-json", `${tool.module}@${tool.tag}`], {
    cwd: workspace,
    env,
  });
  const { GoMod } = JSON.parse(stdout) as { GoMod: string };
  const own = await readFile(GoMod, "utf8");
  const replacements = [...own.matchAll(/^\s*(\S+) => \.\/staging\//gm)]
    .map(([, name]) => name ?? "")
    .filter((name) => name.startsWith(prefix))
    .map((name) => `\t${name} => ${name} ${tag}`);
  return `${header}\nreplace (\n${replacements.join("\n")}\n)\n`;
}

/** Takes the tool's module from a copy of its sources in which the edits are made. */
async function editSources(
  tool: Tool,
  edits: readonly SourceEdit[],
  workspace: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { stdout } = await run("go", ["mod", "download", "-json", `${tool.module}@${tool.tag}`], {
    cwd: workspace,
    env,
  });
  const { Dir } = JSON.parse(stdout) as { Dir: string };
  const copy = path.join(workspace, "module");
  await cp(Dir, copy, { recursive: true });
  for (const { file, from, to } of edits) {
    const target = path.join(copy, file);
    await chmod(path.dirname(target), 0o755);
    if (from !== undefined) {
      const text = await readFile(target, "utf8");
      const parts = text.split(from);
      if (parts.length < 2) throw new Error(`${tool.module} ${tool.tag}: ${file} has no ${from}`);
      await chmod(target, 0o644);
      await writeFile(target, [parts[0], parts.slice(1).join(from)].join(to));
    } else await writeFile(target, to);
  }
  await appendFile(
    path.join(workspace, "go.mod"),
    `\nreplace ${tool.module} => ./${path.basename(copy)}\n`,
  );
}

const REPORT_EVERY_MS = 15_000;
const KEPT_OUTPUT = 4_000;

async function compile(
  tool: Tool,
  workspace: string,
  progress: Progress,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const title = `${tool.name} ${tool.version}`;
  progress(`building ${title} from its Go module, once: ${tool.takes}`);
  const started = Date.now();
  let downloads = 0;
  let output = "";
  const timer = setInterval(() => {
    const seconds = Math.round((Date.now() - started) / 1000);
    progress(`building ${title}: ${seconds} s, ${downloads} modules fetched`);
  }, REPORT_EVERY_MS);
  try {
    await new Promise<void>((resolve, reject) => {
      const child = spawn(
        "go",
        ["build", "-mod=mod", "-trimpath", "-ldflags", tool.ldflags, "-o", tool.name, tool.package],
        { cwd: workspace, env, stdio: ["ignore", "ignore", "pipe"] },
      );
      // The build leaves the machine usable: it is long, and nobody waits for its last second.
      if (child.pid !== undefined) setPriority(child.pid, 10);
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        downloads += text.match(/go: downloading /g)?.length ?? 0;
        output = (output + text).slice(-KEPT_OUTPUT);
      });
      child.on("error", reject);
      child.on("exit", (code) => {
        if (code === 0) resolve();
        else reject(new Error(`go build of ${title} failed:\n${output}`));
      });
    });
  } finally {
    clearInterval(timer);
  }
  progress(`built ${title} in ${Math.round((Date.now() - started) / 1000)} s`);
}

async function requireGo(tool: Tool, env: NodeJS.ProcessEnv): Promise<void> {
  const need = `${tool.name} ${tool.version} is built from source, which needs Go ${GO_VERSION} or later on the PATH (https://go.dev/dl)`;
  let found: string;
  try {
    found = (await run("go", ["env", "GOVERSION"], { env })).stdout.trim();
  } catch {
    throw new Error(`${need}; there is none`);
  }
  const [, major = "0", minor = "0"] = /^go(\d+)\.(\d+)/.exec(found) ?? [];
  const [needMajor = 0, needMinor = 0] = GO_VERSION.split(".").map(Number);
  const enough =
    Number(major) > needMajor || (Number(major) === needMajor && Number(minor) >= needMinor);
  if (!enough) throw new Error(`${need}; found is ${found}`);
}

const run = promisify(execFile);

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
