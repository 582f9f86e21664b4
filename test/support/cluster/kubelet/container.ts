import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { boundToUs } from "../../kube/process.ts";
import type { Container } from "./pod.ts";
import { follow, succeeds, type Target } from "./probes.ts";

/** A local command that stands for a container's image. */
export interface Command {
  file: string;
  args: string[];
  env: Record<string, string>;
  cwd: string;
}

export interface ContainerState {
  running: boolean;
  /** Whether the startup probe, if any, has succeeded. */
  started: boolean;
  ready: boolean;
  restarts: number;
  startedAt?: string;
  /** Why it does not run. */
  waiting?: string;
  /** How it ended last. */
  exit?: { code: number; signal?: string; at: string };
}

export interface ContainerOptions {
  container: Container;
  address: string;
  /** Undefined for images that only wait to be ended. */
  command: Command | undefined;
  logFile: string;
  restart: "Always" | "OnFailure" | "Never";
  changed(): void;
}

const FIRST_BACKOFF_MS = 250;
const LAST_BACKOFF_MS = 10_000;
/** Who ran this long starts anew without a wait. */
const SETTLED_MS = 60_000;

/** One container of a Pod: a process that is started again when it dies, and asked how it is. */
export class RunningContainer {
  readonly state: ContainerState = { running: false, started: false, ready: false, restarts: 0 };
  /** Settles when it will not start again. */
  readonly finished: Promise<void>;
  private readonly options: ContainerOptions;
  private readonly stopping = new AbortController();
  private child: ChildProcess | undefined;

  constructor(options: ContainerOptions) {
    this.options = options;
    this.finished = this.keepRunning();
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Ends it: preStop, then SIGTERM, then SIGKILL when `graceMs` are over. */
  async stop(graceMs: number): Promise<void> {
    const deadline = delay(graceMs, undefined, { ref: false });
    // From here on it is not started again, but goes on serving while preStop runs.
    this.stopping.abort();
    await Promise.race([this.beforeStop(graceMs), deadline]);
    this.signal("SIGTERM");
    const late = new AbortController();
    void deadline.then(() => late.signal.aborted || this.signal("SIGKILL"));
    await this.finished;
    late.abort();
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** Runs a command with the container's environment. */
  execute = async (command: string[], signal: AbortSignal): Promise<number> => {
    const own = this.options.command;
    const [name = "", ...args] = command;
    const file = own?.file.endsWith(`/${name}`) ? own.file : name;
    const child = spawn(...boundToUs(file, args), {
      stdio: "ignore",
      signal,
      ...(own && { env: own.env, cwd: own.cwd }),
    });
    const [code] = (await once(child, "exit")) as [number | null];
    return code ?? 1;
  };

  private async beforeStop(graceMs: number): Promise<void> {
    const hook = this.options.container.lifecycle?.preStop;
    if (hook === undefined || !this.state.running) return;
    if (hook.sleep) await delay(hook.sleep.seconds * 1000);
    else await succeeds(hook, this.target(), graceMs);
  }

  private target(): Target {
    const { address, container } = this.options;
    return { address, container, execute: this.execute };
  }

  private async keepRunning(): Promise<void> {
    const { command, restart } = this.options;
    if (command === undefined) return this.onlyWait();
    let backoff = FIRST_BACKOFF_MS;
    while (!this.stopping.signal.aborted) {
      const began = Date.now();
      const code = await this.runOnce(command);
      if (restart === "Never" || (restart === "OnFailure" && code === 0)) return;
      if (this.stopping.signal.aborted) return;
      if (Date.now() - began > SETTLED_MS) backoff = FIRST_BACKOFF_MS;
      this.state.waiting = "CrashLoopBackOff";
      this.options.changed();
      await delay(backoff, undefined, { signal: this.stopping.signal }).catch(() => {});
      backoff = Math.min(2 * backoff, LAST_BACKOFF_MS);
      this.state.restarts += 1;
    }
  }

  private async onlyWait(): Promise<void> {
    Object.assign(this.state, { running: true, started: true, ready: true, startedAt: now() });
    if (!this.stopping.signal.aborted) await once(this.stopping.signal, "abort");
    Object.assign(this.state, { running: false, ready: false });
  }

  private async runOnce(command: Command): Promise<number> {
    // A file, not a pipe: Envoy opens /dev/stdout by its name.
    const log = openSync(this.options.logFile, "a");
    const child = spawn(...boundToUs(command.file, command.args), {
      env: command.env,
      cwd: command.cwd,
      stdio: ["ignore", log, log],
    });
    this.child = child;
    const { state } = this;
    delete state.waiting;
    Object.assign(state, { running: true, startedAt: now() });
    this.options.changed();
    const probing = new AbortController();
    void this.probe(child, probing.signal);
    const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
      child.on("error", (error) => {
        writeSync(log, `${error.message}\n`);
        resolve([127, null]);
      });
      child.on("close", (...end) => resolve(end));
    });
    probing.abort();
    closeSync(log);
    this.child = undefined;
    const exit = { code: code ?? 137, ...(signal && { signal }), at: now() };
    Object.assign(state, { running: false, started: false, ready: false, exit });
    this.options.changed();
    return exit.code;
  }

  private async probe(child: ChildProcess, signal: AbortSignal): Promise<void> {
    const { startupProbe, readinessProbe, livenessProbe } = this.options.container;
    const set = (fields: Partial<ContainerState>): void => {
      if (signal.aborted) return;
      Object.assign(this.state, fields);
      this.options.changed();
    };
    if (startupProbe) {
      const started = await new Promise<boolean>((resolve) => {
        const asking = new AbortController();
        signal.addEventListener("abort", () => asking.abort());
        const verdict = (good: boolean): void => {
          asking.abort();
          resolve(good);
        };
        void follow(startupProbe, this.target(), verdict, asking.signal);
      });
      if (!started) return void child.kill("SIGKILL");
    }
    set({ started: true, ready: readinessProbe === undefined });
    const ready = (good: boolean): void => set({ ready: good });
    if (readinessProbe) void follow(readinessProbe, this.target(), ready, signal);
    const alive = (good: boolean): void => void (good || child.kill("SIGKILL"));
    if (livenessProbe) void follow(livenessProbe, this.target(), alive, signal);
  }
}

const now = (): string => new Date().toISOString().replace(/\.\d+Z$/, "Z");
