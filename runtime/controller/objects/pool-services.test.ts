import { named, objects, rulesOf } from "../../../test/support/written-objects.ts";
import { gateway, pool, route } from "../../../test/support/yaml-resources.ts";

const REF = "{group: inference.networking.k8s.io, kind: InferencePool, name: llm}";
const ROUTE = route(`[{backendRefs: [${REF}]}]`);

test("a pool is for Envoy Gateway a Service of its pods", () => {
  const all = objects(gateway, pool("llm", "[{number: 8000}, {number: 8001}]"), ROUTE);
  expect(rulesOf(all)[0]?.backendRefs).toEqual([
    { group: "", kind: "Service", name: "ai-eg-pool-llm", port: 8000, weight: 1 },
  ]);
  const { metadata, spec } = named(all, "Service", "ai-eg-pool-llm");
  expect(metadata).toMatchObject({
    namespace: "default",
    labels: { "app.kubernetes.io/managed-by": "envoy-ai-gateway" },
    ownerReferences: [{ kind: "InferencePool", name: "llm", uid: "u-p" }],
  });
  expect(spec).toMatchObject({
    clusterIP: "None",
    selector: { app: "llm" },
    ports: [{ port: 8000 }, { port: 8001 }],
  });
});

test("a pool that no rule serves has none", () =>
  expect(objects(gateway, pool("llm")).filter(({ kind }) => kind === "Service")).toEqual([]));

test("a pool that is not there leaves its place", () => {
  const all = objects(gateway, ROUTE);
  expect(rulesOf(all)[0]?.backendRefs).toBeUndefined();
  expect(all.filter(({ kind }) => kind === "Service")).toEqual([]);
});
