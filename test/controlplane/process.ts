/** A controller process of its own, against a real API server. */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { freePorts } from "../support/kube/process.ts";

export interface ControllerProcess {
  readonly admin: string;
  /** Lines of its log so far, parsed. */
  readonly lines: Record<string, unknown>[];
  /** All that it wrote, as it stands. */
  text(): string;
  /** Waits until `/ready` says so. */
  ready(): Promise<void>;
  get(path: string): Promise<{ status: number; body: string }>;
  end(signal: NodeJS.Signals): Promise<number | null>;
}

const READY_WITHIN_MS = 30_000;

export async function startControllerProcess(
  kubeconfig: string,
  extra: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<ControllerProcess> {
  const [adminPort = 0, extensionPort = 0] = await freePorts(2);
  const child: ChildProcess = spawn(
    process.execPath,
    [
      "--no-warnings",
      path.resolve("runtime/controller/main.ts"),
      `--kubeconfig=${kubeconfig}`,
      "--log-level=debug",
      "--admin-host=127.0.0.1",
      `--admin-port=${adminPort}`,
      "--extension-host=127.0.0.1",
      `--extension-port=${extensionPort}`,
      ...extra,
    ],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } },
  );
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => chunks.push(text));
  }
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const admin = `http://127.0.0.1:${adminPort}`;
  const text = (): string => chunks.join("");
  const get: ControllerProcess["get"] = async (at) => {
    const response = await fetch(`${admin}${at}`);
    return { status: response.status, body: await response.text() };
  };
  return {
    admin,
    text,
    get,
    get lines() {
      return text()
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    },
    async ready() {
      await until(
        async () => (await get("/ready").catch(() => ({ status: 0 }))).status === 200,
        READY_WITHIN_MS,
        () => `the controller is not ready:\n${text()}`,
      );
    },
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

/** Looks again and again, until it holds. @throws with what `why` says when it does not in time. */
export async function until<T>(
  look: () => Promise<T | false | undefined> | T | false | undefined,
  withinMs = 10_000,
  why: () => string = () => "did not come true in time",
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== false && found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(why());
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
