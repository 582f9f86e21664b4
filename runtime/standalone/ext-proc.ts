import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { createInterface } from "node:readline";
import type { Logger } from "pino";
import type { SocketAddress } from "../controller/xds/ext-proc.ts";

export interface ExtProcOptions {
  /** The program: `runtime/ext_proc/main.ts`, or what it was compiled to. */
  main: string;
  socketPath: string;
  workers: number;
  bufferBytes: number;
  log: Logger;
}

export interface ExtProc {
  readonly addresses: SocketAddress[];
  /** Of the processes that do the work. */
  pids(): number[];
  /** Counters of all workers, as Prometheus text; empty while they cannot be had. */
  metrics(): Promise<string>;
  close(): Promise<void>;
}

const START_TIMEOUT_MS = 15_000;
const POLL_MS = 25;
const MIB = 1024 * 1024;
/** Envoy has ended before ext_proc is told to, so nothing is in flight then. */
const DRAIN_SECONDS = 2;

/**
 * ext_proc as processes of their own: what they do is CPU-bound, and must not wait for this one.
 * Resolves when they listen; rejects with what they said when they do not.
 */
export async function startExtProcWorkers(options: ExtProcOptions): Promise<ExtProc> {
  const { socketPath, log } = options;
  const adminPort = await freePort();
  const child = spawn(
    process.execPath,
    [
      "--no-warnings",
      options.main,
      "--listen",
      `unix://${socketPath}`,
      "--workers",
      String(options.workers),
      "--max-body",
      String(Math.max(1, Math.floor(options.bufferBytes / MIB))),
      "--drain-timeout",
      String(DRAIN_SECONDS),
      "--drain-grace",
      "0",
      "--admin-port",
      String(adminPort),
      "--log-level",
      "warn",
    ],
    // A group of its own, so that an interrupt at the terminal reaches us alone.
    { stdio: ["ignore", "pipe", "pipe"], detached: true },
  );
  const tail: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      tail.push(line);
      if (tail.length > 5) tail.shift();
      log.warn({ from: "ext_proc" }, line);
    });
  }
  const killWithUs = (): void => void child.kill("SIGKILL");
  process.once("exit", killWithUs);
  await listening(child, socketPath, tail);
  return {
    addresses: [{ path: socketPath }],
    pids() {
      const workers = childrenOf(child.pid);
      // One worker does its work in the first process.
      return workers.length > 0 || child.pid === undefined ? workers : [child.pid];
    },
    metrics: () =>
      fetch(`http://127.0.0.1:${adminPort}/metrics`).then(
        (response) => (response.ok ? response.text() : ""),
        () => "",
      ),
    async close() {
      process.off("exit", killWithUs);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const force = setTimeout(() => child.kill("SIGKILL"), (DRAIN_SECONDS + 3) * 1000);
      await ended;
      clearTimeout(force);
    },
  };
}

/** A port of loopback that nobody has just now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function listening(child: ChildProcess, path: string, tail: string[]): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) break;
    if (await accepts(path)) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  child.kill("SIGKILL");
  throw new Error(["ext_proc did not start", ...tail].join("\n"));
}

const accepts = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ path });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });

/** Linux only; elsewhere none are known. */
function childrenOf(pid: number | undefined): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return text === "" ? [] : text.split(" ").map(Number);
  } catch {
    return [];
  }
}
