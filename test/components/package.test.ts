/** What `npm pack` makes, used as its users use it: outside this repository. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { configOf } from "./example-config.ts";

jest.setTimeout(400_000);

const run = promisify(execFile);
const ROOT = path.join(__dirname, "../..");
const bin = (name: string): string => path.join(ROOT, "node_modules/.bin", name);

/** The chapter of the README that a user follows. */
const chapter = (): string => {
  const [, text = ""] = readFileSync(path.join(ROOT, "README.md"), "utf8").split(
    "## Your provider behind a gateway, in a cluster",
  );
  return text.split("\n## ")[0] ?? "";
};

/** The program of that chapter. */
const readmeProgram = (): string =>
  (/```ts\n([\s\S]*?)```/.exec(chapter())?.[1] ?? "").replace(/^ {3}/gm, "");

/** The configuration that its commands set, and no other. */
const readmeConfig = (): Record<string, string> =>
  Object.fromEntries(
    [...chapter().matchAll(/pulumi config set (?:--secret )?(\w+) (\S+)/g)].map(
      ([, key = "", value = ""]) => [key, value],
    ),
  );

/** A block of code of the chapter for one machine, and the commands of its table. */
const onOneMachine = (language: string): string =>
  new RegExp(`## Your own provider, on your own machine[^]*?\`\`\`${language}\n([^]*?)\`\`\``).exec(
    readFileSync(path.join(ROOT, "README.md"), "utf8"),
  )?.[1] ?? "";
const readmeCommands = (): string[] =>
  [...readFileSync(path.join(ROOT, "README.md"), "utf8").matchAll(/^\| `npx aigw (\w+)/gm)].map(
    ([, name = ""]) => name,
  );

let folder: string;
let tarball: string;
/** A project that has it installed. */
let app: string;
let aigw: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "package-"));
  await run(bin("tsc"), ["-p", "tsconfig.build.json"], { cwd: ROOT });
  // The program is built already, and npm's own scripts would build it again.
  const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  await run("npm", args, { cwd: ROOT, maxBuffer: 1 << 26 });
  const packed = (await readdir(folder)).find((file) => file.endsWith(".tgz"));
  tarball = path.join(folder, packed ?? "");
  app = path.join(folder, "app");
  const modules = path.join(app, "node_modules");
  await mkdir(modules, { recursive: true });
  await run("tar", ["xzf", tarball, "-C", modules]);
  await rename(path.join(modules, "package"), path.join(modules, "envoy-ai-gateway"));
  for (const name of await readdir(path.join(ROOT, "node_modules"))) {
    if (name.startsWith(".")) continue;
    await symlink(path.join(ROOT, "node_modules", name), path.join(modules, name));
  }
  aigw = path.join(modules, "envoy-ai-gateway/runtime/cli/bin.mjs");
}, 400_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test("its entries are where package.json says, with their types", async () => {
  await expect(run(bin("publint"), ["run", tarball, "--strict"])).resolves.toBeDefined();
  await expect(run(bin("attw"), [tarball, "--profile", "esm-only"])).resolves.toBeDefined();
});

test("an example outside the repository type-checks, and is evaluated and rendered", async () => {
  await cp(path.join(ROOT, "examples/failover"), app, { recursive: true });
  // The README's own program, as a reader copies it.
  const readme = path.join(app, "readme");
  await mkdir(readme);
  await writeFile(path.join(readme, "index.ts"), readmeProgram());
  await writeFile(path.join(readme, "Pulumi.yaml"), "name: readme\nruntime: nodejs\n");
  await writeFile(path.join(readme, "package.json"), '{"type":"module"}');
  const compilerOptions = { module: "nodenext", strict: true, noEmit: true, types: [] };
  await writeFile(
    path.join(app, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: { ...compilerOptions, skipLibCheck: true },
      files: ["index.ts", "readme/index.ts"],
    }),
  );
  await run(bin("tsc"), ["-p", app]);

  const script = `
    import { evaluateProject, objectsOf } from "envoy-ai-gateway/render";
    const config = ${JSON.stringify(configOf("failover"))};
    const { resources } = await evaluateProject(process.cwd(), { config });
    console.log(objectsOf(resources).filter(({ kind }) => kind === "AIServiceBackend").length);
    const readme = await evaluateProject("readme", { config: ${JSON.stringify(readmeConfig())} });
    const routes = objectsOf(readme.resources).filter(({ kind }) => kind === "AIGatewayRoute");
    console.log(JSON.stringify(routes.map(({ metadata }) => metadata)));`;
  await writeFile(path.join(app, "run.mjs"), script);
  const { stdout } = await run(process.execPath, ["run.mjs"], { cwd: app });
  expect(stdout.trim().split("\n")).toEqual(["4", '[{"name":"ai-chat","namespace":"ai"}]']);

  const inputs = path.join(ROOT, "examples/gitops-render/gateway.yaml");
  const rendered = await run(process.execPath, [aigw, "render", inputs], { maxBuffer: 1 << 26 });
  expect(rendered.stdout).toContain("kind: AIGatewayRoute");
  const config = Object.entries(configOf("failover")).map(([key, value]) => `${key}=${value}`);
  const words = ["render", app, ...config.flatMap((pair) => ["--config", pair])];
  const program = await run(process.execPath, [aigw, ...words], { maxBuffer: 1 << 26 });
  expect(program.stdout).toContain("name: failover-chat");
  expect(program.stderr).toContain("left out: Secret failover/failover-east");
});

test("aigw as it is installed: the README's inputs are rendered, explained and served", async () => {
  const node = (...words: string[]) => run(process.execPath, [aigw, ...words], { cwd: app, env });
  const env = { ...process.env, OPENAI_API_KEY: "sk-openai", ANTHROPIC_API_KEY: "sk-ant" };
  const { stdout: help } = await node("--help");
  expect(readmeCommands()).toHaveLength(4);
  for (const command of readmeCommands()) expect(help).toContain(`\n  ${command} `);

  await writeFile(path.join(app, "gateway.yaml"), onOneMachine("yaml"));
  const { stdout: manifests } = await node("render", "--with-secrets", "gateway.yaml");
  await writeFile(path.join(app, "manifests.yaml"), manifests);
  const body = '{"model":"smart","messages":[{"role":"user","content":"hello"}]}';
  const request = ["--path", "/v1/chat/completions", "--body", body];
  const { stdout: explained } = await node("explain", "manifests.yaml", ...request);
  expect(explained).toContain("backend 1: ai/ai-claude (Anthropic), priority 0");
  expect(explained).toContain("POST https://api.openai.com:443/v1/chat/completions");
  const { stdout: translated } = await node("translate", "manifests.yaml");
  expect(translated).toContain("api.anthropic.com");
  expect(translated).not.toContain("sk-ant");

  const few = ["--port", "0", "--admin-port", "0", "--workers", "1", "--envoy-concurrency", "1"];
  const serving = spawn(process.execPath, [aigw, "run", "-", ...few], { cwd: app, env });
  const ended = once(serving, "exit");
  serving.stdin.end(manifests);
  const said: string[] = [];
  const health = await new Promise<string>((resolve, reject) => {
    createInterface({ input: serving.stderr }).on("line", (line) => {
      said.push(line);
      const [, url] = /metrics and health on (http:[\w.:/]+)/.exec(line) ?? [];
      if (url !== undefined) resolve(url);
    });
    void ended.then(() => reject(new Error(said.join("\n"))));
  });
  expect((await fetch(`${health}/health`)).status).toBe(200);
  serving.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
});
