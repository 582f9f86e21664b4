import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { CONTROLLER_SCRIPT, EXT_PROC_SCRIPT } from "../../../runtime/manifests/pod.ts";
import { ensureEnvoy } from "../../../runtime/standalone/envoy/install.ts";
import type { KubeClient, KubeObject } from "../kube/client.ts";
import { requireBinary, startControlPlane } from "../kube/control-plane.ts";
import { envoyGateway, rateLimit } from "../kube/tools.ts";
import { reserveBlock, toLocal } from "./addresses.ts";
import { installCrds } from "./crds.ts";
import { type Names, startNameServer } from "./dns.ts";
import { addressesOf } from "./endpoints.ts";
import { deployEnvoyGateway, ENVOY_GATEWAY_NAMESPACE } from "./envoy-gateway.ts";
import { createImages } from "./kubelet/images.ts";
import { startKubelet } from "./kubelet/kubelet.ts";
import { followLoadBalancers } from "./load-balancers.ts";
import { reflect } from "./reflector.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const CONTROLLERS = [
  "deployment-controller",
  "replicaset-controller",
  "job-controller",
  "endpoints-controller",
  "endpointslice-controller",
  "garbage-collector-controller",
  "namespace-controller",
  "disruption-controller",
];

export interface SupervisorOptions {
  /** Envoy Gateway's configuration; false where none is to run. */
  envoyGateway: object | false;
  /** False: kinds of Gateway API, of Envoy Gateway and of our own are not installed. */
  kinds?: boolean;
  /** Applied before Envoy Gateway starts: it does not without the certificates of an extension. */
  manifests?: readonly KubeObject[];
  envoyVersion?: string;
  /** Users whose requests to the API server are written down, in `audit.log` of the folder. */
  audit?: readonly string[];
  /** Scripts of our image by their names in it; the sources where left out. */
  scripts?: Readonly<Record<string, string>>;
  log: (line: string) => void;
}

export interface Supervised {
  kubeconfig: string;
  folder: string;
  logFolder: string;
  nameServer: string;
  node: string;
  setHost(name: string, address: string | undefined): void;
  pid(namespace: string, pod: string, container?: string): number | undefined;
  setApiServer(up: boolean): Promise<void>;
  stop(): Promise<void>;
}

/** Starts everything that the cluster consists of, and ends it again. */
export async function supervise(options: SupervisorOptions): Promise<Supervised> {
  const { log } = options;
  const folder = await mkdtemp(path.join(tmpdir(), "cluster-"));
  // Logs that are to outlive the cluster, for whoever looks into a failure.
  const logFolder = process.env.CLUSTER_LOGS ?? path.join(folder, "logs");
  const closers: (() => Promise<void> | void)[] = [
    () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  ];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const addresses = await reserveBlock();
    closers.push(addresses.release);
    const plane = await startControlPlane({
      controllers: CONTROLLERS,
      ...(options.audit && {
        audit: { users: options.audit, file: path.join(folder, "audit.log") },
      }),
      prepare: async (client) => {
        if (options.kinds === false) return;
        await installCrds(client);
        log("kinds are installed");
      },
    });
    closers.push(plane.stop);
    const { client, kubeconfig } = plane;
    const hosts = new Map<string, string>();
    const services = reflect(client, "/api/v1/services", () => {});
    const slices = reflect(client, "/apis/discovery.k8s.io/v1/endpointslices", () => {});
    closers.push(services.stop, slices.stop);
    const names: Names = {
      services: () => services.objects,
      endpointSlices: () => slices.objects.values(),
      hosts,
    };
    const nameServer = await startNameServer(addresses.node, names);
    closers.push(nameServer.close);
    const gatewayBinary = await requireBinary(envoyGateway);
    const kubelet = await startKubelet({
      client,
      addresses,
      folder: path.join(folder, "pods"),
      logFolder,
      kubeconfigOf: plane.kubeconfigOf,
      images: createImages({
        envoy: await ensureEnvoy({ version: options.envoyVersion ?? "1.40.0" }),
        envoyGateway: gatewayBinary,
        rateLimit: await requireBinary(rateLimit),
        redis: "redis-server",
        node: process.execPath,
        scripts: options.scripts ?? {
          [CONTROLLER_SCRIPT]: path.join(ROOT, "runtime/controller/main.ts"),
          [EXT_PROC_SCRIPT]: path.join(ROOT, "runtime/ext_proc/main.ts"),
        },
        nameServer: nameServer.address,
        xdsServer: async () => xdsServer(slices.objects.values()),
      }),
      log,
    });
    closers.push(kubelet.stop);
    closers.push(followLoadBalancers(client, log));
    for (const object of options.manifests ?? []) await client.apply(object);
    if (options.envoyGateway !== false) {
      await deployEnvoyGateway(client, options.envoyGateway, gatewayBinary, kubeconfig);
      await untilReady(client, ENVOY_GATEWAY_NAMESPACE, "envoy-gateway");
      log("Envoy Gateway is ready");
    }
    return {
      kubeconfig,
      folder,
      logFolder,
      nameServer: nameServer.address,
      node: addresses.node,
      setHost(name, address) {
        if (address === undefined) hosts.delete(name);
        else hosts.set(name, address);
      },
      pid: kubelet.pid,
      setApiServer: plane.setApiServer,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Where Envoy Gateway serves xDS now. @throws where no Pod of it is ready. */
function xdsServer(slices: Iterable<KubeObject>): string {
  const service = { metadata: { namespace: ENVOY_GATEWAY_NAMESPACE, name: "envoy-gateway" } };
  const [address] = addressesOf(service, slices);
  if (address === undefined) throw new Error("no Pod of Envoy Gateway is ready");
  return `${toLocal(address)}:18000`;
}

async function untilReady(client: KubeClient, namespace: string, name: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const { body } = await client.raw(
      "GET",
      `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`,
    );
    const { status } = JSON.parse(body) as { status?: { availableReplicas?: number } };
    if ((status?.availableReplicas ?? 0) > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`deployment ${namespace}/${name} was not ready within a minute`);
}
