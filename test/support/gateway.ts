/** A whole gateway on real Envoy, from resources as text; for data-plane tests, quickstart and bench. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import pino, { type Logger } from "pino";
import { DEFAULT_PREFIXES } from "../../runtime/endpoints/prefixes.ts";
import { loadConfig } from "../../runtime/standalone/config/load.ts";
import { ensureEnvoy } from "../../runtime/standalone/envoy/install.ts";
import {
  type GatewayOptions,
  type RunningGateway,
  startGateway,
} from "../../runtime/standalone/gateway.ts";
import { createTelemetry } from "../../runtime/telemetry/telemetry.ts";

export interface TestGateway extends RunningGateway {
  /** Lines of the access log, one JSON object a request, as they come. */
  readonly requests: Record<string, unknown>[];
  /** Writes another configuration over the first and loads it. */
  change(yaml: string): ReturnType<RunningGateway["reload"]>;
}

export interface TestGatewayOptions extends Partial<GatewayOptions> {
  version?: string;
  env?: NodeJS.ProcessEnv;
  /** False: Envoy writes no line per request, and `requests` stays empty. */
  logRequests?: boolean;
}

const CA_FILE = "/etc/ssl/certs/ca-certificates.crt";

export async function startTestGateway(
  yaml: string,
  options: TestGatewayOptions = {},
): Promise<TestGateway> {
  const folder = await mkdtemp(join(tmpdir(), "aigw-config-"));
  const path = join(folder, "config.yaml");
  await writeFile(path, yaml);
  const requests: Record<string, unknown>[] = [];
  const quiet: Logger = pino({ level: process.env.TEST_LOG ?? "silent" });
  const { version, env, logRequests = true, ...rest } = options;
  const gateway = await startGateway({
    load: () => loadConfig({ path, env: env ?? {} }),
    host: "127.0.0.1",
    port: await freePort(),
    adminPort: 0,
    envoyBinary: await ensureEnvoy(version === undefined ? {} : { version }),
    envoyConcurrency: 1,
    extProcMain: resolve("runtime/ext_proc/main.ts"),
    extProcWorkers: 1,
    bufferBytes: 32 * 1024 * 1024,
    prefixes: DEFAULT_PREFIXES,
    systemCaFile: CA_FILE,
    telemetry: createTelemetry(),
    log: quiet,
    ...(logRequests
      ? {
          accessLog: (line: string) => requests.push(JSON.parse(line) as Record<string, unknown>),
        }
      : {}),
    ...rest,
  });
  return {
    ...gateway,
    requests,
    async change(next) {
      await writeFile(path, next);
      return gateway.reload();
    },
    async close() {
      await gateway.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A port that nobody listens on just now. */
export function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolvePort(typeof address === "object" && address ? address.port : 0));
    });
  });
}
