import cluster from "node:cluster";
import { rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Command, InvalidArgumentError, Option } from "commander";
import { createLogger, type LoggerOptions } from "../telemetry/log.ts";
import { createTelemetry } from "../telemetry/telemetry.ts";
import { startAccounting } from "./accounting/server.ts";
import { registries } from "./registries.ts";
import { formatAddress, parseAddress } from "./server/address.ts";
import { startAdmin } from "./server/admin.ts";
import {
  addCounters,
  type CounterValues,
  createCounters,
  renderCounters,
} from "./server/counters.ts";
import { type SocketAddress, startExtProc } from "./server/server.ts";
import { startWorkers, type WorkerMessage } from "./server/workers.ts";

interface Settings {
  listen: SocketAddress;
  accounting?: SocketAddress;
  workers: number;
  adminHost: string;
  adminPort?: number;
  maxBody: number;
  drainTimeout: number;
  drainGrace: number;
  logLevel: LoggerOptions["level"];
}

const MIB = 1024 * 1024;

function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(`a whole number from ${min} to ${max} is needed`);
    }
    return value;
  };
}

function address(text: string): SocketAddress {
  try {
    return parseAddress(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

const command = new Command("ext-proc")
  .description("Envoy's external processor: translates requests and answers of AI providers.")
  .addOption(
    new Option("--listen <address>", "tcp://HOST:PORT or unix:///PATH")
      .env("AIGW_EXT_PROC_LISTEN")
      .argParser(address)
      .default({ host: "127.0.0.1", port: 1063 }, "tcp://127.0.0.1:1063"),
  )
  .addOption(
    new Option(
      "--accounting <address>",
      "where Envoys report finished requests, for metrics of tokens; absent: nowhere",
    )
      .env("AIGW_EXT_PROC_ACCOUNTING")
      .argParser(address),
  )
  .addOption(
    new Option("--workers <n>", "processes that share the socket")
      .env("AIGW_EXT_PROC_WORKERS")
      .argParser(integer(1, 256))
      .default(availableParallelism()),
  )
  .addOption(
    new Option("--admin-port <port>", "port of /health, /ready and /metrics; absent: none")
      .env("AIGW_EXT_PROC_ADMIN_PORT")
      .argParser(integer(0, 65_535)),
  )
  .addOption(new Option("--admin-host <address>", "address of the admin port").default("127.0.0.1"))
  .addOption(
    new Option("--max-body <MiB>", "size of a request, or of an answer to be read whole")
      .env("AIGW_EXT_PROC_MAX_BODY")
      .argParser(integer(1, 512))
      .default(32),
  )
  .addOption(
    new Option("--drain-timeout <seconds>", "time for streams in flight to end after SIGTERM")
      .env("AIGW_EXT_PROC_DRAIN_TIMEOUT")
      .argParser(integer(0, 86_400))
      .default(600),
  )
  .addOption(
    new Option("--drain-grace <ms>", "time in which new streams are still taken after SIGTERM")
      .argParser(integer(0, 60_000))
      .default(1000),
  )
  .addOption(
    new Option("--log-level <level>", "what is logged")
      .env("AIGW_LOG_LEVEL")
      .choices(["debug", "info", "warn", "error"])
      .default("info"),
  );

const settings = command.parse().opts<Settings>();
const log = createLogger({ level: settings.logLevel, pretty: false }).child({
  component: "ext_proc",
  pid: process.pid,
});

/** Settles with the first signal to end. */
const asked = new Promise<string>((resolve) => {
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => resolve(signal));
});

async function serve(): Promise<{
  counters(): CounterValues;
  ready(): boolean;
  close(): Promise<void>;
}> {
  const counters = createCounters(log);
  const server = await startExtProc({
    listen: settings.listen,
    registries,
    observer: counters,
    maxBodyBytes: settings.maxBody * MIB,
    drainMs: settings.drainTimeout * 1000,
    graceMs: settings.drainGrace,
  });
  log.info({ address: formatAddress(server.address) }, "listening");
  return { counters: counters.values, ready: server.isServing, close: server.close };
}

async function runWorker(): Promise<void> {
  const server = await serve();
  const say = (message: WorkerMessage): void => void process.send?.(message);
  process.on("message", (message: WorkerMessage) => {
    if (message.type === "count")
      say({ type: "counted", id: message.id, values: server.counters() });
  });
  say({ type: "listening" });
  // Without the process that accepts connections there is nothing to wait for.
  process.on("disconnect", () => void server.close().then(() => process.exit(0)));
  await asked;
  await server.close();
  process.exit(0);
}

async function runAll(): Promise<void> {
  if ("path" in settings.listen) rmSync(settings.listen.path, { force: true });
  const running = settings.workers === 1 ? await serve() : startPool();
  const telemetry = createTelemetry();
  const { accounting: listen } = settings;
  const accounting = listen && (await startAccounting({ listen, recorder: telemetry.recorder }));
  const admin =
    settings.adminPort === undefined
      ? undefined
      : await startAdmin({
          host: settings.adminHost,
          port: settings.adminPort,
          ready: running.ready,
          metrics: async () =>
            renderCounters(await running.counters()) +
            (accounting ? await telemetry.metrics() : ""),
        });
  if (admin) log.info({ port: admin.port }, "admin endpoints");
  const signal = await asked;
  log.info({ signal }, "draining");
  await running.close();
  await accounting?.close();
  await admin?.close();
  process.exit(0);
}

function startPool() {
  const pool = startWorkers({
    workers: settings.workers,
    onCrash: (pid, reason) => log.error({ pid, reason }, "a worker ended unasked and is replaced"),
  });
  return { ...pool, counters: async () => addCounters(await pool.counters()) };
}

await (cluster.isPrimary ? runAll() : runWorker());
