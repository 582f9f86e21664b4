/** What the controller writes, judged by a real API server with the CRDs of Envoy Gateway's chart. */
import { compile } from "../../runtime/controller/compile/compile.ts";
import { desiredObjects } from "../../runtime/controller/objects/desired.ts";
import type { KubeObject } from "../../runtime/controller/objects/kube-object.ts";
import { statusesOf } from "../../runtime/controller/status/statuses.ts";
import { installCrds } from "../support/cluster/crds.ts";
import { type ControlPlane, startControlPlane } from "../support/kube/control-plane.ts";
import { backend, documents, gateway, key, route, snapshot } from "../support/yaml-resources.ts";

let plane: ControlPlane;
beforeAll(async () => {
  plane = await startControlPlane();
  await installCrds(plane.client);
}, 120_000);
afterAll(() => plane?.stop());

const objects = (...texts: string[]): KubeObject[] => {
  const input = snapshot(...texts);
  return desiredObjects(input, compile(input), { rootPrefix: "/", extProc: [] });
};

const many = (count: number, one: (index: number) => string): string =>
  `[${Array.from({ length: count }, (_, index) => one(index)).join(", ")}]`;
const matches = (count: number): string =>
  `matches: ${many(count, (i) => `{headers: [{name: x-ai-eg-model, value: m${i}}]}`)}`;

const PLANS: [about: string, texts: string[]][] = [
  [
    "backends in several priorities",
    [
      backend("a"),
      backend("b"),
      route(
        "[{backendRefs: [{name: a}, {name: b, priority: 2, weight: 0}, {name: b, priority: 1}], timeouts: {request: 0s, backendRequest: 1500ms}}]",
        "hostnames: ['*.example.com']",
        "priorities",
      ),
    ],
  ],
  [
    "nothing that can be served",
    [route("[{backendRefs: [{name: ghost}]}, {backendRefs: []}, {}]", "", "unserved")],
  ],
  [
    "as much as an AIGatewayRoute can hold",
    [
      backend("a"),
      route(
        many(
          15,
          (i) =>
            `{name: n${i}, ${matches(128)}, backendRefs: ${many(128, (j) => `{name: a, priority: ${j}, weight: 2147483647}`)}}`,
        ),
        "",
        "full",
      ),
    ],
  ],
  [
    "the longest name",
    [
      backend("a"),
      route("[{backendRefs: [{name: a}, {name: a, priority: 1}]}]", "", "n".repeat(253)),
    ],
  ],
  [
    "parents that repeat and overlap",
    [
      backend("a"),
      route("[{backendRefs: [{name: a}]}]", "", "parents").replace(
        "parentRefs: [{name: gw, kind: Gateway}]",
        "parentRefs: [{name: gw}, {name: gw, sectionName: http}, {name: gw}, {name: other, port: 80}, {name: other, sectionName: http}]",
      ),
    ],
  ],
  [
    "a pool and a Service",
    [
      `
kind: InferencePool
metadata: {name: p, namespace: default}
spec: {selector: {matchLabels: {app: p}}, targetPorts: [{number: 8000}], endpointPickerRef: {name: picker}}
---
kind: Service
metadata: {name: llm, namespace: default}
spec: {ports: [{port: 80}]}
---
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: AIServiceBackend
metadata: {name: s, namespace: default}
spec: {schema: {name: OpenAI}, backendRef: {group: "", kind: Service, name: llm, port: 80}}
`,
      route(
        "[{backendRefs: [{name: p, group: inference.networking.k8s.io, kind: InferencePool}]}, {backendRefs: [{name: s}]}]",
        "",
        "kinds",
      ),
    ],
  ],
];

describe("desired objects", () => {
  test.each(PLANS)(
    "of %s are taken, whole, and the same again changes nothing",
    async (_, texts) => {
      const all = objects(gateway, ...texts);
      expect(all.map(({ kind }) => kind)).toContain("HTTPRoute");
      for (const object of all) {
        const { object: first, warnings } = await plane.client.apply(object, {
          owner: "controller",
        });
        expect(warnings).toEqual([]);
        const { object: second } = await plane.client.apply(object, { owner: "controller" });
        expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
        expect(first).toMatchObject({ spec: object.spec });
      }
    },
  );
});

test("statuses are taken as they are", async () => {
  const input = snapshot(
    gateway,
    backend("a"),
    key("a", false),
    route("[{backendRefs: [{name: a}, {name: ghost}]}]"),
  );
  for (const object of documents(
    gateway,
    backend("a"),
    key("a", false),
    route("[{backendRefs: [{name: a}]}]"),
  )) {
    await plane.client.apply(object as never);
  }
  const nothing = { httpRoutes: new Map(), denied: new Set<string>(), rejected: new Map() };
  const updates = statusesOf(input, compile(input), nothing);
  expect(updates.map(({ kind }) => kind).sort()).toEqual([
    "AIGatewayRoute",
    "AIServiceBackend",
    "BackendSecurityPolicy",
    "GatewayConfig",
  ]);
  for (const { apiVersion, kind, namespace, name, generation, conditions } of updates) {
    const plural =
      { BackendSecurityPolicy: "backendsecuritypolicies" }[kind] ?? `${kind.toLowerCase()}s`;
    const path = `/apis/${apiVersion}/namespaces/${namespace}/${plural}/${name}/status`;
    const written = conditions.map((condition) => ({
      ...condition,
      observedGeneration: generation,
      lastTransitionTime: "2026-01-01T00:00:00Z",
    }));
    const { status, body } = await plane.client.raw(
      "PATCH",
      path,
      { status: { conditions: written } },
      "application/merge-patch+json",
    );
    expect([kind, status, body.slice(0, status < 400 ? 0 : undefined)]).toEqual([kind, 200, ""]);
    const types = (JSON.parse(body) as { status: { conditions: { type: string }[] } }).status;
    expect(types.conditions.map(({ type }) => type)).toEqual(conditions.map(({ type }) => type));
  }
});
