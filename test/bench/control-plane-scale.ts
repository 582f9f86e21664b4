/** Many routes of three backends each on one Gateway: times and memory as they grow. */
import { readFile } from "node:fs/promises";
import {
  ADMIN_PORT,
  CONTROLLER,
  ENVOY_GATEWAY_NAMESPACE,
  SYSTEM_NAMESPACE,
} from "../../runtime/manifests/names.ts";
import { selectorOf } from "../../runtime/manifests/options.ts";
import { providerOf, routeOf, ruleOf } from "../e2e/resources.ts";
import { type Cluster, localAddressOf } from "../support/cluster/cluster.ts";
import type { KubeObject } from "../support/kube/client.ts";
import { type BenchWorld, quantile } from "./control-plane-world.ts";

const BACKENDS = 3;
const CHANGES = 10;
const PAGE_BYTES = 4096;
const MIB = 1024 ** 2;
/** Where a kind of process is, by the labels of its Pods. */
const PROCESSES: Record<string, [namespace: string, labels: Record<string, string>]> = {
  controller: [SYSTEM_NAMESPACE, selectorOf(CONTROLLER)],
  "Envoy Gateway": [ENVOY_GATEWAY_NAMESPACE, { "control-plane": "envoy-gateway" }],
  Envoy: [ENVOY_GATEWAY_NAMESPACE, { "gateway.envoyproxy.io/owning-gateway-name": "gw" }],
};

/** Adds routes up to each of these numbers, and prints a line for each. */
export async function measureScale(world: BenchWorld, counts: readonly number[]): Promise<void> {
  console.log(
    `routes  applied  then served  one change p50, max      compiled   hook  ${Object.keys(PROCESSES).join(", ")} (s, s, ms, ms of routes, ms, MiB)`,
  );
  const [port] = world.ports;
  let there = 0;
  for (const count of [...counts].sort((a, b) => a - b)) {
    const began = performance.now();
    await world.apply(
      Array.from({ length: count - there }, (_, i) => manyBackends(there + i, port)).join(
        "\n---\n",
      ),
    );
    await world.apply(
      Array.from({ length: count - there }, (_, i) => route(there + i, "m")).join("\n---\n"),
    );
    there = count;
    const applied = performance.now();
    for (const i of [0, count >> 1, count - 1]) await world.until(`model-${i}`);
    const served = performance.now();
    const before = await work(world.cluster);
    const times: number[] = [];
    for (let turn = 0; turn < CHANGES; turn += 1) {
      const i = Math.floor((turn * count) / CHANGES);
      const started = performance.now();
      await world.apply(route(i, `changed-${count}`));
      await world.until(`model-${i}`, ({ model }) => model === `changed-${count}`);
      times.push(performance.now() - started);
    }
    const after = await work(world.cluster);
    const mean = (sum: "seconds" | "hookSeconds" | "routes", of: "compiles" | "hooks"): number =>
      (after[sum] - before[sum]) / Math.max(1, after[of] - before[of]);
    const memory = await Promise.all(
      Object.values(PROCESSES).map(([namespace, labels]) =>
        memoryOf(world.cluster, namespace, labels),
      ),
    );
    console.log(
      [
        String(count).padStart(6),
        seconds(applied - began).padStart(8),
        seconds(served - applied).padStart(12),
        `${quantile(times, 0.5)}, ${quantile(times, 1)}`.padStart(20),
        `${(1000 * mean("seconds", "compiles")).toFixed(0)} of ${mean("routes", "compiles").toFixed(1)}`.padStart(
          13,
        ),
        (1000 * mean("hookSeconds", "hooks")).toFixed(0).padStart(6),
        ` ${memory.map((bytes) => (bytes / MIB).toFixed(0)).join(", ")}`,
      ].join(" "),
    );
  }
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1);

const manyBackends = (i: number, port: number): string =>
  Array.from({ length: BACKENDS }, (_, j) =>
    providerOf({
      name: `b-${i}-${j}`,
      schema: "OpenAI",
      host: "provider.test",
      port,
      key: { type: "APIKey", value: `key-${i}-${j}` },
    }),
  ).join("\n---\n");

const route = (i: number, model: string): string => {
  const refs = Array.from(
    { length: BACKENDS },
    (_, j) => `{name: b-${i}-${j}, priority: ${j}, modelNameOverride: ${model}}`,
  );
  return routeOf(`r-${String(i).padStart(5, "0")}`, "gw", ruleOf(`model-${i}`, `[${refs.join()}]`));
};

/** A metric of the controllers, summed over labels and replicas. */
async function sumOf(cluster: Cluster, metric: string): Promise<number> {
  const [namespace, labels] = PROCESSES.controller as [string, Record<string, string>];
  const pods = await cluster.readyPods(namespace, labels);
  const pages = await Promise.all(
    pods.map(async (pod) =>
      (await fetch(`http://${localAddressOf(pod)}:${ADMIN_PORT}/metrics`)).text(),
    ),
  );
  const values = pages.flatMap((page) =>
    [...page.matchAll(new RegExp(`^${metric}\\S* ([\\d.e+-]+)`, "gm"))].map(([, value]) =>
      Number(value),
    ),
  );
  return values.reduce((sum, value) => sum + value, 0);
}

/** What the controllers did so far. */
async function work(
  cluster: Cluster,
): Promise<Record<"routes" | "compiles" | "seconds" | "hooks" | "hookSeconds", number>> {
  const [routes = 0, compiles = 0, seconds = 0, hooks = 0, hookSeconds = 0] = await Promise.all(
    [
      "aigateway_controller_routes_compiled_total",
      "aigateway_controller_compile_seconds_count",
      "aigateway_controller_compile_seconds_sum",
      'aigateway_extension_hook_seconds_count\\{hook="PostTranslateModify"',
      'aigateway_extension_hook_seconds_sum\\{hook="PostTranslateModify"',
    ].map((metric) => sumOf(cluster, metric)),
  );
  return { routes, compiles, seconds, hooks, hookSeconds };
}

/** Resident memory of the largest process. */
async function memoryOf(
  cluster: Cluster,
  namespace: string,
  labels: Record<string, string>,
): Promise<number> {
  const sizes = await Promise.all(
    (await cluster.readyPods(namespace, labels)).map(async ({ metadata }: KubeObject) => {
      const pid = await cluster.pid(namespace, metadata.name);
      const [, pages] = (await readFile(`/proc/${pid}/statm`, "utf8")).split(" ");
      return Number(pages) * PAGE_BYTES;
    }),
  );
  return Math.max(...sizes);
}
