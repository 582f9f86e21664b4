/** The image, as far as it can be judged without a container engine. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);
const app = mkdtempSync(path.join(tmpdir(), "app-"));
const inApp = (file: string): string => path.join(app, file);
const SCRIPTS = ["controller.mjs", "ext-proc.mjs"];
let running: ChildProcess | undefined;

// As the image is built: in a process of its own, and run where there is no node_modules.
beforeAll(() => run(process.execPath, ["--no-warnings", "runtime/images/build.ts", app]), 120_000);
afterAll(() => {
  running?.kill("SIGKILL");
  rmSync(app, { recursive: true });
});

test("holds two scripts, a bill of materials and notices", () => {
  expect(readdirSync(app).sort()).toEqual(["THIRD_PARTY_NOTICES.txt", ...SCRIPTS, "sbom.cdx.json"]);
});

test.each(SCRIPTS)(
  "%s runs where there is nothing but Node, and tells its options",
  async (script) => {
    const { stdout } = await run(process.execPath, [inApp(script), "--help"], {
      cwd: app,
      env: {},
    });
    expect(stdout).toContain("--admin-port");
  },
);

test.each(SCRIPTS)("%s has no secret and no trace of where it was built", (script) => {
  const text = readFileSync(inApp(script), "utf8");
  expect(text).not.toContain(process.cwd());
  expect(text).not.toMatch(/-----BEGIN [A-Z ]*PRIVATE KEY-----\\?n?[A-Za-z0-9+/]{20}/);
  expect(text).not.toContain("@jest/globals");
});

test("ext_proc is ready, and ends when asked", async () => {
  const child = spawn(
    process.execPath,
    [inApp("ext-proc.mjs"), "--listen=tcp://127.0.0.1:0", "--accounting=tcp://127.0.0.1:0"].concat([
      "--admin-port=0",
      "--workers=2",
      "--drain-grace=0",
    ]),
    { cwd: app, env: {}, stdio: ["ignore", "inherit", "pipe"] },
  );
  running = child;
  const port = await new Promise<number>((resolve) => {
    createInterface({ input: child.stderr }).on("line", (line) => {
      const { msg, port: found } = JSON.parse(line) as { msg: string; port?: number };
      if (msg === "admin endpoints") resolve(found ?? 0);
    });
  });
  await expect(ready(port)).resolves.toBe(200);
  child.kill("SIGTERM");
  const code = await new Promise((resolve) => child.on("exit", resolve));
  expect(code).toBe(0);
}, 30_000);

const ready = async (port: number): Promise<number | undefined> => {
  for (let i = 0; i < 100; i += 1) {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      get({ host: "127.0.0.1", port, path: "/ready", agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on("error", reject);
    });
    if (status === 200) return status;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return undefined;
};

test("the bill of materials names what was bundled, with licenses; notices go along", () => {
  const { components } = JSON.parse(readFileSync(inApp("sbom.cdx.json"), "utf8")) as {
    components: { name: string; version: string; purl: string; licenses?: object[] }[];
  };
  const locked = (JSON.parse(readFileSync("package-lock.json", "utf8")) as Lock).packages;
  const direct = ["@grpc/grpc-js", "zod", "@bufbuild/protobuf", "commander", "pino"];
  expect(components.map(({ name }) => name)).toEqual(expect.arrayContaining(direct));
  expect(components.map(({ name }) => name)).not.toContain("esbuild");
  for (const { name, version } of components.filter((each) => direct.includes(each.name))) {
    expect(locked[`node_modules/${name}`]?.version).toBe(version);
  }
  expect(components.filter(({ licenses }) => licenses === undefined)).toEqual([]);
  const notices = readFileSync(inApp("THIRD_PARTY_NOTICES.txt"), "utf8");
  expect(notices).toContain("@grpc/grpc-js");
});

interface Lock {
  packages: Record<string, { version: string }>;
}

describe("Dockerfile", () => {
  const text = readFileSync("runtime/images/Dockerfile", "utf8");
  const last = text.slice(text.lastIndexOf("\nFROM "));

  test("its last stage is distroless, nobody's, and has only Node and the scripts", () => {
    expect(text).toMatch(/BASE_IMAGE=gcr\.io\/distroless\/[\w-]+:nonroot\n/);
    expect(last).toContain("USER 65532:65532");
    expect(last.match(/^(COPY|ADD|RUN) .*/gm)).toEqual([
      "COPY --from=node /usr/local/bin/node /usr/local/bin/node",
      "COPY --from=build /app /app",
    ]);
  });

  test("its Node is the one that the tests run on", () => {
    const major = process.versions.node.split(".")[0];
    expect(text).toContain(`NODE_IMAGE=docker.io/library/node:${major}-`);
  });

  test("its build sees sources and no more", () => {
    const rules = readFileSync("runtime/images/Dockerfile.dockerignore", "utf8").split("\n");
    expect(rules[0]).toBe("*");
    const seen = rules.filter((rule) => rule.startsWith("!")).map((rule) => rule.slice(1));
    // A star: the file may be missing.
    const copied = [...text.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, from]) =>
      (from ?? "").replaceAll("*", "").split(" "),
    );
    expect(copied.sort()).toEqual([...seen].sort());
  });
});
