import { fork } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { parseAllDocuments } from "yaml";
import { KubeClient, type KubeObject } from "../kube/client.ts";
import { toLocal } from "./addresses.ts";
import { envoyGatewayConfig } from "./envoy-gateway-config.ts";
import type { Command, Facts, Message } from "./messages.ts";
import { PORT_80_FOR_FETCH } from "./ports.ts";
import { keyOf } from "./reflector.ts";

const READY_WITHIN_MS = 120_000;

export interface ClusterOptions {
  /** Envoy Gateway's configuration, `envoyGatewayConfig()` where left out; false: none runs. */
  envoyGateway?: object | false;
  /** False: kinds of Gateway API, of Envoy Gateway and of our own are not installed. */
  kinds?: boolean;
  /** Applied before Envoy Gateway starts. */
  manifests?: readonly KubeObject[];
  /** Version of the Envoy that Pods run. */
  envoyVersion?: string;
  /** Users whose requests to the API server are written down, in `audit.log` of the folder. */
  audit?: readonly string[];
  /** Scripts of our image by their names in it; the sources where left out. */
  scripts?: Readonly<Record<string, string>>;
  /** Told how the start goes. */
  log?: (line: string) => void;
}

/** A cluster of processes, in a process of its own. */
export interface Cluster extends Facts {
  client: KubeClient;
  /** Applies objects, or YAML of several, in their order. */
  apply(manifests: string | readonly KubeObject[]): Promise<void>;
  /** Waits until an object is as `condition` says. @throws with the object as it was last. */
  until(
    reference: KubeObject,
    condition: (object: KubeObject) => boolean,
    timeoutMs?: number,
  ): Promise<KubeObject>;
  /** Pods with these labels, which are ready. */
  readyPods(namespace: string, labels: Record<string, string>): Promise<KubeObject[]>;
  /** Where an Envoy of a Gateway listens, once one is ready. */
  gatewayAddress(gateway: { namespace: string; name: string }): Promise<GatewayAddress>;
  /** The name, for Pods, of an address on this machine: `127.0.0.1` for a server of the test. */
  setHost(name: string, address: string | undefined): Promise<void>;
  pid(namespace: string, pod: string, container?: string): Promise<number | undefined>;
  /** Kills the API server, or has it back, as it was. */
  setApiServer(up: boolean): Promise<void>;
  /** All that containers have written, by file name `<namespace>_<pod>_<container>.log`. */
  logs(pattern?: RegExp): Promise<Map<string, string>>;
  stop(): Promise<void>;
}

export interface GatewayAddress {
  host: string;
  /** Where a listener of the Gateway is: those below 1024 are moved, as plain users may not have them. */
  port(listener: number): number;
  /** Of Envoy's admin interface. */
  adminPort: number;
}

/** Starts a cluster. It ends with `stop`, and when this process ends, however it does. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { log = () => {}, ...rest } = options;
  const child = fork(path.resolve("test/support/cluster/main.ts"), {
    env: {
      ...process.env,
      CLUSTER_OPTIONS: JSON.stringify({ envoyGateway: envoyGatewayConfig(), ...rest }),
    },
    execArgv: ["--no-warnings"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const waiting = new Map<number, PromiseWithResolvers<number | undefined>>();
  const facts = await new Promise<Facts>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGTERM");
      reject(new Error(`the cluster was not ready within ${READY_WITHIN_MS} ms`));
    }, READY_WITHIN_MS);
    child.on("message", (message: Message) => {
      if (message.type === "log") log(message.line);
      if (message.type === "failed") reject(new Error(message.reason));
      if (message.type === "done") {
        const { resolve: done, reject: refuse } = waiting.get(message.id) ?? {};
        if (message.error === undefined) done?.(message.value);
        else refuse?.(new Error(message.error));
      }
      if (message.type !== "ready") return;
      clearTimeout(timer);
      resolve(message);
    });
    child.once("exit", (code) => reject(new Error(`the cluster's process ended: ${code}`)));
  });
  let asked = 0;
  const ask = (command: Omit<Command, "id"> & Record<string, unknown>) => {
    asked += 1;
    const answer = Promise.withResolvers<number | undefined>();
    waiting.set(asked, answer);
    child.send({ ...command, id: asked }, (error) => error && answer.reject(error));
    return answer.promise;
  };
  const client = await KubeClient.fromFile(facts.kubeconfig);
  return {
    ...facts,
    ...operations(client),
    client,
    setHost: async (name, address) => void (await ask({ type: "setHost", name, address })),
    pid: (namespace, pod, container) => ask({ type: "pid", namespace, pod, container }),
    setApiServer: async (up) => void (await ask({ type: "setApiServer", up })),
    logs: (pattern = /./) => readLogs(facts.logFolder, pattern),
    async stop() {
      client.close();
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

type Operations = Pick<Cluster, "apply" | "until" | "readyPods" | "gatewayAddress">;

function operations(client: KubeClient): Operations {
  const readyPods: Operations["readyPods"] = async (namespace, labels) => {
    const selector = Object.entries(labels).map((pair) => pair.join("="));
    const query = encodeURIComponent(selector.join(","));
    const { body } = await client.raw(
      "GET",
      `/api/v1/namespaces/${namespace}/pods?labelSelector=${query}`,
    );
    const { items } = JSON.parse(body) as { items: KubeObject[] };
    // Items of a list do not say what they are.
    return items.filter(isReady).map((pod) => ({ ...pod, apiVersion: "v1", kind: "Pod" }));
  };
  return {
    readyPods,
    async apply(manifests) {
      for (const object of typeof manifests === "string" ? parseAll(manifests) : manifests) {
        await client.apply(object);
      }
    },
    async until(reference, condition, timeoutMs = 30_000) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const object = await client.get(reference).catch(() => undefined);
        if (object !== undefined && condition(object)) return object;
        if (Date.now() > deadline) {
          const what = `${reference.kind} ${keyOf(reference)}`;
          throw new Error(`${what} within ${timeoutMs} ms: ${JSON.stringify(object, null, 1)}`);
        }
        await pause();
      }
    },
    async gatewayAddress({ namespace, name }) {
      const labels = {
        "gateway.envoyproxy.io/owning-gateway-name": name,
        "gateway.envoyproxy.io/owning-gateway-namespace": namespace,
      };
      const deadline = Date.now() + 60_000;
      for (;;) {
        const [pod] = await readyPods("envoy-gateway-system", labels);
        if (pod !== undefined) {
          return {
            host: localAddressOf(pod),
            port: (port) => (port === 80 ? PORT_80_FOR_FETCH : port < 1024 ? port + 10_000 : port),
            adminPort: 19_000,
          };
        }
        if (Date.now() > deadline) throw new Error(`no Envoy of ${namespace}/${name} is ready`);
        await pause();
      }
    },
  };
}

/** Where a Pod is on this machine; empty where it has no address yet. */
export const localAddressOf = (pod: KubeObject | undefined): string =>
  toLocal((pod?.status as { podIP?: string } | undefined)?.podIP ?? "");

const parseAll = (yaml: string): KubeObject[] =>
  parseAllDocuments(yaml)
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null);

function isReady({ status }: KubeObject): boolean {
  const { conditions = [] } = (status ?? {}) as {
    conditions?: { type: string; status: string }[];
  };
  return conditions.some((each) => each.type === "Ready" && each.status === "True");
}

async function readLogs(folder: string, pattern: RegExp): Promise<Map<string, string>> {
  const files = (await readdir(folder)).filter((file) => pattern.test(file));
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), "utf8")));
  return new Map(files.map((file, i) => [file, texts[i] ?? ""]));
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));
