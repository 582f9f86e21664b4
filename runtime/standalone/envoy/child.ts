/** One run of the Envoy executable. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { toJsonString } from "@bufbuild/protobuf";
import {
  type Bootstrap,
  BootstrapSchema,
} from "../../../protos/gen/envoy/config/bootstrap/v3/bootstrap_pb.ts";
import { typeRegistry } from "../../../protos/registry.ts";
import { type EnvoyLogLine, envoyLevel, LOG_FORMAT, type LogLevel, parseLogLine } from "./log.ts";

export interface ChildOptions {
  /** Path of the executable. */
  readonly binary: string;
  readonly bootstrap: Bootstrap;
  /** Worker threads; absent: one for each core. */
  readonly concurrency?: number;
  readonly logLevel: LogLevel;
  /** How long connections of a replaced listener may go on, in seconds. */
  readonly listenerDrainSeconds: number;
  readonly onLog?: (line: EnvoyLogLine) => void;
  readonly onAccessLog?: (line: string) => void;
}

export interface EnvoyChild {
  readonly pid: number | undefined;
  /** Resolves when the process has ended or could not be started, with how that came about. */
  readonly ended: Promise<string>;
  /** Whether `ended` has resolved. */
  hasEnded(): boolean;
  /** The last lines that it logged. */
  lastLines(): readonly string[];
  kill(signal: NodeJS.Signals): void;
}

const LINES_KEPT = 5;
/** Envoy's own is ten seconds, which is long to wait for somebody who watches. */
const ACCESS_LOG_FLUSH_MS = "100";

/** The bootstrap holds no secret, so it may stand in the arguments. */
function argumentsOf(options: ChildOptions): string[] {
  return [
    "--config-yaml",
    toJsonString(BootstrapSchema, options.bootstrap, { registry: typeRegistry }),
    "--disable-hot-restart",
    "--log-level",
    envoyLevel(options.logLevel),
    "--log-format",
    LOG_FORMAT,
    "--drain-time-s",
    String(options.listenerDrainSeconds),
    ...(options.onAccessLog ? ["--file-flush-interval-msec", ACCESS_LOG_FLUSH_MS] : []),
    ...(options.concurrency === undefined ? [] : ["--concurrency", String(options.concurrency)]),
  ];
}

export function spawnEnvoy(options: ChildOptions): EnvoyChild {
  const child = spawn(options.binary, argumentsOf(options), {
    stdio: ["ignore", options.onAccessLog ? "pipe" : "ignore", "pipe"],
    // A group of its own: an interrupt typed at the terminal must reach us alone, or Envoy would
    // end at once instead of draining.
    detached: true,
  });
  const tail: string[] = [];
  let last: EnvoyLogLine | undefined;
  let askedToEnd = false;
  eachLine(child.stderr, (text) => {
    last = parseLogLine(text, last);
    tail.push(last.message);
    if (tail.length > LINES_KEPT) tail.shift();
    options.onLog?.(askedToEnd ? quieter(last) : last);
  });
  eachLine(child.stdout, (text) => options.onAccessLog?.(text));
  let over = false;
  const ended = howItEnds(child).then((how) => {
    over = true;
    return how;
  });
  return {
    pid: child.pid,
    ended,
    hasEnded: () => over,
    lastLines: () => tail,
    kill(signal) {
      askedToEnd = true;
      child.kill(signal);
    },
  };
}

/** Envoy warns of its own end, and of what it loses on the way; neither is news to who asked for it. */
function quieter(line: EnvoyLogLine): EnvoyLogLine {
  return line.level === "warn" || line.level === "info" ? { ...line, level: "debug" } : line;
}

function eachLine(stream: Readable | null, take: (line: string) => void): void {
  if (stream) createInterface({ input: stream, crlfDelay: Infinity }).on("line", take);
}

/** `close` comes after the last line of output, `exit` may come before it. */
function howItEnds(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) =>
      resolve(signal === null ? `it exited with status ${code}` : `it was ended by ${signal}`),
    );
  });
}
