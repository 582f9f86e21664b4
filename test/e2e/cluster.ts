import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { envoyGatewayFields } from "../../runtime/manifests/envoy-gateway.ts";
import type { RuntimeOptions } from "../../runtime/manifests/options.ts";
import { CONTROLLER_SCRIPT, EXT_PROC_SCRIPT } from "../../runtime/manifests/pod.ts";
import { runtimeManifests } from "../../runtime/manifests/runtime.ts";
import { type Cluster, type ClusterOptions, startCluster } from "../support/cluster/cluster.ts";
import { envoyGatewayConfig } from "../support/cluster/envoy-gateway-config.ts";

const STARTS_WITHIN_MS = 180_000;

/** A cluster for all tests of a file. */
export function clusterForAll(
  options: () => ClusterOptions | Promise<ClusterOptions> = () => ({}),
): () => Cluster {
  let cluster: Cluster | undefined;
  beforeAll(async () => {
    cluster = await startCluster(await options());
  }, STARTS_WITHIN_MS);
  afterAll(() => cluster?.stop(), STARTS_WITHIN_MS);
  return () => {
    if (cluster === undefined) throw new Error("the cluster is not up");
    return cluster;
  };
}

export interface RuntimeClusterOptions extends Partial<RuntimeOptions> {
  /** Manifests of the test's own, before Envoy Gateway starts. */
  manifests?: ClusterOptions["manifests"];
  /** Redis as `host:port`, for rate limits. */
  redis?: string;
  /** More of Envoy Gateway's configuration. */
  envoyGateway?: Record<string, unknown>;
}

/** A cluster with the whole runtime in it, from its manifests and the scripts of its image. */
export function runtimeForAll(options: RuntimeClusterOptions = {}): () => Cluster {
  const { manifests = [], redis, envoyGateway, ...runtime } = options;
  let app = "";
  afterAll(() => rm(app, { recursive: true, force: true }));
  return clusterForAll(async () => {
    app = await mkdtemp(path.join(tmpdir(), "app-"));
    await promisify(execFile)(process.execPath, ["--no-warnings", "runtime/images/build.ts", app]);
    return {
      scripts: {
        [CONTROLLER_SCRIPT]: path.join(app, CONTROLLER_SCRIPT),
        [EXT_PROC_SCRIPT]: path.join(app, EXT_PROC_SCRIPT),
      },
      manifests: [
        ...runtimeManifests({
          image: "envoy-ai-gateway:e2e",
          ...runtime,
          extProc: { drainSeconds: 5, ...runtime.extProc },
        }),
        ...manifests,
      ],
      envoyGateway: envoyGatewayConfig({
        ...envoyGatewayFields(redis === undefined ? {} : { redis }),
        ...envoyGateway,
      }),
    };
  });
}

/** Waits until `attempt` does not throw, and gives what it gave. @throws its last error. */
export async function eventually<T>(attempt: () => Promise<T>, timeoutMs = 30_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
