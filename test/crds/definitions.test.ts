import { kinds } from "../../runtime/api/index.ts";
import type { KubeObject } from "../support/kube/client.ts";
import { installCrds } from "./install.ts";
import { planeWithCrds } from "./plane.ts";

const plane = planeWithCrds();

/** Above this, client-side `kubectl apply` cannot note what it applied. */
const ANNOTATION_LIMIT = 262_144;

const backend = (name: string, version = "v1beta1"): KubeObject => ({
  apiVersion: `aigateway.envoyproxy.io/${version}`,
  kind: "AIServiceBackend",
  metadata: { name, namespace: "default" },
  spec: {
    schema: { name: "OpenAI" },
    backendRef: { group: "gateway.envoyproxy.io", kind: "Backend", name: "first" },
  },
});

const PATH = "/apis/aigateway.envoyproxy.io/v1beta1/namespaces/default/aiservicebackends";

test("definitions are structural, small, and serve what the registry says", async () => {
  const crds = await installCrds(plane().client);
  expect(crds).toHaveLength(Object.keys(kinds).length);
  for (const crd of crds) {
    const { conditions, storedVersions } = crd.status as {
      conditions: { type: string; status: string }[];
      storedVersions: string[];
    };
    const { names, versions } = crd.spec as {
      names: { kind: keyof typeof kinds };
      versions: { name: string }[];
    };
    expect(conditions.filter(({ type }) => type === "NonStructuralSchema")).toEqual([]);
    const definition = kinds[names.kind];
    expect(versions.map(({ name }) => name)).toEqual(definition.versions.map(({ name }) => name));
    expect(storedVersions).toEqual([definition.versions[0].name]);
    expect(JSON.stringify({ ...crd, status: undefined }).length).toBeLessThan(ANNOTATION_LIMIT);
  }
});

test("the older version is served with a warning, and is the same object", async () => {
  const { client } = plane();
  const { warnings } = await client.create(backend("old", "v1alpha1"));
  expect(warnings).toEqual([
    "aigateway.envoyproxy.io/v1alpha1 is deprecated; use aigateway.envoyproxy.io/v1beta1",
  ]);
  expect(await client.get(backend("old"))).toMatchObject(backend("old"));
});

test("status is written apart from the spec, and is what kubectl shows", async () => {
  const { client } = plane();
  const condition = {
    type: "Accepted",
    status: "True",
    reason: "Valid",
    message: "",
    lastTransitionTime: "2026-01-31T12:00:00Z",
  };
  const { object } = await client.create({
    ...backend("shown"),
    status: { conditions: [condition] },
  });
  expect(object.status).toBeUndefined();

  const answer = await client.raw("PUT", `${PATH}/shown/status`, {
    ...object,
    spec: { ...(object.spec as object), schema: { name: "Anthropic" } },
    status: { conditions: [condition] },
  });
  expect(JSON.parse(answer.body)).toMatchObject({
    spec: { schema: { name: "OpenAI" } },
    status: { conditions: [condition] },
  });

  const table = await client.raw(
    "GET",
    `${PATH}/shown`,
    undefined,
    undefined,
    "as=Table;g=meta.k8s.io;v=v1",
  );
  const { columnDefinitions, rows } = JSON.parse(table.body);
  const column = columnDefinitions.findIndex(({ name }: { name: string }) => name === "Status");
  expect(rows[0].cells[column]).toBe("Accepted");
});

test("entries of keyed lists have owners of their own", async () => {
  const { client } = plane();
  const withHeader = (name: string): KubeObject => {
    const object = backend("shared");
    return {
      ...object,
      spec: { ...(object.spec as object), headerMutation: { set: [{ name, value: "a" }] } },
    };
  };
  await client.apply(withHeader("x-one"), { owner: "one" });
  await client.apply(withHeader("x-two"), { owner: "two" });
  expect(await client.get(backend("shared"))).toMatchObject({
    spec: { headerMutation: { set: [{ name: "x-one" }, { name: "x-two" }] } },
  });
});

test("short names", async () => {
  const { body } = await plane().client.raw("GET", "/apis/aigateway.envoyproxy.io/v1beta1");
  const { resources } = JSON.parse(body) as {
    resources: { name: string; shortNames?: string[]; namespaced: boolean }[];
  };
  const found = resources.find(({ name }) => name === "gatewayconfigs");
  expect(found).toMatchObject({ shortNames: ["gwconfig"], namespaced: true });
});
