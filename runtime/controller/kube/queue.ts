import { type Backoff, createBackoff } from "./backoff.ts";

/** Work by key: a key that is added again while it waits is done once, one that fails comes back later. */
export interface WorkQueue {
  add(key: string): void;
  /** The key is no longer wanted: its failures are forgotten, a retry is given up. */
  remove(key: string): void;
  /** Keys that wait or are worked on, retries included. */
  readonly depth: number;
  /** Resolves when nothing is left to do at once; retries that wait do not count. */
  idle(): Promise<void>;
  stop(): void;
}

export interface QueueOptions {
  /** At most so many at once. */
  concurrency: number;
  firstRetryMs?: number;
  lastRetryMs?: number;
  /** Told of each failure; a retry follows. */
  failed(key: string, error: Error): void;
}

const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 30_000;

export function createQueue(
  work: (key: string) => Promise<void>,
  options: QueueOptions,
): WorkQueue {
  const { concurrency, firstRetryMs = FIRST_RETRY_MS, lastRetryMs = LAST_RETRY_MS } = options;
  const waiting = new Set<string>();
  const running = new Set<string>();
  /** Added while they ran: the work may have begun too early to see why. */
  const again = new Set<string>();
  const retries = new Map<string, NodeJS.Timeout>();
  const backoffs = new Map<string, Backoff>();
  let idlers: (() => void)[] = [];
  let stopped = false;

  function add(key: string): void {
    if (stopped) return;
    if (running.has(key)) again.add(key);
    else waiting.add(key);
    next();
  }

  function next(): void {
    while (running.size < concurrency) {
      const [key] = waiting;
      if (key === undefined) break;
      waiting.delete(key);
      void run(key);
    }
    if (running.size === 0 && waiting.size === 0) {
      for (const idler of idlers) idler();
      idlers = [];
    }
  }

  async function run(key: string): Promise<void> {
    running.add(key);
    clearTimeout(retries.get(key));
    retries.delete(key);
    try {
      await work(key);
      backoffs.delete(key);
    } catch (error) {
      if (!stopped) {
        options.failed(key, error instanceof Error ? error : new Error(String(error)));
        retryLater(key);
      }
    }
    running.delete(key);
    if (again.delete(key)) waiting.add(key);
    if (stopped) waiting.clear();
    next();
  }

  function retryLater(key: string): void {
    const backoff = backoffs.get(key) ?? createBackoff(firstRetryMs, lastRetryMs);
    backoffs.set(key, backoff);
    const timer = setTimeout(() => {
      retries.delete(key);
      add(key);
    }, backoff.next());
    retries.set(key, timer);
  }

  return {
    add,
    remove(key) {
      waiting.delete(key);
      again.delete(key);
      clearTimeout(retries.get(key));
      retries.delete(key);
      backoffs.delete(key);
    },
    get depth() {
      return waiting.size + running.size + retries.size;
    },
    idle: () =>
      running.size === 0 && waiting.size === 0
        ? Promise.resolve()
        : new Promise((resolve) => idlers.push(resolve)),
    stop() {
      stopped = true;
      waiting.clear();
      for (const timer of retries.values()) clearTimeout(timer);
      retries.clear();
    },
  };
}
