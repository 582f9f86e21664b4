/**
 * ext_proc in the cluster: rule 12 (a rollout under 500 live streams without one failed request), and
 * Gateways with an ext_proc of their own.
 */
import { EXT_PROC, SYSTEM_NAMESPACE } from "../../runtime/manifests/names.ts";
import { selectorOf } from "../../runtime/manifests/options.ts";
import { sidecarPatch } from "../../runtime/manifests/sidecar.ts";
import { localAddressOf } from "../support/cluster/cluster.ts";
import type { KubeObject } from "../support/kube/client.ts";
import { type LiveProvider, startLiveProvider } from "../support/live-provider.ts";
import { eventually, runtimeForAll } from "./cluster.ts";
import { gatewayOf, providerOf, routeOf, ruleOf } from "./resources.ts";

jest.setTimeout(120_000);
const cluster = runtimeForAll({ extProc: { drainSeconds: 60 } });

let provider: LiveProvider;
beforeAll(async () => {
  provider = await startLiveProvider();
  await cluster().setHost("live.test", "127.0.0.1");
  await cluster().apply(gatewayOf("gw"));
  await cluster().apply(
    providerOf({ name: "live", schema: "Anthropic", host: "live.test", port: provider.port }),
  );
  await cluster().apply(routeOf("live", "gw", ruleOf("live", "[{name: live}]")));
  await eventually(async () => expect(await ask()).toBe("200"), 60_000);
}, 120_000);
afterAll(() => provider?.close());

async function chat(body: object, gateway = "gw"): Promise<Response> {
  const { host, port } = await cluster().gatewayAddress({ namespace: "default", name: gateway });
  return fetch(`http://${host}:${port(80)}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      model: "live",
      messages: [{ role: "user", content: "hello" }],
      ...body,
    }),
  });
}

/** A request that is answered at once; its status, with the answer where that is no success. */
async function ask(gateway = "gw"): Promise<string> {
  const response = await chat({}, gateway);
  const text = await response.text();
  return response.status === 200 ? "200" : `${response.status} ${text}`;
}

/** Asks again and again until it is told to end; what was not answered well. */
function askMeanwhile(): { end(): Promise<string[]> } {
  const failures: string[] = [];
  let going = true;
  const asking = (async () => {
    while (going) {
      const answer = await ask().catch(String);
      if (answer !== "200") failures.push(answer);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return {
    async end() {
      going = false;
      await asking;
      return failures;
    },
  };
}

const podsOf = async (namespace: string, name: string): Promise<KubeObject[]> =>
  cluster().readyPods(namespace, selectorOf(name));
const namesOf = (pods: readonly KubeObject[]): string[] => pods.map((pod) => pod.metadata.name);

/** Addresses at which the Gateway's Envoy finds an ext_proc. */
async function usedByEnvoy(name = "aigateway_ext_proc"): Promise<string[]> {
  const { host, adminPort } = await cluster().gatewayAddress({ namespace: "default", name: "gw" });
  const answer = await fetch(`http://${host}:${adminPort}/clusters?format=json`);
  const { cluster_statuses: statuses } = (await answer.json()) as {
    cluster_statuses: {
      name: string;
      host_statuses?: { address: { socket_address: { address: string } } }[];
    }[];
  };
  return statuses
    .filter((each) => each.name === name)
    .flatMap(({ host_statuses: hosts = [] }) => hosts.map((h) => h.address.socket_address.address))
    .sort();
}

/** Streams that Envoy has begun to a cluster. */
async function requestsTo(name: string, gateway = "gw"): Promise<number> {
  const { host, adminPort } = await cluster().gatewayAddress({
    namespace: "default",
    name: gateway,
  });
  const answer = await fetch(
    `http://${host}:${adminPort}/stats?format=json&filter=^cluster.${name}.upstream_rq_total$`,
  );
  const { stats } = (await answer.json()) as { stats: { value?: number }[] };
  return stats[0]?.value ?? 0;
}

async function patch(path: string, change: object): Promise<void> {
  const type = "application/merge-patch+json";
  const { status, body } = await cluster().client.raw("PATCH", path, change, type);
  expect([status, body]).toEqual([200, body]);
}

test("12: ext_proc is rolled under 500 live streams, and no request fails", async () => {
  const before = namesOf(await podsOf(SYSTEM_NAMESPACE, EXT_PROC));
  expect(before).toHaveLength(2);
  const streams = Array.from({ length: 500 }, async () => {
    const response = await chat({ stream: true });
    const text = await response.text();
    return `${response.status} ${text.endsWith("data: [DONE]\n\n") ? "whole" : text.slice(-200)} ${
      [...text.matchAll(/"content":"tick"/g)].length
    }`;
  });
  await provider.until(500);

  const meanwhile = askMeanwhile();
  await patch(`/apis/apps/v1/namespaces/${SYSTEM_NAMESPACE}/deployments/${EXT_PROC}`, {
    spec: { template: { metadata: { annotations: { rolled: "once" } } } },
  });
  // The old Pods are no endpoints any more, and wait for the streams that they hold.
  await eventually(async () => {
    const now = namesOf(await podsOf(SYSTEM_NAMESPACE, EXT_PROC));
    expect(now.filter((name) => !before.includes(name))).toHaveLength(2);
  }, 60_000);
  await eventually(async () => {
    const fresh = (await podsOf(SYSTEM_NAMESPACE, EXT_PROC)).filter(
      (pod) => !before.includes(pod.metadata.name),
    );
    expect(await usedByEnvoy()).toEqual(fresh.map(localAddressOf).sort());
  }, 60_000);
  // What was answered since was answered by the new ones.
  expect(await ask()).toBe("200");
  // They have been told to end, and still carry what comes for longer than they would without a wait.
  await eventually(async () => {
    const logs = await cluster().logs(new RegExp(before.join("|")));
    expect([...logs.values()].filter((text) => text.includes("draining"))).toHaveLength(2);
  }, 30_000);
  let ticks = 0;
  for (let i = 0; i < 8; i += 1) {
    ticks = provider.tick();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  provider.finish();
  const ended = await Promise.all(streams);
  expect(new Set(ended)).toEqual(new Set([`200 whole ${ticks}`]));
  expect(await meanwhile.end()).toEqual([]);
  // Nothing keeps them now: long before the time that they would have had.
  await eventually(async () => {
    for (const name of before) {
      const pod = {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name, namespace: SYSTEM_NAMESPACE },
      };
      await expect(cluster().client.get(pod)).rejects.toThrow();
    }
  }, 20_000);
});

describe("a Gateway whose GatewayConfig has settings of ext_proc", () => {
  const config = (settings: string): string => `
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: GatewayConfig
metadata: {name: own, namespace: default}
spec: {extProc: {kubernetes: {${settings}}}}
`;
  const annotated = (annotations: string): string =>
    gatewayOf("gw").replace("{name: gw,", `{name: gw, annotations: {${annotations}},`);
  const CONFIG: KubeObject = {
    apiVersion: "aigateway.envoyproxy.io/v1beta1",
    kind: "GatewayConfig",
    metadata: { name: "own", namespace: "default" },
  };
  const OWN = `${EXT_PROC}-gw`;
  const DEPLOYMENT: KubeObject = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: OWN, namespace: "default" },
  };
  const programmed = (object: KubeObject): string => {
    const { conditions = [] } = (object.status ?? {}) as {
      conditions?: { type: string; reason: string }[];
    };
    return conditions.find(({ type }) => type === "Programmed")?.reason ?? "";
  };

  test("is served by the common one while its own cannot start", async () => {
    const meanwhile = askMeanwhile();
    await cluster().apply(config("image: nobody/has-this:v1"));
    await cluster().apply(annotated("aigateway.envoyproxy.io/gateway-config: own"));
    await cluster().until(CONFIG, (object) => programmed(object) === "ExtProcNotAvailable");
    await cluster().until(DEPLOYMENT, () => true);
    expect(await usedByEnvoy("aigateway_ext_proc_own")).toEqual([]);
    expect(await meanwhile.end()).toEqual([]);
  });

  test("has one of its own with them", async () => {
    const meanwhile = askMeanwhile();
    // Quantities that the API server writes otherwise must not be applied for ever.
    await cluster().apply(
      config("env: [{name: AIGW_LOG_LEVEL, value: warn}], resources: {requests: {cpu: 1000m}}"),
    );
    await cluster().until(CONFIG, (object) => programmed(object) === "Programmed", 60_000);
    await eventually(async () => {
      const pods = await podsOf("default", OWN);
      expect(pods).toHaveLength(2);
      expect(await usedByEnvoy("aigateway_ext_proc_own")).toEqual(pods.map(localAddressOf).sort());
    }, 60_000);
    const before = await requestsTo("aigateway_ext_proc_own");
    expect(await ask()).toBe("200");
    expect(await requestsTo("aigateway_ext_proc_own")).toBeGreaterThan(before);
    expect(await meanwhile.end()).toEqual([]);
    const { spec } = await cluster().client.get(DEPLOYMENT);
    expect(spec).toMatchObject({
      template: {
        spec: {
          containers: [
            {
              env: expect.arrayContaining([{ name: "AIGW_LOG_LEVEL", value: "warn" }]),
              resources: { requests: { cpu: "1" } },
            },
          ],
        },
      },
    });
  });

  test("goes back to the common one, and its own goes", async () => {
    const meanwhile = askMeanwhile();
    await patch("/apis/gateway.networking.k8s.io/v1/namespaces/default/gateways/gw", {
      metadata: { annotations: { "aigateway.envoyproxy.io/gateway-config": null } },
    });
    await eventually(async () => {
      await expect(cluster().client.get(DEPLOYMENT)).rejects.toThrow();
    }, 60_000);
    for (const kind of ["Service", "ServiceAccount"]) {
      const object = { apiVersion: "v1", kind, metadata: { name: OWN, namespace: "default" } };
      await eventually(() => expect(cluster().client.get(object)).rejects.toThrow());
    }
    const before = await requestsTo("aigateway_ext_proc");
    expect(await ask()).toBe("200");
    expect(await requestsTo("aigateway_ext_proc")).toBeGreaterThan(before);
    expect(await meanwhile.end()).toEqual([]);
  });
});

test("beside each Envoy, on a socket; until it is there, the common one serves", async () => {
  const beside = gatewayOf("beside").replace(
    "{name: beside,",
    "{name: beside, annotations: {aigateway.envoyproxy.io/ext-proc: sidecar},",
  );
  await cluster().apply(beside);
  await cluster().apply(routeOf("beside", "beside", ruleOf("live", "[{name: live}]")));
  await eventually(async () => expect(await ask("beside")).toBe("200"), 60_000);
  const socket = (): Promise<number> => requestsTo("aigateway_ext_proc_socket", "beside");
  const common = (): Promise<number> => requestsTo("aigateway_ext_proc", "beside");
  expect(await socket()).toBe(0);

  const patch = sidecarPatch({ image: "envoy-ai-gateway:e2e" });
  const envoyProxy: KubeObject = {
    apiVersion: "gateway.envoyproxy.io/v1alpha1",
    kind: "EnvoyProxy",
    metadata: { name: "beside", namespace: "default" },
    spec: { provider: { type: "Kubernetes", kubernetes: { envoyDeployment: { patch } } } },
  };
  const reference = "{group: gateway.envoyproxy.io, kind: EnvoyProxy, name: beside}";
  await cluster().apply([envoyProxy]);
  await cluster().apply(
    beside.replace(
      "gatewayClassName:",
      `infrastructure: {parametersRef: ${reference}}\n  gatewayClassName:`,
    ),
  );
  await eventually(async () => {
    expect(await ask("beside")).toBe("200");
    expect(await socket()).toBeGreaterThan(0);
  }, 60_000);
  const [before, elsewhere] = [await socket(), await common()];
  expect(await ask("beside")).toBe("200");
  expect([await socket(), await common()]).toEqual([before + 1, elsewhere]);
});
