/** A whole runtime under traffic of both lanes, for tests that take parts of it away. */
import { setTimeout as sleep } from "node:timers/promises";
import { CONTROLLER, LEADER_LEASE, SYSTEM_NAMESPACE } from "../../runtime/manifests/names.ts";
import { selectorOf } from "../../runtime/manifests/options.ts";
import type { Cluster } from "../support/cluster/cluster.ts";
import type { KubeObject } from "../support/kube/client.ts";
import {
  ANTHROPIC_KEY,
  ANTHROPIC_MODELS,
  startAnthropic,
} from "../support/standins/anthropic/server.ts";
import { OPENAI_KEY, startOpenAi } from "../support/standins/openai/server.ts";
import type { StandIn } from "../support/standins/standin.ts";
import { eventually } from "./cluster.ts";
import { gatewayOf, providerOf, routeOf, ruleOf } from "./resources.ts";
import { ask, startTraffic, type Traffic, type TrafficKind } from "./traffic.ts";

export const CLAUDE = ANTHROPIC_MODELS[0] ?? "";
/** A prompt whose streamed answer takes some seconds. */
export const SLOWLY = "take your time";
const SLOW_EVENT_MS = 150;

const KINDS: TrafficKind[] = [
  { name: "native", model: "native" },
  { name: "native, streamed", model: "native", stream: true },
  { name: "native, long stream", model: "native", stream: true, content: SLOWLY },
  { name: "translated", model: "translated" },
  { name: "translated, streamed", model: "translated", stream: true },
  { name: "translated, long stream", model: "translated", stream: true, content: SLOWLY },
];

export interface FaultWorld {
  url: string;
  traffic: Traffic;
  /** Applies a route of its own that serves a new model, without waiting. */
  change(): Promise<{ model: string; served(): Promise<number> }>;
  /** Makes a change and waits until Envoy serves it; milliseconds. */
  changeArrives(withinMs?: number): Promise<number>;
  close(): Promise<void>;
}

export async function startFaultWorld(cluster: Cluster): Promise<FaultWorld> {
  const [openai, anthropic] = await Promise.all([startOpenAi(), startAnthropic()]);
  for (const standIn of [openai, anthropic]) slowDown(standIn);
  await cluster.setHost("openai.test", "127.0.0.1");
  await cluster.setHost("anthropic.test", "127.0.0.1");
  await cluster.apply(gatewayOf("gw"));
  await cluster.apply(
    providerOf({
      name: "openai",
      schema: "OpenAI",
      host: "openai.test",
      port: openai.port,
      key: { type: "APIKey", value: OPENAI_KEY },
    }),
  );
  await cluster.apply(
    providerOf({
      name: "anthropic",
      schema: "Anthropic",
      host: "anthropic.test",
      port: anthropic.port,
      key: { type: "AnthropicAPIKey", value: ANTHROPIC_KEY },
    }),
  );
  const toOpenAi = "[{name: openai, modelNameOverride: gpt-4o-mini}]";
  await cluster.apply(
    routeOf(
      "steady",
      "gw",
      ruleOf("native", toOpenAi) +
        ruleOf("translated", `[{name: anthropic, modelNameOverride: ${CLAUDE}}]`),
    ),
  );
  const { host, port } = await cluster.gatewayAddress({ namespace: "default", name: "gw" });
  const url = `http://${host}:${port(80)}`;
  for (const model of ["native", "translated"]) {
    await eventually(async () => expect(await ask(url, { model })).toBeUndefined());
  }
  const traffic = startTraffic(url, KINDS);
  let changes = 0;
  const change = async () => {
    changes += 1;
    const model = `change-${changes}`;
    await eventually(() => cluster.apply(routeOf("changing", "gw", ruleOf(model, toOpenAi))));
    const began = performance.now();
    return {
      model,
      async served() {
        await eventually(async () => expect(await ask(url, { model })).toBeUndefined(), 60_000);
        return performance.now() - began;
      },
    };
  };
  await (await change()).served();
  return {
    url,
    traffic,
    change,
    changeArrives: async () => (await change()).served(),
    async close() {
      await traffic.stop();
      await Promise.all([openai.close(), anthropic.close()]);
    },
  };
}

function slowDown(standIn: StandIn): void {
  standIn.fail({ kind: "slow", ms: SLOW_EVENT_MS, match: SLOWLY, times: Number.MAX_SAFE_INTEGER });
}

export const controllerPods = (cluster: Cluster): Promise<KubeObject[]> =>
  cluster.readyPods(SYSTEM_NAMESPACE, selectorOf(CONTROLLER));

/** The name of the Pod that writes. */
export async function leaderOf(cluster: Cluster): Promise<string | undefined> {
  const { spec } = await cluster.client.get({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: LEADER_LEASE, namespace: SYSTEM_NAMESPACE },
  });
  const { holderIdentity } = spec as { holderIdentity?: string };
  return holderIdentity;
}

/** Sends a signal to the process of a Pod. */
export async function signal(
  cluster: Cluster,
  pod: KubeObject | undefined,
  name: NodeJS.Signals,
): Promise<void> {
  const { namespace = "", name: podName = "" } = pod?.metadata ?? {};
  const pid = await cluster.pid(namespace, podName);
  if (pid === undefined) throw new Error(`Pod ${namespace}/${podName} has no process`);
  process.kill(pid, name);
}

/** Changes how many Pods a Deployment is to have, and waits until they are ready, or gone. */
export async function scale(
  cluster: Cluster,
  deployment: { namespace: string; name: string },
  replicas: number,
): Promise<void> {
  const { namespace, name } = deployment;
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
  const { status, body } = await cluster.client.raw(
    "PATCH",
    path,
    { spec: { replicas } },
    "application/merge-patch+json",
  );
  if (status !== 200) throw new Error(body);
  await cluster.until(
    { apiVersion: "apps/v1", kind: "Deployment", metadata: deployment },
    (object) => {
      const { availableReplicas = 0, replicas: there = 0 } = (object.status ?? {}) as {
        availableReplicas?: number;
        replicas?: number;
      };
      return availableReplicas === replicas && there === replicas;
    },
    60_000,
  );
  // A Pod that ends is not counted while it still does.
  while (replicas === 0) {
    const { body: pods } = await cluster.client.raw("GET", `/api/v1/namespaces/${namespace}/pods`);
    const { items } = JSON.parse(pods) as { items: KubeObject[] };
    if (!items.some(({ metadata }) => metadata.name.startsWith(`${name}-`))) return;
    await sleep(50);
  }
}
