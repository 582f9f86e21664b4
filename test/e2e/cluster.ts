import { type Cluster, type ClusterOptions, startCluster } from "../support/cluster/cluster.ts";

const STARTS_WITHIN_MS = 150_000;

/** A cluster for all tests of a file. */
export function clusterForAll(options: ClusterOptions = {}): () => Cluster {
  let cluster: Cluster | undefined;
  beforeAll(async () => {
    cluster = await startCluster(options);
  }, STARTS_WITHIN_MS);
  afterAll(() => cluster?.stop(), STARTS_WITHIN_MS);
  return () => {
    if (cluster === undefined) throw new Error("the cluster is not up");
    return cluster;
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
