import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";

const KEPT_OUTPUT = 8_000;
const PATIENCE_MS = 5_000;

/** A server that runs as a process of its own, until it is stopped or this process ends. */
export class Server {
  readonly name: string;
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  private readonly killWithUs = () => this.child.kill("SIGKILL");
  private output = "";
  private exit: string | undefined;

  constructor(name: string, binary: string, args: readonly string[]) {
    this.name = name;
    this.child = spawn(...boundToUs(binary, args), { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output = (this.output + text).slice(-KEPT_OUTPUT);
      });
    }
    this.ended = new Promise((resolve) => {
      const end = (reason: string) => {
        this.exit ??= reason;
        resolve();
      };
      this.child.on("error", (error) => end(error.message));
      this.child.on("exit", (code, signal) => end(`exit ${code ?? signal}`));
    });
    process.on("exit", this.killWithUs);
  }

  /**
   * Waits until `ready` says so.
   *
   * @throws where the process ends before, or is not ready within `timeoutMs`; with its last output.
   */
  async until(ready: () => Promise<boolean>, timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!(await ready().catch(() => false))) {
      if (this.exit !== undefined) {
        throw new Error(`${this.name} ended (${this.exit}) before it was ready:\n${this.output}`);
      }
      if (Date.now() > deadline) {
        throw new Error(`${this.name} was not ready within ${timeoutMs} ms:\n${this.output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ends the process at once, as a crash does. */
  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.ended;
    process.off("exit", this.killWithUs);
  }

  /** Ends the process: asked first, killed where it does not listen. */
  async stop(): Promise<void> {
    this.child.kill("SIGTERM");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), PATIENCE_MS);
    await this.ended;
    clearTimeout(timer);
    process.off("exit", this.killWithUs);
  }
}

/**
 * A command whose process the kernel ends when this one dies, however it dies. Where `setpriv` is
 * missing, the command as it is.
 */
export function boundToUs(binary: string, args: readonly string[]): [string, string[]] {
  if (!hasSetpriv) return [binary, [...args]];
  return ["setpriv", ["--pdeathsig", "KILL", "--", binary, ...args]];
}

const hasSetpriv =
  spawnSync("setpriv", ["--pdeathsig", "KILL", "true"], { stdio: "ignore" }).status === 0;

/** Ports of 127.0.0.1 that are free now, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.on("error", reject);
          server.listen(0, "127.0.0.1", () => {
            const address = server.address();
            resolve(typeof address === "object" && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
