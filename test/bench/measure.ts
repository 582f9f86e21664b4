/** One measurement: load for some seconds, and what each process spent on it. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { LoadSpec } from "./client.ts";
import type { GeneratorLine, LoadSummary } from "./generator.ts";
import { cpuSeconds } from "./processes.ts";
import { requestBody, type Shape, type Variant } from "./scenarios.ts";
import { CHAT_PATH, type Stage } from "./stage.ts";

export type Role = "envoy" | "extProc" | "gateway" | "provider" | "generator";
export const roles: readonly Role[] = ["envoy", "extProc", "gateway", "provider", "generator"];

export interface Measurement {
  requestsPerSecond: number;
  requests: number;
  failures: number;
  firstFailure?: string;
  p50Ms: number;
  p99Ms: number;
  /** CPU microseconds per request, by process. */
  cpuMicros: Record<Role, number>;
  /** Share of one core that each process kept busy: 1 is all that a process with one thread has. */
  busy: Record<Role, number>;
  /** Cores kept busy by processes that are not part of the benchmark. */
  othersBusy: number;
  /** Bytes resident after the load. */
  rss: { envoy: number; extProc: number };
}

export type Timing = Pick<LoadSpec, "warmUpMs" | "measureMs" | "countLast">;

interface Reading {
  at: number;
  cpu: Record<Role, number>;
  machine: number;
}

export async function measure(
  stage: Stage,
  variant: Variant,
  shape: Shape,
  timing: Timing,
): Promise<Measurement> {
  const spec = {
    host: "127.0.0.1",
    port: stage.port(variant),
    path: CHAT_PATH,
    concurrency: shape.concurrency,
    body: requestBody(variant, shape),
    ...timing,
  };
  const child = spawn(
    process.execPath,
    ["--no-warnings", "test/bench/generator.ts", JSON.stringify(spec)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const read = (): Reading => {
    const usage = stage.usage(variant);
    return {
      at: performance.now(),
      cpu: {
        envoy: usage.envoy.cpu,
        extProc: usage.extProc.cpu,
        gateway: usage.gateway.cpu,
        provider: usage.provider.cpu,
        generator: child.pid === undefined ? 0 : cpuSeconds(child.pid),
      },
      machine: machineCpuSeconds(),
    };
  };
  const readings: Reading[] = [];
  let summary: LoadSummary | undefined;
  for await (const text of createInterface({ input: child.stdout })) {
    const line = JSON.parse(text) as GeneratorLine;
    if ("summary" in line) summary = line.summary;
    else readings.push(read());
  }
  const [before, after] = readings;
  if (!summary || !before || !after) throw new Error("the load generator ended early");
  const { envoy, extProc } = stage.usage(variant);
  return combine(summary, before, after, { envoy: envoy.rss, extProc: extProc.rss });
}

function combine(
  summary: LoadSummary,
  before: Reading,
  after: Reading,
  rss: Measurement["rss"],
): Measurement {
  const seconds = (after.at - before.at) / 1000;
  const spent = (role: Role): number => after.cpu[role] - before.cpu[role];
  const byRole = (value: (role: Role) => number): Record<Role, number> =>
    Object.fromEntries(roles.map((role) => [role, value(role)])) as Record<Role, number>;
  const ours = roles.reduce((total, role) => total + spent(role), 0);
  return {
    requestsPerSecond: summary.requests / summary.seconds,
    requests: summary.requests,
    failures: summary.failures,
    ...(summary.firstFailure === undefined ? {} : { firstFailure: summary.firstFailure }),
    p50Ms: summary.p50Ms,
    p99Ms: summary.p99Ms,
    cpuMicros: byRole((role) => (spent(role) * 1e6) / Math.max(1, summary.requests)),
    busy: byRole((role) => spent(role) / seconds),
    othersBusy: Math.max(0, (after.machine - before.machine - ours) / seconds),
    rss,
  };
}

/** CPU seconds that all processes of the machine have used. */
function machineCpuSeconds(): number {
  const [, ...fields] = (readFileSync("/proc/stat", "utf8").split("\n")[0] ?? "").split(/\s+/);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0] = fields.map(Number);
  return (user + nice + system + irq + softIrq) / 100;
}
