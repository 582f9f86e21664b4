import type { KubeObject } from "../support/kube/client.ts";

const NAMESPACE = "redis-system";
const PORT = 6379;

/** What Envoy Gateway's rate limits count in; of `redisManifests`. */
export const REDIS_ADDRESS = `redis.${NAMESPACE}.svc.cluster.local:${PORT}`;

/** A real Redis in the cluster, in the shape of the reference's example. */
export function redisManifests(): KubeObject[] {
  const metadata = { name: "redis", namespace: NAMESPACE };
  const labels = { app: "redis" };
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              {
                name: "redis",
                image: "redis:alpine",
                ports: [{ name: "redis", containerPort: PORT }],
                readinessProbe: { tcpSocket: { port: PORT } },
              },
            ],
          },
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { selector: labels, ports: [{ port: PORT, targetPort: "redis" }] },
    },
  ];
}
