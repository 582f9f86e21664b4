/** The cluster of processes itself: what the other tests here stand on. */
import type { KubeObject } from "../support/kube/client.ts";
import { startUpstream } from "../support/upstream.ts";
import { clusterForAll, eventually } from "./cluster.ts";

jest.setTimeout(90_000);
const cluster = clusterForAll();

const GATEWAY = `
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: eg}
spec: {controllerName: gateway.envoyproxy.io/gatewayclass-controller}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: plain, namespace: default}
spec: {gatewayClassName: eg, listeners: [{name: http, protocol: HTTP, port: 80}]}
`;

const routeTo = (backendRef: string): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: plain, namespace: default}
spec: {parentRefs: [{name: plain}], rules: [{backendRefs: [${backendRef}]}]}
`;

async function get(path = "/"): Promise<string> {
  const { host, port } = await cluster().gatewayAddress({ namespace: "default", name: "plain" });
  const response = await fetch(`http://${host}:${port(80)}${path}`);
  return `${response.status} ${await response.text()}`;
}

const answering = (text: string): string =>
  `require("http").createServer((q, s) => s.end(${JSON.stringify(text)})).listen(8642, process.env.POD_IP)`;

const web = (text: string, replicas = 2): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "default" },
  spec: {
    replicas,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: {
        terminationGracePeriodSeconds: 5,
        containers: [
          {
            name: "web",
            image: "local/process",
            command: ["node", "-e", answering(text)],
            env: [{ name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }],
            readinessProbe: { httpGet: { port: 8642 }, periodSeconds: 1 },
            lifecycle: { preStop: { sleep: { seconds: 1 } } },
          },
        ],
      },
    },
  },
});

const service: KubeObject = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "default" },
  spec: { selector: { app: "web" }, ports: [{ port: 8642 }] },
};

const pods = () => cluster().readyPods("default", { app: "web" });

test("a route to a host outside answers through Envoy Gateway's Envoy", async () => {
  const upstream = await startUpstream((_, response) => response.end("outside"));
  try {
    await cluster().setHost("api.provider.test", "127.0.0.1");
    await cluster().apply(`${GATEWAY}
---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: Backend
metadata: {name: outside, namespace: default}
spec: {endpoints: [{fqdn: {hostname: api.provider.test, port: ${upstream.port}}}]}
---${routeTo("{group: gateway.envoyproxy.io, kind: Backend, name: outside}")}`);
    await eventually(async () => expect(await get()).toBe("200 outside"));
  } finally {
    await upstream.close();
  }
});

test("a Service's Pods answer, and a rollout changes them without a failed request", async () => {
  await cluster().apply([web("one"), service]);
  await cluster().apply(routeTo("{name: web, port: 8642}"));
  await eventually(async () => expect(await get()).toBe("200 one"));
  const answers = new Set<string>();
  await cluster().apply([web("two")]);
  await eventually(async () => {
    const answer = await get();
    answers.add(answer);
    const names = (await pods()).map(({ metadata }) => metadata.name);
    expect(names).toHaveLength(2);
    expect(answer).toBe("200 two");
  });
  expect([...answers].sort()).toEqual(["200 one", "200 two"]);
});

test("what dies is started again", async () => {
  const [pod] = await eventually(async () => {
    const ready = await pods();
    expect(ready).toHaveLength(2);
    return ready;
  });
  const name = pod?.metadata.name ?? "";
  const pid = await cluster().pid("default", name);
  process.kill(pid ?? 0, "SIGKILL");
  const restarted = await cluster().until(pod as KubeObject, ({ status }) => {
    const { containerStatuses = [] } = status as {
      containerStatuses?: { restartCount: number; ready: boolean }[];
    };
    return containerStatuses[0]?.restartCount === 1 && containerStatuses[0].ready;
  });
  expect(restarted.metadata.name).toBe(name);
  expect(await cluster().pid("default", name)).not.toBe(pid);
});

test("a namespace goes with all that is in it", async () => {
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "brief" } };
  const config = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "in-it", namespace: "brief" },
    data: {},
  };
  await cluster().apply([namespace, config]);
  await cluster().client.delete(namespace);
  await eventually(async () => {
    await expect(cluster().client.get(namespace)).rejects.toThrow(/not found/);
  });
});
