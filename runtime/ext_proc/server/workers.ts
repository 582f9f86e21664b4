import cluster, { type Worker } from "node:cluster";
import { setTimeout as sleep } from "node:timers/promises";
import type { CounterValues } from "./counters.ts";

export interface WorkerPoolOptions {
  workers: number;
  /** Told when a worker has ended unasked; it is replaced. */
  onCrash(pid: number, reason: string): void;
}

export interface WorkerPool {
  /** Every worker listens. */
  ready(): boolean;
  pids(): number[];
  /** Asks every worker for its counters. */
  counters(): Promise<CounterValues[]>;
  /** Lets every worker drain; settles when all have ended. */
  close(): Promise<void>;
}

/** What workers and the process that holds them say to each other. */
export type WorkerMessage =
  | { type: "listening" }
  | { type: "count"; id: number }
  | { type: "counted"; id: number; values: CounterValues };

const FIRST_DELAY_MS = 50;
const MAX_DELAY_MS = 5000;
/** A worker that lived this long has not failed at its start. */
const HEALTHY_MS = 10_000;
const COUNT_TIMEOUT_MS = 1000;

/**
 * Several processes of this program behind one socket. The first process accepts connections and
 * hands each to the next worker, on a TCP and a Unix socket alike.
 */
export function startWorkers(options: WorkerPoolOptions): WorkerPool {
  cluster.schedulingPolicy = cluster.SCHED_RR;
  const listening = new Set<Worker>();
  const alive = new Set<Worker>();
  const counts = new Map<number, (worker: Worker, values: CounterValues) => void>();
  let closing = false;
  let nextCount = 0;
  let delay = FIRST_DELAY_MS;
  let wake: () => void = () => undefined;

  const fork = (): void => {
    const worker = cluster.fork();
    const startedAt = Date.now();
    alive.add(worker);
    worker.on("message", (message: WorkerMessage) => {
      if (message.type === "listening") listening.add(worker);
      if (message.type === "counted") counts.get(message.id)?.(worker, message.values);
    });
    worker.on("error", () => undefined);
    worker.on("exit", (code, signal) => {
      alive.delete(worker);
      listening.delete(worker);
      wake();
      if (closing) return;
      options.onCrash(worker.process.pid ?? 0, signal ? `signal ${signal}` : `exit code ${code}`);
      delay =
        Date.now() - startedAt > HEALTHY_MS ? FIRST_DELAY_MS : Math.min(delay * 2, MAX_DELAY_MS);
      void sleep(delay).then(() => {
        if (!closing) fork();
      });
    });
  };
  for (let count = 0; count < options.workers; count += 1) fork();

  return {
    ready: () => listening.size === options.workers && !closing,
    pids: () => [...alive].flatMap((worker) => worker.process.pid ?? []),
    async counters() {
      const asked = [...listening];
      if (asked.length === 0) return [];
      nextCount += 1;
      const id = nextCount;
      const values = new Map<Worker, CounterValues>();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, COUNT_TIMEOUT_MS);
        counts.set(id, (worker, its) => {
          values.set(worker, its);
          if (values.size < asked.length) return;
          clearTimeout(timer);
          resolve();
        });
        for (const worker of asked) worker.send({ type: "count", id } satisfies WorkerMessage);
      });
      counts.delete(id);
      return [...values.values()];
    },
    async close() {
      closing = true;
      for (const worker of alive) worker.process.kill("SIGTERM");
      while (alive.size > 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
