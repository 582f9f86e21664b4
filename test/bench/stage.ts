/** The processes of a benchmark: provider, bare Envoy, gateway. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { DEFAULT_ENVOY_VERSION } from "../../runtime/standalone/envoy/install.ts";
import { snapshotFromJson, startTestEnvoy } from "../support/envoy.ts";
import { startTestGateway } from "../support/gateway.ts";
import {
  backendResource,
  documents,
  gatewayResource,
  routeResource,
} from "../support/resources.ts";
import { cpuSeconds, residentBytes } from "./processes.ts";
import { BARE, BEDROCK, NATIVE, NATIVE_FREE, TRANSLATED, type Variant } from "./scenarios.ts";

export const CHAT_PATH = "/v1/chat/completions";

export interface Usage {
  /** Seconds. */
  cpu: number;
  /** Bytes. */
  rss: number;
}

export interface Stage {
  readonly envoyVersion: string;
  port(variant: Variant): number;
  /** What each process of a variant has used, by role. */
  usage(variant: Variant): Record<"envoy" | "extProc" | "gateway" | "provider", Usage>;
  close(): Promise<void>;
}

const NONE: Usage = { cpu: 0, rss: 0 };

export async function startStage(version = DEFAULT_ENVOY_VERSION): Promise<Stage> {
  const closing: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const provider = await startProvider();
    closing.push(async () => provider.child.kill());
    const bare = await startTestEnvoy(version, { concurrency: 1, logLevel: "error" });
    closing.push(() => bare.stop());
    const outcome = await bare.ads.set(bareSnapshot(provider.port));
    if (!outcome.ok) throw new Error(`bare Envoy refused its configuration: ${outcome.reason}`);
    await bare.envoy.ready();
    const barePort = await bare.port("bare");
    const gateway = await startTestGateway(gatewayConfig(provider.port), {
      version,
      logRequests: false,
    });
    closing.push(() => gateway.close());
    const gatewayPort = Number(new URL(gateway.url).port);
    return {
      envoyVersion: version,
      port: (variant) => (variant === BARE ? barePort : gatewayPort),
      usage: (variant) => ({
        envoy: usageOf(variant === BARE ? bare.envoy.pid : gateway.envoy.pid),
        extProc: variant === BARE ? NONE : sum(gateway.extProcPids().map(usageOf)),
        gateway: variant === BARE ? NONE : usageOf(process.pid),
        provider: usageOf(provider.child.pid),
      }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function usageOf(pid: number | undefined): Usage {
  if (pid === undefined) throw new Error("a process of the benchmark has ended");
  return { cpu: cpuSeconds(pid), rss: residentBytes(pid) };
}

const sum = (parts: Usage[]): Usage =>
  parts.reduce((a, b) => ({ cpu: a.cpu + b.cpu, rss: a.rss + b.rss }), NONE);

async function startProvider(): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, ["--no-warnings", "test/bench/upstream.ts", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.once("exit", () => child.kill("SIGKILL"));
  for await (const line of createInterface({ input: child.stdout })) {
    return { child, port: Number(line) };
  }
  throw new Error("the canned provider did not start");
}

function gatewayConfig(port: number): string {
  const costs = (cost: string): string => `llmRequestCosts: [${cost}]`;
  const route = (variant: Variant, backend: string, spec = ""): string =>
    routeResource(
      [{ model: variant.model, backends: `[{name: ${backend}, modelNameOverride: bench}]` }],
      spec,
      variant.model,
    );
  return documents(
    gatewayResource(),
    route(
      NATIVE,
      "openai",
      costs("{metadataKey: in, type: InputToken}, {metadataKey: out, type: OutputToken}"),
    ),
    route(NATIVE_FREE, "openai"),
    route(
      TRANSLATED,
      "openai",
      costs('{metadataKey: price, type: CEL, cel: "input_tokens + 4u * output_tokens"}'),
    ),
    route(BEDROCK, "bedrock", costs("{metadataKey: in, type: InputToken}")),
    backendResource("openai", { port, key: { type: "APIKey", value: "bench-key" } }),
    backendResource("bedrock", {
      schema: "AWSBedrock",
      port,
      key: { type: "aws", id: "AKIDEXAMPLE", secret: "bench-secret" },
    }),
  );
}

const LIMIT = 1_000_000;

function bareSnapshot(port: number): ReturnType<typeof snapshotFromJson> {
  const hcm = "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";
  const router = "envoy.extensions.filters.http.router.v3.Router";
  const any = (type: string) => ({ "@type": `type.googleapis.com/${type}` });
  return snapshotFromJson({
    clusters: [
      {
        name: "provider",
        type: "STATIC",
        connect_timeout: "5s",
        circuit_breakers: {
          thresholds: [
            { max_connections: LIMIT, max_pending_requests: LIMIT, max_requests: LIMIT },
          ],
        },
        load_assignment: {
          cluster_name: "provider",
          endpoints: [
            {
              lb_endpoints: [
                {
                  endpoint: {
                    address: { socket_address: { address: "127.0.0.1", port_value: port } },
                  },
                },
              ],
            },
          ],
        },
      },
    ],
    listeners: [
      {
        name: "bare",
        address: { socket_address: { address: "127.0.0.1", port_value: 0 } },
        filter_chains: [
          {
            filters: [
              {
                name: "envoy.filters.network.http_connection_manager",
                typed_config: {
                  ...any(hcm),
                  stat_prefix: "bare",
                  stream_idle_timeout: "0s",
                  route_config: {
                    virtual_hosts: [
                      {
                        name: "all",
                        domains: ["*"],
                        routes: [
                          { match: { prefix: "/" }, route: { cluster: "provider", timeout: "0s" } },
                        ],
                      },
                    ],
                  },
                  http_filters: [{ name: "envoy.filters.http.router", typed_config: any(router) }],
                },
              },
            ],
          },
        ],
      },
    ],
  });
}
