import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { envoyGatewayFields } from "../../../runtime/manifests/envoy-gateway.ts";
import type { RuntimeOptions } from "../../../runtime/manifests/options.ts";
import { CONTROLLER_SCRIPT, EXT_PROC_SCRIPT } from "../../../runtime/manifests/pod.ts";
import { runtimeManifests } from "../../../runtime/manifests/runtime.ts";
import { type Cluster, type ClusterOptions, startCluster } from "./cluster.ts";
import { envoyGatewayConfig } from "./envoy-gateway-config.ts";

export interface RuntimeClusterOptions extends Partial<RuntimeOptions> {
  /** Manifests of the test's own, before Envoy Gateway starts. */
  manifests?: ClusterOptions["manifests"];
  /** True: neither kinds nor Envoy Gateway nor the runtime are there, but programs that stand for their images. */
  empty?: boolean;
  /** Redis as `host:port`, for rate limits. */
  redis?: string;
  /** As of `ClusterOptions`. */
  audit?: readonly string[];
  /** More of Envoy Gateway's configuration. */
  envoyGateway?: Record<string, unknown>;
  /** Told how the start goes. */
  log?: (line: string) => void;
}

export interface RuntimeCluster {
  cluster: Cluster;
  stop(): Promise<void>;
}

/** A cluster with the whole runtime in it, from its manifests and the scripts of its image. */
export async function startRuntime(options: RuntimeClusterOptions = {}): Promise<RuntimeCluster> {
  const { manifests = [], redis, envoyGateway, empty = false, audit, log, ...runtime } = options;
  const app = await mkdtemp(path.join(tmpdir(), "app-"));
  const clear = () => rm(app, { recursive: true, force: true });
  try {
    await promisify(execFile)(process.execPath, ["--no-warnings", "runtime/images/build.ts", app]);
    const cluster = await startCluster({
      ...(log === undefined ? {} : { log }),
      ...(audit === undefined ? {} : { audit }),
      scripts: {
        [CONTROLLER_SCRIPT]: path.join(app, CONTROLLER_SCRIPT),
        [EXT_PROC_SCRIPT]: path.join(app, EXT_PROC_SCRIPT),
      },
      manifests: [...(empty ? [] : deployment(runtime)), ...manifests],
      kinds: !empty,
      envoyGateway:
        !empty &&
        envoyGatewayConfig({
          ...envoyGatewayFields(redis === undefined ? {} : { redis }),
          ...envoyGateway,
        }),
    });
    return {
      cluster,
      async stop() {
        await cluster.stop();
        await clear();
      },
    };
  } catch (error) {
    await clear();
    throw error;
  }
}

const deployment = (runtime: Partial<RuntimeOptions>) =>
  runtimeManifests({
    image: "envoy-ai-gateway:e2e",
    ...runtime,
    extProc: { drainSeconds: 5, ...runtime.extProc },
  });
