/** InferencePools: an endpoint picker chooses the pod of each request, through real Envoy Gateway. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { localAddressOf } from "../support/cluster/cluster.ts";
import { type Picker, startPicker } from "../support/inference/picker.ts";
import type { KubeObject } from "../support/kube/client.ts";
import { eventually, runtimeForAll } from "./cluster.ts";
import { gatewayOf, routeOf } from "./resources.ts";

jest.setTimeout(90_000);
const cluster = runtimeForAll();
const PORT = 8000;

let picker: Picker;

/** A model server: answers with its Pod's name. */
const SERVER = `require("http").createServer((request, response) => {
  request.resume().on("end", () => response.setHeader("content-type", "application/json").end(JSON.stringify({
    id: "1", object: "chat.completion", created: 1, model: process.env.POD_NAME,
    choices: [{index: 0, finish_reason: "stop", message: {role: "assistant", content: "hello"}}],
    usage: {prompt_tokens: 1, completion_tokens: 2, total_tokens: 3},
  })));
}).listen(${PORT}, process.env.POD_IP)`;

const env = (name: string, fieldPath: string): object => ({
  name,
  valueFrom: { fieldRef: { fieldPath } },
});
const MODEL_SERVERS: KubeObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "llm", namespace: "default" },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "llm" } },
    template: {
      metadata: { labels: { app: "llm" } },
      spec: {
        containers: [
          {
            name: "llm",
            image: "local/process",
            command: ["node", "-e", SERVER],
            env: [env("POD_IP", "status.podIP"), env("POD_NAME", "metadata.name")],
            readinessProbe: { tcpSocket: { port: PORT }, periodSeconds: 1 },
          },
        ],
      },
    },
  },
};

const pool = (port: number, failureMode: string): string => `
apiVersion: inference.networking.k8s.io/v1
kind: InferencePool
metadata: {name: llm, namespace: default}
spec:
  selector: {matchLabels: {app: llm}}
  targetPorts: [{number: ${PORT}}]
  endpointPickerRef: {name: picker, port: {number: ${port}}, failureMode: ${failureMode}}
`;
const ROUTE = routeOf(
  "pooled",
  "gw",
  `
    - matches: [{headers: [{type: Exact, name: x-ai-eg-model, value: llm}]}]
      backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, name: llm}]`,
);

beforeAll(async () => {
  picker = await startPicker();
  await cluster().setHost("picker.default.svc.cluster.local", "127.0.0.1");
  const crd = await readFile(path.join(import.meta.dirname, "../support/inference/crd.yaml"));
  await cluster().apply([parse(crd.toString()) as KubeObject, MODEL_SERVERS]);
  await cluster().apply(gatewayOf("gw"));
  await eventually(() => cluster().apply(pool(picker.port, "FailClose")));
  await cluster().apply(ROUTE);
}, 60_000);
afterAll(() => picker?.close());

const pods = (): Promise<KubeObject[]> => cluster().readyPods("default", { app: "llm" });

async function chat(headers: Record<string, string> = {}): Promise<string> {
  const { host, port } = await cluster().gatewayAddress({ namespace: "default", name: "gw" });
  const response = await fetch(`http://${host}:${port(80)}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model: "llm", messages: [{ role: "user", content: "hello" }] }),
  });
  const text = await response.text();
  const body = JSON.parse(text) as { model?: string; error?: { message?: string } };
  return `${response.status} ${body.model ?? body.error?.message ?? text}`;
}

test("a request goes to the pod that the picker names, of all that are ready", async () => {
  const all = await eventually(async () => {
    const ready = await pods();
    expect(ready).toHaveLength(2);
    return ready;
  });
  for (const pod of all) {
    const at = `${localAddressOf(pod)}:${PORT}`;
    await eventually(
      async () => expect(await chat({ "x-pick": at })).toBe(`200 ${pod.metadata.name}`),
      60_000,
    );
    // Not by chance.
    for (let i = 0; i < 10; i += 1) {
      expect(await chat({ "x-pick": at })).toBe(`200 ${pod.metadata.name}`);
    }
    expect(picker.asked.at(-1)).toMatchObject({ picked: at });
    expect(JSON.parse(picker.asked.at(-1)?.body ?? "")).toHaveProperty("model", "llm");
  }
});

test("clients choose no pod", async () => {
  const [first, second] = await pods();
  const at = `${localAddressOf(first)}:${PORT}`;
  const other = `${localAddressOf(second)}:${PORT}`;
  for (let i = 0; i < 5; i += 1) {
    expect(await chat({ "x-pick": at, "x-gateway-destination-endpoint": other })).toBe(
      `200 ${first?.metadata.name}`,
    );
  }
});

test("the route is accepted and programmed", () =>
  cluster().until(
    {
      apiVersion: "aigateway.envoyproxy.io/v1beta1",
      kind: "AIGatewayRoute",
      metadata: { name: "pooled", namespace: "default" },
    },
    ({ status }) => {
      const { conditions = [] } = (status ?? {}) as {
        conditions?: { type: string; status: string }[];
      };
      return ["Accepted", "ResolvedRefs", "Programmed"].every((type) =>
        conditions.some((each) => each.type === type && each.status === "True"),
      );
    },
  ));

test("the pool says, under its Gateway, what is missing", () =>
  cluster().until(
    {
      apiVersion: "inference.networking.k8s.io/v1",
      kind: "InferencePool",
      metadata: { name: "llm", namespace: "default" },
    },
    ({ status }) => {
      const { parents = [] } = (status ?? {}) as {
        parents?: { parentRef: { name: string }; conditions: { type: string; status: string }[] }[];
      };
      const [parent] = parents;
      const told = parent?.conditions.map((each) => `${each.type}=${each.status}`);
      // Its picker runs outside the cluster here, without a Service.
      return parent?.parentRef.name === "gw" && told?.join() === "Accepted=True,ResolvedRefs=False";
    },
  ));

test("without the picker requests fail, or go to any pod where the pool says so", async () => {
  const { port } = picker;
  picker.close();
  await eventually(async () => expect(await chat()).toMatch(/^50[0-9] /));
  await cluster().apply(pool(port, "FailOpen"));
  await eventually(async () => expect(await chat()).toMatch(/^200 llm-/));
  const served = await Promise.all(Array.from({ length: 20 }, () => chat()));
  expect(new Set(served).size).toBe(2);
});
