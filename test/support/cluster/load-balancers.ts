import type { KubeClient, KubeObject } from "../kube/client.ts";
import { addressesOf } from "./endpoints.ts";
import { reflect } from "./reflector.ts";

/**
 * Gives Services of type LoadBalancer the address of one of their ready Pods, as a cloud would give
 * them one of its own. Ports stay those of the Pods: nothing here maps them.
 */
export function followLoadBalancers(client: KubeClient, log: (line: string) => void): () => void {
  const sync = (): void => {
    for (const service of services.objects.values()) void assign(service);
  };
  const services = reflect(client, "/api/v1/services", sync);
  const slices = reflect(client, "/apis/discovery.k8s.io/v1/endpointslices", sync);

  const assign = async (service: KubeObject): Promise<void> => {
    const { metadata, spec, status } = service as LoadBalanced;
    if (spec.type !== "LoadBalancer") return;
    const ready = addressesOf(service, slices.objects.values());
    const now = status?.loadBalancer?.ingress?.[0]?.ip;
    if (ready[0] === undefined || (now !== undefined && ready.includes(now))) return;
    const answer = await client
      .raw(
        "PATCH",
        `/api/v1/namespaces/${metadata.namespace}/services/${metadata.name}/status`,
        { status: { loadBalancer: { ingress: [{ ip: ready[0], ipMode: "VIP" }] } } },
        "application/merge-patch+json",
      )
      .catch((error: Error) => ({ status: 0, body: error.message }));
    if (answer.status !== 200 && answer.status !== 404) log(`load balancer: ${answer.body}`);
  };
  return () => {
    services.stop();
    slices.stop();
  };
}

interface LoadBalanced extends KubeObject {
  spec: { type?: string };
  status?: { loadBalancer?: { ingress?: { ip?: string }[] } };
}
