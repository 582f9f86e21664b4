import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Logger } from "pino";
import type { GatewayPlan } from "../controller/compile/plan.ts";
import type { Prefixes } from "../endpoints/prefixes.ts";
import { startAccounting } from "../ext_proc/accounting/server.ts";
import { type AdminServer, startAdmin } from "../telemetry/admin.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import { type AssembleOptions, assemble } from "./assemble.ts";
import type { LoadedConfig } from "./config/loaded.ts";
import type { EnvoyProcess } from "./envoy/process.ts";
import { startEnvoy } from "./envoy/process.ts";
import { startExtProcWorkers } from "./ext-proc.ts";
import { prepare } from "./prepare.ts";
import { toProtobuf } from "./protobuf.ts";
import { type AdsServer, startAds } from "./xds/server.ts";

export interface GatewayOptions {
  /** Reads the configuration; called again on `reload`. */
  load(): Promise<LoadedConfig>;
  host: string;
  /** Port for clients. */
  port: number;
  /** Port of /metrics, /health and /ready; absent: none. */
  adminPort?: number;
  envoyBinary: string;
  /** Envoy's worker threads. */
  envoyConcurrency: number;
  /** ext_proc's program. */
  extProcMain: string;
  /** ext_proc processes. */
  extProcWorkers: number;
  /** Bytes of a request or of an answer to be translated that may be held. */
  bufferBytes: number;
  prefixes: Prefixes;
  systemCaFile: string;
  accessLog?: (line: string) => void;
  telemetry: Telemetry;
  log: Logger;
}

export type ReloadOutcome =
  | { ok: true; warnings: string[] }
  /** The last good configuration keeps serving. */
  | { ok: false; errors: string[]; warnings: string[] };

export interface RunningGateway {
  readonly url: string;
  readonly adminUrl: string | undefined;
  readonly envoy: EnvoyProcess;
  extProcPids(): number[];
  reload(): Promise<ReloadOutcome>;
  close(): Promise<void>;
}

/**
 * A whole gateway on this machine: Envoy, ext_proc processes, the accounting server, and the xDS
 * server that drives Envoy. Rejects when the first configuration has nothing to serve.
 */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const { log } = options;
  // Sockets here carry keys and prompts: the folder belongs to this user alone (0700).
  const folder = await mkdtemp(join(tmpdir(), "aigw-"));
  const closing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).reverse()) {
      await step().catch((error: unknown) => log.error({ err: error }, "shutting down"));
    }
  };
  try {
    return await start(options, folder, closing, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  options: GatewayOptions,
  folder: string,
  closing: (() => Promise<unknown>)[],
  close: () => Promise<void>,
): Promise<RunningGateway> {
  const { log, telemetry } = options;
  const first = prepare(await options.load());
  if (first.gateway === undefined || servesNothing(first.gateway)) {
    throw new ConfigError([...first.errors, ...first.warnings]);
  }
  for (const error of first.errors) log.error(error);
  for (const warning of first.warnings) log.warn(warning);

  const extProc = await startExtProcWorkers({
    main: options.extProcMain,
    socketPath: join(folder, "ext_proc.sock"),
    workers: options.extProcWorkers,
    bufferBytes: options.bufferBytes,
    log,
  });
  closing.push(() => extProc.close());
  const accounting = await startAccounting({
    listen: { path: join(folder, "accounting.sock") },
    recorder: telemetry.recorder,
  });
  closing.push(() => accounting.close());

  let envoy: EnvoyProcess | undefined;
  const ads = await startAds({
    socketPath: join(folder, "xds.sock"),
    clustersReady: async () => envoy?.clustersReady(),
  });
  closing.push(() => ads.close());
  envoy = await startEnvoy({
    binary: options.envoyBinary,
    xds: ads.address,
    admin: { path: join(folder, "admin.sock") },
    concurrency: options.envoyConcurrency,
    logLevel: "error",
    onLog: ({ level, message }) =>
      log[level === "trace" ? "debug" : level]({ from: "envoy" }, message),
    onCrash: (crash) => log.error({ crash }, "Envoy ended unasked and is started again"),
    ...(options.accessLog === undefined ? {} : { onAccessLog: options.accessLog }),
  });
  const running = envoy;
  closing.push(() => running.stop());

  const assembleOptions: AssembleOptions = {
    listen: { host: options.host, port: options.port },
    extProc: extProc.addresses,
    accounting: { path: join(folder, "accounting.sock") },
    prefixes: options.prefixes,
    bufferBytes: options.bufferBytes,
    systemCaFile: options.systemCaFile,
    accessLog: options.accessLog !== undefined,
  };
  const refused = await apply(ads, first.gateway, assembleOptions);
  if (refused !== undefined) throw new ConfigError([refused]);
  await running.ready();

  let admin: AdminServer | undefined;
  if (options.adminPort !== undefined) {
    admin = await startAdmin({
      host: options.host,
      port: options.adminPort,
      metrics: async () => (await telemetry.metrics()) + (await extProc.metrics()),
      ready: async () => (await running.adminGet("/ready")).status === 200,
    });
    const { close: closeAdmin } = admin;
    closing.push(closeAdmin);
  }

  return {
    url: `http://${options.host}:${options.port}`,
    adminUrl: admin?.url,
    envoy: running,
    extProcPids: () => extProc.pids(),
    close,
    async reload() {
      const next = prepare(await options.load());
      const { errors, warnings } = next;
      if (errors.length > 0 || next.gateway === undefined) return { ok: false, errors, warnings };
      const problem = await apply(ads, next.gateway, assembleOptions);
      return problem === undefined
        ? { ok: true, warnings }
        : { ok: false, errors: [problem], warnings };
    },
  };
}

/** A configuration with which nothing can be served. */
export class ConfigError extends Error {
  readonly problems: string[];

  constructor(problems: string[]) {
    super(`this configuration cannot be served:\n${problems.map((p) => `  ${p}`).join("\n")}`);
    this.name = "ConfigError";
    this.problems = problems;
  }
}

const servesNothing = (gateway: GatewayPlan): boolean =>
  gateway.rules.every((rule) => rule.backends.length === 0);

/** Moves Envoy to the plan; undefined, or why Envoy refused. */
async function apply(
  ads: AdsServer,
  gateway: GatewayPlan,
  options: AssembleOptions,
): Promise<string | undefined> {
  const outcome = await ads.set(toProtobuf(assemble(gateway, options)));
  if (outcome.ok) return undefined;
  return outcome.reason === "refused"
    ? `Envoy refused ${outcome.typeUrl}: ${outcome.error}`
    : `the configuration was not applied: ${outcome.reason}`;
}
