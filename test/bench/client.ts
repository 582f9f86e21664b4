import { connect, type Socket } from "node:net";

/**
 * A load generator that costs little itself: HTTP/1.1 over kept-alive sockets, one request at a time
 * on each, the answer only searched for its end. Closed loop: `concurrency` requests are always
 * under way.
 */
export interface LoadSpec {
  host: string;
  port: number;
  path: string;
  body: Buffer;
  concurrency: number;
  /** Milliseconds of load before counting starts. */
  warmUpMs: number;
  /** Milliseconds that count. */
  measureMs: number;
  /**
   * Whether requests under way at the end count as well, and the time until the last is answered:
   * for answers that take so long that a few laps are all there is to measure.
   */
  countLast: boolean;
}

export interface LoadResult {
  /** Answers within the measured time. */
  requests: number;
  /** Requests that failed at any time, warm-up and end included. */
  failures: number;
  /** First failure's first line, to tell what went wrong. */
  firstFailure?: string;
  seconds: number;
  /** Milliseconds, ascending. */
  latencies: number[];
}

const LONGEST_WAIT_MS = 10_000;

export async function generateLoad(
  spec: LoadSpec,
  /** Told when counting starts and when it ends. */
  onPhase: (phase: "measuring" | "measured") => void = () => {},
): Promise<LoadResult> {
  const head = [
    `POST ${spec.path} HTTP/1.1`,
    `host: ${spec.host}`,
    "content-type: application/json",
    "authorization: Bearer client",
    "anthropic-version: 2023-06-01",
    `content-length: ${spec.body.length}`,
    "",
    "",
  ].join("\r\n");
  const request = Buffer.concat([Buffer.from(head), spec.body]);
  const result: LoadResult = { requests: 0, failures: 0, seconds: 0, latencies: [] };
  const started = performance.now();
  const measureFrom = started + spec.warmUpMs;
  const end = measureFrom + spec.measureMs;
  let stopped = false;

  const finished = (ok: boolean, ms: number, line: string): void => {
    const now = performance.now();
    if (!ok) {
      result.failures++;
      result.firstFailure ??= line;
    }
    if (now < measureFrom || (now > end && !spec.countLast)) return;
    result.requests++;
    result.latencies.push(ms);
  };

  const sockets = new Set<Socket>();
  const open = (): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect(spec.port, spec.host);
      sockets.add(socket);
      socket.setNoDelay(true);
      let sentAt = 0;
      const answer = new AnswerReader();
      const send = (): void => {
        sentAt = performance.now();
        answer.reset();
        socket.write(request);
      };
      const close = (): void => {
        sockets.delete(socket);
        socket.destroy();
        resolve();
      };
      socket.on("connect", send);
      socket.on("data", (chunk: Buffer) => {
        if (!answer.push(chunk)) return;
        finished(answer.status === 200, performance.now() - sentAt, answer.statusLine);
        if (stopped) close();
        else if (answer.closes) reopen();
        else send();
      });
      const reopen = (): void => {
        sockets.delete(socket);
        socket.destroy();
        void open().then(resolve);
      };
      const lost = (why: string): void => {
        if (!sockets.has(socket)) return;
        finished(false, performance.now() - sentAt, why);
        if (stopped) close();
        else setTimeout(reopen, 10);
      };
      socket.on("error", (error) => lost(error.message));
      socket.on("close", () => lost("connection closed"));
    });

  const loops = Array.from({ length: spec.concurrency }, open);
  setTimeout(onPhase, spec.warmUpMs, "measuring");
  await new Promise((resolve) => setTimeout(resolve, spec.warmUpMs + spec.measureMs));
  stopped = true;
  if (!spec.countLast) onPhase("measured");
  // Answers still on their way get a moment; what hangs is cut off, and has failed.
  const patience = new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT_MS).unref());
  await Promise.race([Promise.all(loops), patience]);
  for (const socket of [...sockets]) {
    sockets.delete(socket);
    socket.destroy();
    finished(false, LONGEST_WAIT_MS, "no answer");
  }
  if (spec.countLast) onPhase("measured");
  result.seconds = (spec.countLast ? performance.now() - measureFrom : spec.measureMs) / 1000;
  result.latencies.sort((a, b) => a - b);
  return result;
}

const LAST_CHUNK = Buffer.from("\r\n0\r\n\r\n");

/** Finds the end of one answer; enough of HTTP/1.1 for what the benchmark's servers send. */
class AnswerReader {
  status = 0;
  statusLine = "";
  closes = false;
  #head: Buffer = Buffer.alloc(0);
  #remaining = -1;
  #chunked = false;
  #tail: Buffer = Buffer.alloc(0);

  reset(): void {
    this.status = 0;
    this.#head = Buffer.alloc(0);
    this.#remaining = -1;
    this.#chunked = false;
    this.#tail = Buffer.alloc(0);
  }

  /** True when the answer is complete. */
  push(chunk: Buffer): boolean {
    let body = chunk;
    if (this.status === 0) {
      const whole = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
      const end = whole.indexOf("\r\n\r\n");
      if (end < 0) {
        this.#head = whole;
        return false;
      }
      const head = whole.toString("latin1", 0, end);
      this.statusLine = head.slice(0, head.indexOf("\r\n"));
      this.status = Number(this.statusLine.slice(9, 12));
      this.closes = /\r\nconnection: close/i.test(head);
      this.#chunked = /\r\ntransfer-encoding: chunked/i.test(head);
      this.#remaining = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
      body = whole.subarray(end + 4);
      this.#tail = Buffer.from("\r\n");
    }
    if (!this.#chunked) {
      this.#remaining -= body.length;
      return this.#remaining <= 0;
    }
    const tail = body.length >= LAST_CHUNK.length ? body : Buffer.concat([this.#tail, body]);
    this.#tail = Buffer.from(tail.subarray(-LAST_CHUNK.length));
    return this.#tail.equals(LAST_CHUNK);
  }
}

/** The value below which `share` of the sorted samples lie. */
export function percentile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return Number.NaN;
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
