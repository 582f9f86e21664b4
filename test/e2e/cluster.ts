import { type Cluster, type ClusterOptions, startCluster } from "../support/cluster/cluster.ts";
import {
  type RuntimeCluster,
  type RuntimeClusterOptions,
  startRuntime,
} from "../support/cluster/runtime.ts";

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

/** A cluster with the whole runtime in it, for all tests of a file. */
export function runtimeForAll(options: RuntimeClusterOptions = {}): () => Cluster {
  let runtime: RuntimeCluster | undefined;
  beforeAll(async () => {
    runtime = await startRuntime(options);
  }, STARTS_WITHIN_MS);
  afterAll(() => runtime?.stop(), STARTS_WITHIN_MS);
  return () => {
    if (runtime === undefined) throw new Error("the cluster is not up");
    return runtime.cluster;
  };
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
