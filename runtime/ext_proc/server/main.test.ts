/** The program as it is run: several processes behind one socket. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { encodeProgram } from "../../program/program.ts";
import { parseAddress } from "./address.ts";
import type { SocketAddress } from "./server.ts";
import { dial, open, requestBody, requestHeaders } from "./testdata/client.ts";

const WORKERS = 3;
const folder = mkdtempSync(join(tmpdir(), "ext-proc-main-"));
const started: ChildProcess[] = [];

interface Running {
  child: ChildProcess;
  address: SocketAddress;
  adminPort: number;
  workers(): number[];
}

async function run(listen: string, ...more: string[]): Promise<Running> {
  const child = spawn(
    process.execPath,
    ["--no-warnings", "runtime/ext_proc/main.ts", "--listen", listen, "--admin-port", "0", ...more],
    { stdio: ["ignore", "inherit", "pipe"] },
  );
  started.push(child);
  const lines: { address?: string; port?: number }[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => lines.push(JSON.parse(line)));
  const workers = more.includes("1") ? 1 : WORKERS;
  await until(() => lines.filter((l) => l.address).length === workers && lines.some((l) => l.port));
  return {
    child,
    address: parseAddress(lines.find((l) => l.address)?.address ?? ""),
    adminPort: lines.find((l) => l.port)?.port ?? 0,
    workers: () =>
      readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8")
        .trim()
        .split(" ")
        .map(Number),
  };
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await holds()); waited += 20) {
    if (waited > 20_000) throw new Error("it did not come to that");
    await sleep(20);
  }
}

const admin = (port: number, path: string): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port, path, agent: false }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    }).on("error", reject);
  });

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null) resolve(child.exitCode);
    else child.once("exit", (code) => resolve(code));
  });

const sockets = (pid: number): number =>
  readdirSync(`/proc/${pid}/fd`).filter((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith("socket:");
    } catch {
      return false;
    }
  }).length;

const program = encodeProgram({ v: 1, route: "n/r", backend: "n/b", schema: "OpenAI" });

afterAll(async () => {
  for (const child of started) child.kill("SIGKILL");
  await Promise.all(started.map(ended));
  rmSync(folder, { recursive: true });
});

describe.each([
  ["TCP", "tcp://127.0.0.1:0"],
  ["a Unix socket", `unix://${join(folder, "ext_proc.sock")}`],
])("%s", (_name, listen) => {
  let running: Running;
  beforeAll(async () => {
    running = await run(listen, "--workers", String(WORKERS), "--drain-grace", "50");
  }, 30_000);

  test("connections spread over the processes", async () => {
    const workers = running.workers();
    expect(workers).toHaveLength(WORKERS);
    const before = workers.map(sockets);
    const got = () => workers.map((pid, index) => sockets(pid) - (before[index] ?? 0));
    const sum = () => got().reduce((all, one) => all + one);
    const clients: Awaited<ReturnType<typeof dial>>[] = [];
    // One at a time: in a burst, a process that is busy with its last one may be passed over.
    for (let count = 1; count <= WORKERS * 4; count += 1) {
      clients.push(await dial(running.address));
      await until(() => sum() === count);
    }
    expect(Math.min(...got())).toBeGreaterThanOrEqual(2);
    for (const client of clients) client.destroy();
  });

  test("a process that dies is replaced, the others go on", async () => {
    const [victim = 0] = running.workers();
    process.kill(victim, "SIGKILL");
    await until(() => !running.workers().includes(victim));
    (await dial(running.address)).destroy();
    await until(() => running.workers().length === WORKERS);
    await until(async () => (await admin(running.adminPort, "/ready")).status === 200);
  }, 30_000);

  test("counters of all processes are one", async () => {
    for (let count = 0; count < WORKERS * 2; count += 1) {
      const client = await dial(running.address);
      const { send, next } = open(client, '{"v":99}');
      send(requestHeaders);
      await next();
      send(requestBody("{}"));
      expect((await next())?.response.case).toBe("immediateResponse");
      client.destroy();
    }
    const { body } = await admin(running.adminPort, "/metrics");
    expect(body).toContain(
      `aigw_ext_proc_programs_refused_total{reason="unknown-version"} ${WORKERS * 2}\n`,
    );
    expect((await admin(running.adminPort, "/health")).status).toBe(200);
    expect((await admin(running.adminPort, "/elsewhere")).status).toBe(404);
  });

  test("SIGTERM lets streams in flight end, and then the program", async () => {
    const client = await dial(running.address);
    const { send, next, stream } = open(client, program);
    send(requestHeaders);
    await next();
    running.child.kill("SIGTERM");
    await until(async () => (await admin(running.adminPort, "/ready")).status === 503);
    await sleep(300);
    expect(running.child.exitCode).toBeNull();
    send(requestBody("{}"));
    expect(await next()).toBeDefined();
    stream.close();
    expect(await ended(running.child)).toBe(0);
  }, 30_000);
});

test("one process needs no other", async () => {
  const { child, adminPort } = await run("tcp://127.0.0.1:0", "--workers", "1");
  expect((await admin(adminPort, "/ready")).status).toBe(200);
  child.kill("SIGTERM");
  expect(await ended(child)).toBe(0);
}, 30_000);

test("what is wrong with an address is said", () => {
  for (const text of ["127.0.0.1:1", "tcp://127.0.0.1", "tcp://h:70000", "unix://relative"]) {
    expect(() => parseAddress(text)).toThrow(`"${text}" is no address`);
  }
  expect(parseAddress("tcp://[::1]:1063")).toEqual({ host: "::1", port: 1063 });
});
