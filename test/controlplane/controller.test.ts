/** The controller on a real API server: what it writes, and when. */
import { installCrds } from "../support/cluster/crds.ts";
import { KubeError, type KubeObject } from "../support/kube/client.ts";
import { type ControlPlane, startControlPlane } from "../support/kube/control-plane.ts";
import { backendResource, gatewayResource, routeResource } from "../support/resources.ts";
import { documents } from "../support/yaml-resources.ts";
import { type ControllerProcess, startControllerProcess, until } from "./process.ts";

jest.setTimeout(120_000);

const CANARY = "sk-canary-7d1f0c";
const SYSTEM = "envoy-ai-gateway-system";

let plane: ControlPlane;
let controller: ControllerProcess;

const apply = async (...texts: string[]): Promise<void> => {
  for (const object of documents(...texts)) await plane.client.apply(object as KubeObject);
};
const reference = (apiVersion: string, kind: string, name: string, namespace = "default") => ({
  apiVersion,
  kind,
  metadata: { name, namespace },
});
const httpRoute = (name: string) => reference("gateway.networking.k8s.io/v1", "HTTPRoute", name);
const aiRoute = (name: string) =>
  reference("aigateway.envoyproxy.io/v1beta1", "AIGatewayRoute", name);

async function find(object: KubeObject): Promise<KubeObject | undefined> {
  try {
    return await plane.client.get(object);
  } catch (error) {
    if (error instanceof KubeError && error.status.code === 404) return undefined;
    throw error;
  }
}

type Conditions = {
  conditions?: {
    type: string;
    status: string;
    reason: string;
    message: string;
    observedGeneration: number;
    lastTransitionTime: string;
  }[];
};
const condition = (object: KubeObject | undefined, type: string) =>
  (object?.status as Conditions | undefined)?.conditions?.find((each) => each.type === type);

beforeAll(async () => {
  plane = await startControlPlane();
  await installCrds(plane.client);
  await apply(`
apiVersion: v1
kind: Namespace
metadata: {name: ${SYSTEM}}
`);
  controller = await startControllerProcess(plane.kubeconfig);
  await controller.ready();
});

afterAll(async () => {
  await controller?.end("SIGTERM");
  await plane?.stop();
});

const backend = (name: string, value = CANARY): string =>
  backendResource(name, { port: 9, key: { type: "APIKey", value } });

test("a route becomes an HTTPRoute of its name, and learns its status", async () => {
  await apply(
    gatewayResource(),
    backend("basic"),
    routeResource([{ model: "m", backends: "[{name: basic}]" }], "", "basic"),
  );
  const written = await until(() => find(httpRoute("basic")));
  expect(written.spec).toMatchObject({
    rules: [{ backendRefs: [{ name: "basic", kind: "Backend" }] }, { name: "route-not-found" }],
  });
  expect(written.metadata.labels).toMatchObject({
    "app.kubernetes.io/managed-by": "envoy-ai-gateway",
  });
  const route = await until(async () => {
    const found = await find(aiRoute("basic"));
    return condition(found, "Accepted") && found;
  });
  expect(condition(route, "Accepted")).toMatchObject({ status: "True", observedGeneration: 1 });
  expect(condition(route, "ResolvedRefs")).toMatchObject({ status: "True" });
});

test("a rotated Secret changes the revision on the carrier, and nothing shows the key", async () => {
  const revision = async (): Promise<string | undefined> => {
    const annotations = (await find(httpRoute("basic")))?.metadata.annotations as
      | Record<string, string>
      | undefined;
    return annotations?.["gateway.envoyproxy.io/ai-gateway-revision"];
  };
  const before = await until(revision);
  await apply(backend("basic", `${CANARY}-rotated`));
  await until(async () => (await revision()) !== before);
  expect(controller.text()).not.toContain(CANARY);
  const everything = await plane.client.raw("GET", "/apis/gateway.networking.k8s.io/v1/httproutes");
  expect(everything.body).not.toContain(CANARY);
  const told = await plane.client.raw("GET", "/apis/events.k8s.io/v1/events");
  expect(told.body).not.toContain(CANARY);
});

test("a missing Secret is told on the policy and the route, and mended when it comes", async () => {
  const [service, endpoints, policy, secret] = documents(backend("late"));
  for (const object of [service, endpoints, policy]) {
    await plane.client.apply(object as KubeObject);
  }
  await apply(routeResource([{ model: "late", backends: "[{name: late}]" }], "", "late"));
  const refused = await until(async () => {
    const found = await find(aiRoute("late"));
    return condition(found, "ResolvedRefs")?.status === "False" && found;
  });
  expect(condition(refused, "ResolvedRefs")?.message).toMatch(/late/);
  await plane.client.apply(secret as KubeObject);
  await until(
    async () => condition(await find(aiRoute("late")), "ResolvedRefs")?.status === "True",
  );
});

test("what was changed by hand comes back, and what is no longer wanted goes", async () => {
  await until(() => find(httpRoute("late")));
  const path = "/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes/late";
  await plane.client.raw(
    "PATCH",
    path,
    { spec: { hostnames: ["changed.example.com"], rules: [] } },
    "application/merge-patch+json",
  );
  await until(async () => {
    const rules = ((await find(httpRoute("late")))?.spec as { rules?: unknown[] })?.rules;
    return rules?.length === 2;
  });
  await plane.client.delete(aiRoute("late"));
  await until(async () => (await find(httpRoute("late"))) === undefined);
});

test("an HTTPRoute of somebody else keeps its place", async () => {
  await apply(`
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: theirs, namespace: default}
spec: {parentRefs: [{name: gw}], hostnames: [theirs.example.com]}
`);
  await apply(routeResource([{ model: "x", backends: "[{name: basic}]" }], "", "theirs"));
  await until(
    () => controller.text().includes("NameTaken") || /was not made by/.test(controller.text()),
  );
  expect((await find(httpRoute("theirs")))?.spec).toMatchObject({
    hostnames: ["theirs.example.com"],
  });
  await plane.client.delete(aiRoute("theirs"));
});

test("the next replica takes over from one that ends, and from one that dies", async () => {
  const second = await startControllerProcess(plane.kubeconfig);
  try {
    await second.ready();
    expect(await leads(second)).toBe(false);
    await controller.end("SIGTERM");
    await until(() => leads(second), 10_000);
    await apply(routeResource([{ model: "n", backends: "[{name: basic}]" }], "", "after"));
    await until(() => find(httpRoute("after")));
    await second.end("SIGKILL");
    controller = await startControllerProcess(plane.kubeconfig);
    await until(() => leads(controller), 30_000);
    await apply(routeResource([{ model: "n", backends: "[{name: basic}]" }], "", "later"));
    await until(() => find(httpRoute("later")));
  } finally {
    await second.end("SIGKILL");
  }
});

async function leads(process: ControllerProcess): Promise<boolean> {
  const { body } = await process.get("/metrics").catch(() => ({ body: "" }));
  return /^aigateway_controller_leader(\{.*\})? 1( |$)/m.test(body);
}

test("a bad version leaves the last good one serving, in the next replica too", async () => {
  const models = async (): Promise<unknown> => {
    const spec = (await find(httpRoute("basic")))?.spec as {
      rules: { matches: { headers?: { value: string }[] }[] }[];
    };
    return spec.rules[0]?.matches.map(({ headers }) => headers?.[0]?.value);
  };
  const bad = routeResource([{ model: "m", backends: "[{name: basic}]" }], "", "basic").replace(
    'type: Exact, name: x-ai-eg-model, value: "m"',
    'type: RegularExpression, name: x-ai-eg-model, value: "("',
  );
  await apply(bad);
  await until(async () => condition(await find(aiRoute("basic")), "NotAccepted") !== undefined);
  expect(await models()).toEqual(["m"]);
  expect(condition(await find(aiRoute("basic")), "Programmed")?.reason).toBe("LastGoodServed");
  const next = await startControllerProcess(plane.kubeconfig);
  await next.ready();
  await controller.end("SIGTERM");
  controller = next;
  await until(() => leads(controller), 10_000);
  await apply(routeResource([{ model: "n", backends: "[{name: basic}]" }], "", "latest"));
  await until(() => find(httpRoute("latest")));
  expect(await models()).toEqual(["m"]);
});

test("metrics tell of reconciles, and the log holds no key", async () => {
  const { body } = await controller.get("/metrics");
  for (const name of ["reconcile", "compile", "queue_depth", "plan_size"]) {
    expect(body).toContain(`aigateway_controller_${name}`);
  }
  expect(controller.text()).not.toContain(CANARY);
});
