/** A real Envoy with our ADS server, in a folder of its own; for data-plane tests. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonValue } from "@bufbuild/protobuf";
import { ClusterSchema } from "../../protos/gen/envoy/config/cluster/v3/cluster_pb.ts";
import { ClusterLoadAssignmentSchema } from "../../protos/gen/envoy/config/endpoint/v3/endpoint_pb.ts";
import { ListenerSchema } from "../../protos/gen/envoy/config/listener/v3/listener_pb.ts";
import { RouteConfigurationSchema } from "../../protos/gen/envoy/config/route/v3/route_pb.ts";
import { SecretSchema } from "../../protos/gen/envoy/extensions/transport_sockets/tls/v3/secret_pb.ts";
import { messageFromJson } from "../../protos/registry.ts";
import { ensureEnvoy } from "../../runtime/standalone/envoy/install.ts";
import type { EnvoyLogLine } from "../../runtime/standalone/envoy/log.ts";
import {
  type EnvoyCrash,
  type EnvoyOptions,
  type EnvoyProcess,
  startEnvoy,
} from "../../runtime/standalone/envoy/process.ts";
import type { XdsSnapshot } from "../../runtime/standalone/xds/resources.ts";
import {
  type AdsServer,
  type AdsServerOptions,
  startAds,
} from "../../runtime/standalone/xds/server.ts";

/** The versions that the gateway is held to; narrowed by ENVOY_VERSIONS, a list with commas. */
export const envoyVersions: readonly string[] = process.env.ENVOY_VERSIONS?.split(",") ?? [
  "1.38.3",
  "1.39.3",
  "1.40.0",
];

export interface TestEnvoy {
  readonly ads: AdsServer;
  readonly envoy: EnvoyProcess;
  readonly logs: readonly EnvoyLogLine[];
  readonly crashes: readonly EnvoyCrash[];
  /** Port that a listener of Envoy's got on 127.0.0.1. */
  port(listener: string): Promise<number>;
  stop(): Promise<void>;
}

export async function startTestEnvoy(
  version: string,
  options: Partial<EnvoyOptions> & AdsServerOptions = {},
): Promise<TestEnvoy> {
  const folder = await mkdtemp(join(tmpdir(), "aigw-test-"));
  let running: EnvoyProcess | undefined;
  const ads = await startAds({
    socketPath: join(folder, "xds.sock"),
    clustersReady: async () => running?.clustersReady(),
    ...options,
  });
  const logs: EnvoyLogLine[] = [];
  const crashes: EnvoyCrash[] = [];
  const envoy = await startEnvoy({
    binary: await ensureEnvoy({ version }),
    xds: ads.address,
    admin: { path: join(folder, "admin.sock") },
    nodeId: folder,
    concurrency: 2,
    onLog: (line) => logs.push(line),
    onCrash: (crash) => crashes.push(crash),
    ...options,
  });
  running = envoy;
  return {
    ads,
    envoy,
    logs,
    crashes,
    port: (listener) => portOf(envoy, listener),
    async stop() {
      await envoy.stop({ drainMs: 0 });
      await ads.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface ListenerStatuses {
  listener_statuses?: { name: string; local_address: { socket_address: { port_value: number } } }[];
}

async function portOf(envoy: EnvoyProcess, listener: string): Promise<number> {
  const { body } = await envoy.adminGet("/listeners?format=json");
  const { listener_statuses = [] } = JSON.parse(body) as ListenerStatuses;
  const found = listener_statuses.find(({ name }) => name === listener);
  if (!found) throw new Error(`Envoy has no listener ${listener}`);
  return found.local_address.socket_address.port_value;
}

/** A snapshot written in protobuf JSON. */
export function snapshotFromJson(
  json: Partial<Record<keyof XdsSnapshot, JsonValue[]>>,
): XdsSnapshot {
  return {
    clusters: (json.clusters ?? []).map((it) => messageFromJson(ClusterSchema, it)),
    endpoints: (json.endpoints ?? []).map((it) => messageFromJson(ClusterLoadAssignmentSchema, it)),
    listeners: (json.listeners ?? []).map((it) => messageFromJson(ListenerSchema, it)),
    routes: (json.routes ?? []).map((it) => messageFromJson(RouteConfigurationSchema, it)),
    secrets: (json.secrets ?? []).map((it) => messageFromJson(SecretSchema, it)),
  };
}
