import { existsSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import { DEFAULT_PREFIXES, type Prefixes } from "../endpoints/prefixes.ts";
import { loadConfig } from "../standalone/config/load.ts";
import { watchConfig } from "../standalone/config/watch.ts";
import { DEFAULT_ENVOY_VERSION, ensureEnvoy } from "../standalone/envoy/install.ts";
import { ConfigError, type RunningGateway, startGateway } from "../standalone/gateway.ts";
import { createLogger } from "../telemetry/log.ts";
import { createTelemetry } from "../telemetry/telemetry.ts";

interface RunOptions {
  host: string;
  port: number;
  adminPort: number;
  envoyVersion?: string;
  envoyBin?: string;
  envoyConcurrency: number;
  workers: number;
  bufferLimit: number;
  endpointPrefixes?: Prefixes;
  watch: boolean;
  accessLog?: boolean;
  debug?: boolean;
}

/** `aigw run`: serves until it is told to stop. */
export async function runCommand(config: string | undefined, options: RunOptions): Promise<void> {
  const log = createLogger({ level: options.debug ? "debug" : "info" });
  // From the first moment on: a signal during the start must not leave Envoy behind.
  const stop = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => resolve());
    }
  });
  let gateway: RunningGateway | undefined;
  let changedMeanwhile = false;
  const changed = (): void => {
    if (gateway === undefined) changedMeanwhile = true;
    else void reload(gateway, log);
  };
  const follows = config !== undefined && config !== "-" && options.watch;
  const watcher = follows ? watchConfig(config, changed) : undefined;
  try {
    gateway = await start(config, options, log);
    if (changedMeanwhile) void reload(gateway, log);
    log.info(`serving on ${gateway.url}; metrics and health on ${gateway.adminUrl}`);
    await stop;
    log.info("stopping: requests under way may finish");
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } finally {
    watcher?.close();
    await gateway?.close();
  }
}

async function start(
  config: string | undefined,
  options: RunOptions,
  log: Logger,
): Promise<RunningGateway> {
  return startGateway({
    load: () => loadConfig({ path: config, env: process.env }),
    host: options.host,
    port: options.port,
    adminPort: options.adminPort,
    envoyBinary: await findEnvoy(options, (line) => log.info(line)),
    extProcMain: extProcMain(),
    envoyConcurrency: options.envoyConcurrency,
    extProcWorkers: options.workers,
    bufferBytes: options.bufferLimit * 1024 * 1024,
    prefixes: options.endpointPrefixes ?? DEFAULT_PREFIXES,
    systemCaFile: systemCaFile(),
    telemetry: createTelemetry(),
    log,
    ...(options.accessLog ? { accessLog: (line) => process.stdout.write(`${line}\n`) } : {}),
  });
}

async function reload(gateway: RunningGateway, log: Logger): Promise<void> {
  const outcome = await gateway.reload();
  for (const warning of outcome.warnings) log.warn(warning);
  if (outcome.ok) {
    log.info("the changed configuration is served");
    return;
  }
  for (const error of outcome.errors) log.error(error);
  log.error("the changed configuration is not served: the last good one goes on");
}

async function findEnvoy(options: RunOptions, onProgress: (line: string) => void): Promise<string> {
  const given = options.envoyBin ?? process.env.ENVOY_BIN;
  if (given !== undefined) return given;
  return ensureEnvoy({ version: options.envoyVersion ?? DEFAULT_ENVOY_VERSION, onProgress });
}

/** Beside this file's program: a source while sources run, compiled where they were compiled. */
function extProcMain(): string {
  const own = fileURLToPath(import.meta.url);
  return join(dirname(own), "../ext_proc", `main${extname(own)}`);
}

/** CA bundles of the usual distributions. */
const CA_FILES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/cert.pem",
  "/etc/ssl/ca-bundle.pem",
];

/** The system's CA bundle; SSL_CERT_FILE wins. */
export function systemCaFile(): string {
  const found = [process.env.SSL_CERT_FILE, ...CA_FILES].find((file) => file && existsSync(file));
  return found ?? CA_FILES[0] ?? "";
}
