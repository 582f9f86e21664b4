/**
 * A control plane around the extension server, without a controller: resources in a text are compiled
 * here, what they come to is applied, and Envoy Gateway asks the extension server of this process. For
 * tests of what the extension does; the controller has its own.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import pino from "pino";
import { compile } from "../../runtime/controller/compile/compile.ts";
import type { Plan } from "../../runtime/controller/compile/plan.ts";
import type { EditReport } from "../../runtime/controller/extension/report.ts";
import { desiredObjects } from "../../runtime/controller/objects/desired.ts";
import { type HookCall, startExtensionServer } from "../../runtime/controller/servers/extension.ts";
import { snapshotOf } from "../../runtime/controller/snapshot/snapshot.ts";
import { DEFAULT_PREFIXES } from "../../runtime/endpoints/prefixes.ts";
import { startExtProcWorkers } from "../../runtime/standalone/ext-proc.ts";
import { type Cluster, type ClusterOptions, startCluster } from "./cluster/cluster.ts";
import { envoyGatewayConfig } from "./cluster/envoy-gateway-config.ts";
import type { KubeObject } from "./kube/client.ts";
import { documents } from "./yaml-resources.ts";

const OWN_GROUP = "aigateway.envoyproxy.io/";
const BUFFER_BYTES = 32 * 1024 * 1024;

export interface ExtensionPlane {
  cluster: Cluster;
  /** What came of each translation, and how each hook went. */
  reports: EditReport[];
  calls: HookCall[];
  /** Makes these resources the whole configuration: compiles them, and applies what they come to. */
  serve(...texts: string[]): Promise<Plan>;
  /** Compiles without applying: Envoy Gateway has what was before. */
  plan(...texts: string[]): Plan;
  /** URL of a Gateway's listener on port 80, once its Envoy is ready. */
  url(gateway: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startExtensionPlane(options: ClusterOptions = {}): Promise<ExtensionPlane> {
  const folder = await mkdtemp(join(tmpdir(), "extension-"));
  const log = pino({ level: process.env.TEST_LOG ?? "silent" });
  const extProc = await startExtProcWorkers({
    main: resolve("runtime/ext_proc/main.ts"),
    socketPath: join(folder, "ext-proc.sock"),
    workers: 1,
    bufferBytes: BUFFER_BYTES,
    log,
  });
  const [at] = extProc.addresses;
  if (at === undefined) throw new Error("ext_proc listens nowhere");
  const reports: EditReport[] = [];
  const calls: HookCall[] = [];
  let plan: Plan | undefined;
  const server = await startExtensionServer({
    listen: { host: "127.0.0.1", port: 0 },
    plan: () => plan,
    extension: {
      prefixes: DEFAULT_PREFIXES,
      bufferBytes: BUFFER_BYTES,
      extProc: at,
      accounting: () => undefined,
    },
    report: (report) => reports.push(report),
    observe: (call) => calls.push(call),
  });
  const end = async (): Promise<void> => {
    await server.close();
    await extProc.close();
    await rm(folder, { recursive: true, force: true });
  };
  const cluster = await startCluster({
    envoyGateway: envoyGatewayConfig({
      extensionManager: extensionManager(server.port),
      extensionApis: { enableBackend: true, enableLua: true },
    }),
    // As for tests of the data plane, ENVOY_VERSIONS narrows to one version.
    ...(process.env.ENVOY_VERSIONS ? { envoyVersion: process.env.ENVOY_VERSIONS } : {}),
    ...options,
  }).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  const compiled = (...texts: string[]): Plan => {
    plan = compile(snapshotOf(documents(...texts)));
    server.planChanged();
    return plan;
  };
  let applied: KubeObject[] = [];
  return {
    cluster,
    reports,
    calls,
    plan: compiled,
    async serve(...texts) {
      const all = documents(...texts) as unknown as KubeObject[];
      const next = compiled(...texts);
      const written = desiredObjects(snapshotOf(documents(...texts)), next, {
        rootPrefix: "/",
        extProc: [],
      }) as unknown as KubeObject[];
      const wanted = [...all.filter((o) => !o.apiVersion.startsWith(OWN_GROUP)), ...written];
      for (const object of wanted) await cluster.client.apply(withoutOwner(object));
      const names = new Set(wanted.map(nameOf));
      for (const object of applied) {
        if (!names.has(nameOf(object))) await cluster.client.delete(object).catch(() => undefined);
      }
      applied = wanted;
      return next;
    },
    async url(gateway) {
      const { host, port } = await cluster.gatewayAddress({ namespace: "default", name: gateway });
      return `http://${host}:${port(80)}`;
    },
    async stop() {
      await cluster.stop();
      await end();
    },
  };
}

const nameOf = ({ kind, metadata }: KubeObject): string =>
  `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;

/** The AIGatewayRoutes that own what is written are not in this cluster. */
function withoutOwner(object: KubeObject): KubeObject {
  const { ownerReferences: _, ...metadata } = object.metadata as KubeObject["metadata"] & {
    ownerReferences?: unknown;
  };
  return { ...object, metadata };
}

const extensionManager = (port: number): object => ({
  hooks: {
    xdsTranslator: {
      post: ["Translation", "Endpoints", "Cluster", "Route"],
      translation: {
        listener: { includeAll: true },
        route: { includeAll: true },
        cluster: { includeAll: true },
        secret: { includeAll: true },
      },
    },
  },
  service: { ip: { address: "127.0.0.1", port } },
  maxMessageSize: "256Mi",
});
