/**
 * Parts of the system are taken away while requests of both lanes go on, whole and streamed. None of
 * them may fail unless the part is one that they need; and what changes meanwhile must arrive.
 */
import { parse, stringify } from "yaml";
import {
  CONTROLLER,
  ENVOY_GATEWAY_NAMESPACE,
  EXT_PROC,
  SYSTEM_NAMESPACE,
} from "../../runtime/manifests/names.ts";
import { selectorOf } from "../../runtime/manifests/options.ts";
import type { KubeObject } from "../support/kube/client.ts";
import { eventually, runtimeForAll } from "./cluster.ts";
import {
  controllerPods,
  type FaultWorld,
  leaderOf,
  SLOWLY,
  scale,
  signal,
  startFaultWorld,
} from "./fault-world.ts";
import { REDIS_ADDRESS, redisManifests } from "./redis.ts";
import { routeOf, ruleOf } from "./resources.ts";
import { ask, type TrafficReport } from "./traffic.ts";

jest.setTimeout(150_000);

const cluster = runtimeForAll({ redis: REDIS_ADDRESS, manifests: redisManifests() });
/** How long the API server is away; a minute is what operators ask about. */
const API_SERVER_AWAY_MS = 1000 * Number(process.env.API_SERVER_AWAY_SECONDS ?? 8);

let world: FaultWorld;
const told: string[] = [];
beforeAll(async () => {
  world = await startFaultWorld(cluster());
}, 90_000);
afterAll(async () => {
  await world?.close();
  process.stdout.write(
    `${["What was taken away, and the time to recovery:", ...told].join("\n  ")}\n`,
  );
});

/** Waits until a Pod's process has been started again and is ready. */
const restarted = (pod: KubeObject | undefined): Promise<unknown> =>
  cluster().until({ ...pod, apiVersion: "v1", kind: "Pod" } as KubeObject, ({ status }) => {
    const { containerStatuses = [] } = status as {
      containerStatuses?: { restartCount: number; ready: boolean }[];
    };
    return containerStatuses.every(({ restartCount, ready }) => restartCount > 0 && ready);
  });
const tell = (fault: string, ms: number): void => void told.push(`${fault}: ${ms.toFixed(0)} ms`);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const envoyGateway = () =>
  cluster().readyPods(ENVOY_GATEWAY_NAMESPACE, { "control-plane": "envoy-gateway" });

/** Every kind of request was answered, and none failed. */
function expectUnharmed({ failed, answered }: TrafficReport): void {
  expect(failed).toEqual([]);
  expect(Object.entries(answered).filter(([, count]) => count === 0)).toEqual([]);
}

test("both controllers killed at once: a change arrives when they are back", async () => {
  const report = await world.traffic.during(async () => {
    const killed = performance.now();
    for (const pod of await controllerPods(cluster())) await signal(cluster(), pod, "SIGKILL");
    await world.changeArrives();
    tell("controllers killed, until a change is served", performance.now() - killed);
    await eventually(async () => expect(await controllerPods(cluster())).toHaveLength(2));
  });
  expectUnharmed(report);
});

test("the leader freezes: another leads, and the frozen one does not write over it", async () => {
  const report = await world.traffic.during(async () => {
    const leader = await eventually(async () => {
      const pods = await controllerPods(cluster());
      expect(pods).toHaveLength(2);
      const name = await leaderOf(cluster());
      const found = pods.find(({ metadata }) => metadata.name === name);
      expect(found).toBeDefined();
      return found;
    });
    await signal(cluster(), leader, "SIGSTOP");
    const frozen = performance.now();
    await world.changeArrives();
    tell("leader frozen, until a change is served", performance.now() - frozen);
    await signal(cluster(), leader, "SIGCONT");
    await eventually(async () => expect(await controllerPods(cluster())).toHaveLength(2));
    expect(await leaderOf(cluster())).not.toBe(leader?.metadata.name);
    await world.changeArrives();
  });
  expectUnharmed(report);
});

test("no extension server while routes change: what was goes on, what changed arrives", async () => {
  const report = await world.traffic.during(async () => {
    await scale(cluster(), { namespace: SYSTEM_NAMESPACE, name: CONTROLLER }, 0);
    const change = await world.change();
    await pause(2000);
    expect(await ask(world.url, { model: change.model })).toMatch(/^404 /);
    await scale(cluster(), { namespace: SYSTEM_NAMESPACE, name: CONTROLLER }, 2);
    const back = performance.now();
    await change.served();
    tell("extension server back, until what changed meanwhile is served", performance.now() - back);
  });
  expectUnharmed(report);
});

test("no extension server while somebody else's route changes: that arrives as well", async () => {
  const report = await world.traffic.during(async () => {
    await scale(cluster(), { namespace: SYSTEM_NAMESPACE, name: CONTROLLER }, 0);
    await cluster().apply(plainRoute("/other"));
    // Longer than Envoy Gateway tries by its own defaults.
    await pause(3000);
    expect(await redirected("/other")).toBe(404);
    await scale(cluster(), { namespace: SYSTEM_NAMESPACE, name: CONTROLLER }, 2);
    const back = performance.now();
    await eventually(async () => expect(await redirected("/other")).toBe(302));
    tell("extension server back, until others' change is served", performance.now() - back);
  });
  expectUnharmed(report);
});

const redirected = async (path: string): Promise<number> =>
  (await fetch(`${world.url}${path}`, { redirect: "manual" })).status;

/** Of somebody else, on the same Gateway, without any of our resources. */
const plainRoute = (path: string): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: plain, namespace: default}
spec:
  parentRefs: [{name: gw}]
  rules:
    - matches: [{path: {type: Exact, value: ${path}}}]
      filters: [{type: RequestRedirect, requestRedirect: {hostname: elsewhere.test}}]
`;

test.each([
  ["killed", "SIGKILL"],
  ["restarted", undefined],
] as const)("Envoy Gateway %s: nothing is lost, and changes arrive again", async (how, kill) => {
  const report = await world.traffic.during(async () => {
    const [pod] = await envoyGateway();
    const began = performance.now();
    if (kill === undefined) await cluster().client.delete(pod as NonNullable<typeof pod>);
    else await signal(cluster(), pod, kill);
    await world.changeArrives();
    tell(`Envoy Gateway ${how}, until a change is served`, performance.now() - began);
  });
  expectUnharmed(report);
});

test("no API server: requests go on, and changes arrive when it is back", async () => {
  const report = await world.traffic.during(async () => {
    await cluster().setApiServer(false);
    await pause(API_SERVER_AWAY_MS);
    await cluster().setApiServer(true);
    const back = performance.now();
    const change = await world.change();
    await cluster().until(
      {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata: { name: "changing", namespace: "default" },
      },
      ({ spec }) => JSON.stringify(spec).includes(change.model),
    );
    tell("API server back, until the controller has written a change", performance.now() - back);
    // Envoy Gateway's own watches pause for up to half a minute between two tries.
    await change.served();
    tell("API server back, until the change is served", performance.now() - back);
  });
  expectUnharmed(report);
  await eventually(async () => expect(await controllerPods(cluster())).toHaveLength(2), 60_000);
});

/** Until the kernel has taken a killed process apart, and Envoy knows that its connections are gone. */
const NOTICED_WITHIN_MS = 1000;

test("an ext_proc killed: what it held fails clearly, nothing else does", async () => {
  const pods = await cluster().readyPods(SYSTEM_NAMESPACE, selectorOf(EXT_PROC));
  expect(pods).toHaveLength(2);
  let killed = 0;
  const held = Array.from({ length: 6 }, () =>
    ask(world.url, { model: "translated", stream: true, content: SLOWLY }),
  );
  const report = await world.traffic.during(async () => {
    await pause(800);
    await signal(cluster(), pods[0], "SIGKILL");
    killed = performance.now();
    await restarted(pods[0]);
    tell("ext_proc killed, until all replicas are back", performance.now() - killed);
    await pause(2000);
  });
  const answers = await Promise.all(held);
  expect(answers.filter((each) => each === undefined).length).toBeGreaterThan(0);
  const sinceThen = report.failed.map(({ from, to, what }) => ({
    what,
    from: from - killed,
    to: to - killed,
  }));
  expect(sinceThen.filter(({ from, to }) => from > NOTICED_WITHIN_MS || to < 0)).toEqual([]);
  expect(report.failed.filter(({ kind }) => kind.startsWith("native"))).toEqual([]);
});

test("bad resources: said on them, while all else changes and their last good version serves", async () => {
  await cluster().apply(
    routeOf("soured", "gw", ruleOf("soured", "[{name: openai, modelNameOverride: gpt-4o-mini}]")),
  );
  await eventually(async () => expect(await ask(world.url, { model: "soured" })).toBeUndefined());
  const report = await world.traffic.during(async () => {
    await cluster().apply(
      routeOf(
        "soured",
        "gw",
        `
    - matches: [{headers: [{type: RegularExpression, name: x-ai-eg-model, value: "("}]}]
      backendRefs: [{name: openai}]`,
      ),
    );
    await cluster().apply(routeOf("ghostly", "gw", ruleOf("ghostly", "[{name: nobody}]")));
    await world.changeArrives();
    const status = async (name: string) => {
      const { status: found } = await cluster().client.get({
        apiVersion: "aigateway.envoyproxy.io/v1beta1",
        kind: "AIGatewayRoute",
        metadata: { name, namespace: "default" },
      });
      return JSON.stringify(found);
    };
    await eventually(async () => {
      expect(await status("soured")).toMatch(/NotAccepted.*/);
      expect(await status("soured")).toContain("LastGoodServed");
      expect(await status("ghostly")).toContain("nobody does not exist");
    });
    expect(await ask(world.url, { model: "soured" })).toBeUndefined();
    await eventually(async () =>
      expect(await ask(world.url, { model: "ghostly" })).toMatch(/^503 /),
    );
  });
  expectUnharmed(report);
});

describe("Redis, which rate limits count in, is gone", () => {
  const limited = () => ask(world.url, { model: "limited" });

  beforeAll(async () => {
    const toOpenAi = "[{name: openai, modelNameOverride: gpt-4o-mini}]";
    await cluster().apply(routeOf("limited", "gw", ruleOf("limited", toOpenAi)));
    await cluster().apply(LIMIT);
    await eventually(async () => expect(await limited()).toBeUndefined());
    // Counted now: the limit is in force.
    await eventually(async () => expect(await limited()).toMatch(/^429 /));
    await scale(cluster(), REDIS, 0);
  }, 60_000);

  test("limits that fail open let requests pass", async () => {
    const gone = performance.now();
    const report = await world.traffic.during(async () => {
      await eventually(async () => expect(await limited()).toBeUndefined());
      tell("Redis gone, until limits let pass", performance.now() - gone);
      for (let i = 0; i < 20; i += 1) expect(await limited()).toBeUndefined();
    });
    expectUnharmed(report);
  });

  test("limits that fail closed refuse, and no others; they count again when it is back", async () => {
    const report = await world.traffic.during(async () => {
      await failClosed();
      await eventually(async () => expect(await limited()).toMatch(/^5\d\d .*"error"/));
      await scale(cluster(), REDIS, 1);
      const back = performance.now();
      await eventually(async () => expect(await limited()).toMatch(/^(undefined|429 )/));
      tell("Redis back, until limits count", performance.now() - back);
    });
    expectUnharmed(report);
  });
});

const REDIS = { namespace: "redis-system", name: "redis" };

const LIMIT = `
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: BackendTrafficPolicy
metadata: {name: limited, namespace: default}
spec:
  targetRefs: [{name: limited, kind: HTTPRoute, group: gateway.networking.k8s.io}]
  rateLimit: {type: Global, global: {rules: [{limit: {requests: 3, unit: Hour}}]}}
`;

/** Envoy Gateway's configuration says what happens without the rate limit service; it reads it anew. */
async function failClosed(): Promise<void> {
  const reference = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "envoy-gateway-config", namespace: ENVOY_GATEWAY_NAMESPACE },
  };
  const { data } = await cluster().client.get(reference);
  const text = (data as Record<string, string>)["envoy-gateway.yaml"] ?? "";
  const config = parse(text) as { rateLimit: object };
  const closed = { ...config, rateLimit: { ...config.rateLimit, failClosed: true } };
  await cluster().apply([{ ...reference, data: { "envoy-gateway.yaml": stringify(closed) } }]);
  const [pod] = await envoyGateway();
  await cluster().client.delete(pod as KubeObject);
}
