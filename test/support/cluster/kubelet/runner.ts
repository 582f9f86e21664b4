import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { KubeClient } from "../../kube/client.ts";
import { type ContainerState, RunningContainer } from "./container.ts";
import { environmentOf, expand, NotThereYet, type References } from "./environment.ts";
import type { Images } from "./images.ts";
import { type Container, isSidecar, type Pod } from "./pod.ts";
import { statusOf } from "./status.ts";
import { filesOf, layOut, type TokenSource, type VolumeContext } from "./volumes.ts";

export interface NodeContext {
  client: KubeClient;
  references: References;
  images: Images;
  node: string;
  /** Content of a kubeconfig for a bearer token. */
  kubeconfigOf: (token: string) => string;
  logFolder: string;
  log: (line: string) => void;
}

const RETRY_MS = 100;
const TOKEN_SECONDS = 24 * 3600;

/** Runs one Pod's containers as processes. */
export class PodRunner {
  readonly containers = new Map<string, RunningContainer>();
  private readonly context: NodeContext;
  private readonly address: string;
  private readonly folder: string;
  private readonly abort = new AbortController();
  private readonly closers: (() => void)[] = [];
  private pod: Pod;
  private waiting: string | undefined;
  private reporting: Promise<void> | undefined;
  private reportAgain = false;
  private readonly running: Promise<void>;

  constructor(pod: Pod, address: string, folder: string, context: NodeContext) {
    this.pod = pod;
    this.address = address;
    this.folder = folder;
    this.context = context;
    this.running = this.run().catch((error: Error) => {
      this.waiting = error.message;
      context.log(`pod ${pod.metadata.namespace}/${pod.metadata.name}: ${error.message}`);
      this.report();
    });
  }

  /** Takes the Pod as it is now, so that its status is written over what is there. */
  observe(pod: Pod): void {
    this.pod = pod;
  }

  /** Lays out anew what its volumes refer to. */
  async refresh(): Promise<void> {
    await this.layOutVolumes().catch((error: unknown) => {
      if (!(error instanceof NotThereYet)) throw error;
    });
  }

  /** Ends all processes and removes what they wrote. */
  async terminate(graceMs: number): Promise<void> {
    this.abort.abort();
    const { initContainers = [], containers } = this.pod.spec;
    const stop = (list: Container[]): Promise<unknown> =>
      Promise.all(list.map(({ name }) => this.containers.get(name)?.stop(graceMs)));
    await stop(containers);
    await stop(initContainers);
    await this.running;
    for (const close of this.closers) close();
    await this.reporting;
    await rm(this.folder, { recursive: true, force: true });
  }

  private async run(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await this.untilThere(() => this.layOutVolumes());
    const { initContainers = [], containers, restartPolicy = "Always" } = this.pod.spec;
    const initPolicy = restartPolicy === "Never" ? "Never" : "OnFailure";
    for (const container of initContainers) {
      const running = await this.start(container, isSidecar(container) ? "Always" : initPolicy);
      if (running === undefined) return;
      if (!isSidecar(container)) {
        await running.finished;
        if (running.state.exit?.code !== 0) return;
      } else await this.until(() => running.state.started);
    }
    for (const container of containers) await this.start(container, restartPolicy);
  }

  private async start(
    container: Container,
    restart: "Always" | "OnFailure" | "Never",
  ): Promise<RunningContainer | undefined> {
    const env = await this.untilThere(async () =>
      environmentOf(container, this.pod, this.address, this.context.references),
    );
    if (env === undefined) return undefined;
    const { namespace, name } = this.pod.metadata;
    const mounts = (container.volumeMounts ?? []).map(({ name: volume, mountPath, subPath }) => ({
      mountPath,
      local: path.join(this.folder, "volumes", volume, subPath ?? ""),
    }));
    const local = (text: string): string => withLocalPaths(expand(text, env), mounts);
    const launched = await this.context.images.launch({
      image: container.image,
      words: [...(container.command ?? []), ...(container.args ?? [])].map(local),
      hasCommand: container.command !== undefined,
      env: {
        ...(await this.clientEnvironment()),
        ...Object.fromEntries(Object.entries(env).map(([key, text]) => [key, local(text)])),
      },
      local,
      address: this.address,
      folder: this.folder,
      log: (line) => this.context.log(`${namespace}/${name}: ${line}`),
    });
    if (launched.close) this.closers.push(launched.close);
    if (this.abort.signal.aborted) return undefined;
    const logFile = path.join(this.context.logFolder, `${namespace}_${name}_${container.name}.log`);
    const running = new RunningContainer({
      container,
      address: this.address,
      command: launched.command,
      logFile,
      restart,
      changed: () => this.report(),
    });
    this.containers.set(container.name, running);
    this.waiting = undefined;
    this.report();
    return running;
  }

  /** A kubeconfig in place of the files that client libraries look for in a container. */
  private async clientEnvironment(): Promise<Record<string, string>> {
    const { serviceAccountName, automountServiceAccountToken = true } = this.pod.spec;
    if (serviceAccountName === undefined || !automountServiceAccountToken) return {};
    const file = path.join(this.folder, "kubeconfig");
    const token = await this.untilThere(() => this.token(undefined, TOKEN_SECONDS));
    if (token === undefined) return {};
    await writeFile(file, this.context.kubeconfigOf(token), { mode: 0o600 });
    return { KUBECONFIG: file };
  }

  private readonly token: TokenSource = async (audience, seconds) => {
    const { namespace, name, uid } = this.pod.metadata;
    const account = this.pod.spec.serviceAccountName ?? "default";
    const answer = await this.context.client.raw(
      "POST",
      `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`,
      {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        spec: {
          expirationSeconds: Math.max(600, seconds),
          boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid },
          ...(audience !== undefined && { audiences: [audience] }),
        },
      },
    );
    if (answer.status === 404) throw new NotThereYet(`serviceaccount ${account} is not there`);
    if (answer.status >= 300) throw new Error(`token for ${account}: ${answer.body}`);
    return (JSON.parse(answer.body) as { status: { token: string } }).status.token;
  };

  private async layOutVolumes(): Promise<void> {
    const volumeContext: VolumeContext = {
      pod: this.pod,
      address: this.address,
      references: this.context.references,
      token: this.token,
    };
    for (const volume of this.pod.spec.volumes ?? []) {
      const folder = path.join(this.folder, "volumes", volume.name);
      const files = await filesOf(volume, volumeContext);
      if (files === undefined) await mkdir(folder, { recursive: true });
      else await layOut(folder, files);
    }
  }

  /** Tries until nothing is missing; undefined where the Pod goes before. */
  private async untilThere<T>(attempt: () => Promise<T>): Promise<T | undefined> {
    while (!this.abort.signal.aborted) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof NotThereYet)) throw error;
        if (this.waiting !== error.message) {
          this.waiting = error.message;
          this.report();
        }
        await delay(RETRY_MS);
      }
    }
    return undefined;
  }

  private async until(condition: () => boolean): Promise<void> {
    while (!condition() && !this.abort.signal.aborted) await delay(RETRY_MS);
  }

  /** Writes the status, once more if it changed meanwhile. */
  private report(): void {
    if (this.reporting) {
      this.reportAgain = true;
      return;
    }
    this.reporting = this.write().finally(() => {
      this.reporting = undefined;
      if (this.reportAgain) {
        this.reportAgain = false;
        this.report();
      }
    });
  }

  private async write(): Promise<void> {
    const { namespace, name } = this.pod.metadata;
    const states = new Map<string, ContainerState>();
    for (const [container, { state }] of this.containers) states.set(container, state);
    const facts = {
      address: this.address,
      node: this.context.node,
      states,
      ...(this.waiting !== undefined && { waiting: this.waiting }),
    };
    const status = statusOf(this.pod, facts, new Date().toISOString().replace(/\.\d+Z$/, "Z"));
    const answer = await this.context.client
      .raw(
        "PATCH",
        `/api/v1/namespaces/${namespace}/pods/${name}/status?fieldManager=kubelet`,
        { metadata: { uid: this.pod.metadata.uid }, status },
        "application/merge-patch+json",
      )
      .catch((error: Error) => ({ status: 0, body: error.message }));
    if (answer.status === 200) this.pod = { ...this.pod, status: status as { phase?: string } };
    else if (answer.status !== 404 && answer.status !== 409 && !this.abort.signal.aborted) {
      this.context.log(`status of ${namespace}/${name}: ${answer.body}`);
      await delay(RETRY_MS);
      this.reportAgain = true;
    }
  }
}

/** Paths below mount points, as they are on this machine. */
export function withLocalPaths(
  text: string,
  mounts: readonly { mountPath: string; local: string }[],
): string {
  const byLength = [...mounts].sort((a, b) => b.mountPath.length - a.mountPath.length);
  for (const { mountPath, local } of byLength) {
    const point = mountPath.replace(/\/$/, "").replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const replaced = text.replace(
      new RegExp(`(^|://|[\\s"'=:,])${point}(?=$|[/\\s"',])`, "g"),
      (_, before: string) => before + local,
    );
    // What is local already has no mount point any more.
    if (replaced !== text) text = replaced;
  }
  return text;
}
