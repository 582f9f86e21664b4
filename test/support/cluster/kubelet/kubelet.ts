import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { KubeObject } from "../../kube/client.ts";
import { type AddressBlock, toApi } from "../addresses.ts";
import { keyOf, reflect } from "../reflector.ts";
import type { Pod } from "./pod.ts";
import { type NodeContext, PodRunner } from "./runner.ts";

export const NODE = "processes";
const DEFAULT_GRACE_S = 30;

export interface KubeletOptions extends Omit<NodeContext, "references" | "node"> {
  addresses: AddressBlock;
  /** Where Pods have their folders. */
  folder: string;
}

export interface Kubelet {
  /** Process of a Pod's container, while it runs. */
  pid(namespace: string, pod: string, container?: string): number | undefined;
  /** Ends every process at once. */
  stop(): Promise<void>;
}

interface Running {
  uid: string;
  runner: PodRunner;
  address: string;
  ending?: Promise<void>;
}

/** Binds every Pod to the one node there is, and runs it. */
export async function startKubelet(options: KubeletOptions): Promise<Kubelet> {
  const { client, addresses, folder, log } = options;
  const running = new Map<string, Running>();
  let numbered = 0;

  const pods = reflect(client, "/api/v1/pods", (key) => sync(key));
  const refresh = (key: string): void => {
    const [namespace] = key.split("/");
    for (const [pod, { runner }] of running) {
      if (pod.startsWith(`${namespace}/`)) void runner.refresh();
    }
  };
  const secrets = reflect(client, "/api/v1/secrets", refresh);
  const configMaps = reflect(client, "/api/v1/configmaps", refresh);
  const context: NodeContext = {
    ...options,
    node: addresses.node,
    references: {
      secret: (namespace, name) => secrets.objects.get(`${namespace}/${name}`),
      configMap: (namespace, name) => configMaps.objects.get(`${namespace}/${name}`),
    },
  };

  const end = (key: string, entry: Running, graceMs: number): Promise<void> => {
    entry.ending ??= entry.runner.terminate(graceMs).then(() => {
      addresses.giveBack(entry.address);
      running.delete(key);
    });
    return entry.ending;
  };

  const sync = (key: string): void => {
    const pod = pods.objects.get(key) as Pod | undefined;
    const entry = running.get(key);
    if (entry && (pod === undefined || pod.metadata.uid !== entry.uid)) {
      // Gone without grace. A Pod of the same name comes next.
      void end(key, entry, 0).then(() => sync(key));
      return;
    }
    if (pod === undefined) return;
    if (pod.metadata.deletionTimestamp !== undefined) {
      const grace = pod.metadata.deletionGracePeriodSeconds ?? DEFAULT_GRACE_S;
      const ended = entry ? end(key, entry, grace * 1000) : Promise.resolve();
      void ended.then(() => remove(pod));
    } else if (entry) entry.runner.observe(pod);
    else if (pod.spec.nodeName === undefined) void bind(pod);
    else if (pod.spec.nodeName === NODE && !isOver(pod)) start(key, pod);
  };

  const start = (key: string, pod: Pod): void => {
    const address = addresses.take();
    numbered += 1;
    const runner = new PodRunner(pod, address, path.join(folder, String(numbered)), context);
    running.set(key, { uid: pod.metadata.uid, runner, address });
  };

  const post = async (what: string, method: string, url: string, body: unknown): Promise<void> => {
    const answer = await client
      .raw(method, url, body)
      .catch((error: Error) => ({ status: 0, body: error.message }));
    const harmless = answer.status < 300 || answer.status === 404 || answer.status === 409;
    if (!harmless || answer.status === 0) log(`${what}: ${answer.body}`);
  };
  const urlOf = ({ metadata }: Pod): string =>
    `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;
  const bind = (pod: Pod): Promise<void> =>
    post(`binding ${keyOf(pod)}`, "POST", `${urlOf(pod)}/binding`, {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name: pod.metadata.name, uid: pod.metadata.uid },
      target: { apiVersion: "v1", kind: "Node", name: NODE },
    });
  const remove = (pod: Pod): Promise<void> =>
    post(`removing ${keyOf(pod)}`, "DELETE", urlOf(pod), {
      apiVersion: "v1",
      kind: "DeleteOptions",
      gracePeriodSeconds: 0,
      preconditions: { uid: pod.metadata.uid },
    });

  await mkdir(options.logFolder, { recursive: true });
  await Promise.all([secrets.synced, configMaps.synced]);
  await client.apply(nodeObject());
  await client.raw(
    "PATCH",
    `/api/v1/nodes/${NODE}/status`,
    { status: nodeStatus(addresses.node) },
    "application/merge-patch+json",
  );
  return {
    pid(namespace, pod, container) {
      const containers = running.get(`${namespace}/${pod}`)?.runner.containers;
      const name = container ?? containers?.keys().next().value;
      return name === undefined ? undefined : containers?.get(name)?.pid;
    },
    async stop() {
      for (const reflector of [pods, secrets, configMaps]) reflector.stop();
      await Promise.all([...running].map(([key, entry]) => end(key, entry, 0)));
    },
  };
}

const isOver = ({ status }: Pod): boolean =>
  status?.phase === "Succeeded" || status?.phase === "Failed";

const nodeObject = (): KubeObject => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: {
    name: NODE,
    labels: {
      "kubernetes.io/hostname": NODE,
      "kubernetes.io/os": "linux",
      "topology.kubernetes.io/zone": "local",
    },
  },
});

const nodeStatus = (node: string) => ({
  addresses: [{ type: "InternalIP", address: toApi(node) }],
  capacity: { cpu: "64", memory: "256Gi", pods: "250" },
  allocatable: { cpu: "64", memory: "256Gi", pods: "250" },
  conditions: [
    { type: "Ready", status: "True", reason: "Processes", message: "Pods run as processes" },
  ],
});
