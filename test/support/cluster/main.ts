/**
 * The process in which a cluster lives. `npm run cluster` starts it for people; `startCluster` starts
 * it with a channel, whose end is the cluster's end.
 */

import { envoyGatewayFields } from "../../../runtime/manifests/envoy-gateway.ts";
import { runtimeManifests } from "../../../runtime/manifests/runtime.ts";
import { envoyGatewayConfig } from "./envoy-gateway-config.ts";
import type { Command, Message } from "./messages.ts";
import { type Supervised, type SupervisorOptions, supervise } from "./supervisor.ts";

const say = (message: Message): void => {
  if (process.connected) process.send?.(message);
};
const log = (line: string): void => {
  if (process.send) say({ type: "log", line });
  else console.log(line);
};

async function serve(options: Omit<SupervisorOptions, "log">): Promise<void> {
  const ending = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, ending.resolve);
  process.on("disconnect", ending.resolve);
  const cluster = await supervise({ ...options, log });
  process.on("message", (command: Command) => {
    if (command.type === "stop") ending.resolve();
    else
      answer(cluster, command).then(
        (value) => say({ type: "done", id: command.id, ...value }),
        (error: Error) => say({ type: "done", id: command.id, error: error.message }),
      );
  });
  const { kubeconfig, folder, logFolder, nameServer, node } = cluster;
  say({ type: "ready", kubeconfig, folder, logFolder, nameServer, node });
  if (!process.send) explain(cluster);
  await ending.promise;
  log("ending");
  await cluster.stop();
}

async function answer(cluster: Supervised, command: Command): Promise<{ value?: number }> {
  if (command.type === "setHost") cluster.setHost(command.name, command.address);
  if (command.type === "setApiServer") await cluster.setApiServer(command.up);
  if (command.type !== "pid") return {};
  const pid = cluster.pid(command.namespace, command.pod, command.container);
  return pid === undefined ? {} : { value: pid };
}

function explain({ kubeconfig, logFolder }: Supervised): void {
  console.log(`
A cluster of processes is up: API server, controllers, Envoy Gateway, and the AI gateway from this
checkout. Pods run as processes.

  export KUBECONFIG=${kubeconfig}
  kubectl get pods -A              # status.podIP 198.18.x.y is 127.18.x.y on this machine
  ls ${logFolder}

Ctrl-C ends it, and leaves nothing behind.`);
}

const options = process.env.CLUSTER_OPTIONS;
try {
  await serve(
    options === undefined
      ? {
          envoyGateway: envoyGatewayConfig(envoyGatewayFields()),
          manifests: runtimeManifests({
            image: "envoy-ai-gateway:local",
            extProc: { drainSeconds: 5 },
          }),
        }
      : (JSON.parse(options) as Omit<SupervisorOptions, "log">),
  );
  process.exit(0);
} catch (error) {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (process.send) say({ type: "failed", reason });
  else console.error(reason);
  process.exit(1);
}
