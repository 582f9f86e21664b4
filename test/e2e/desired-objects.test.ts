/** What Envoy Gateway makes of the objects that the controller writes, before any extension edits it. */
import { compile } from "../../runtime/controller/compile/compile.ts";
import { httpRouteFacts } from "../../runtime/controller/kube/http-route-facts.ts";
import { desiredObjects } from "../../runtime/controller/objects/desired.ts";
import { REVISION_ANNOTATION } from "../../runtime/controller/objects/names.ts";
import { statusesOf } from "../../runtime/controller/status/statuses.ts";
import type { Condition } from "../../runtime/controller/status/types.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import { backend, documents, gateway, key, route, snapshot } from "../support/yaml-resources.ts";
import { clusterForAll, eventually } from "./cluster.ts";

jest.setTimeout(90_000);
const cluster = clusterForAll();

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream((_, response) => response.end("served"));
});
afterAll(() => upstream.close());

const HOST = "provider.test";
const CLASS = `
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: ai}
spec: {controllerName: gateway.envoyproxy.io/gatewayclass-controller}
`;
const REFERENCE = {
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "HTTPRoute",
  metadata: { name: "r", namespace: "default" },
};

const model = (name: string): string =>
  `matches: [{headers: [{name: x-ai-eg-model, value: ${name}}]}]`;
/** The first backend of the first rule has no key, and the only one of the second is not there. */
const RULES = [
  `{${model("served")}, backendRefs: [{name: a}, {name: b}, {name: b, priority: 1}]}`,
  `{${model("empty")}, backendRefs: [{name: ghost}]}`,
  `{${model("other")}, backendRefs: [{name: b}]}`,
].join(", ");
/** `more` goes into a backend's program, and into no object of Envoy Gateway. */
const resources = (more = ""): string[] => {
  const at = (text: string): string => text.replace("port: 443", `port: ${upstream.port}`);
  return [
    CLASS,
    gateway,
    at(backend("a", "OpenAI", "", `a.${HOST}`)),
    key("a", false),
    at(backend("b", "OpenAI", more, HOST)),
    route(`[${RULES}]`),
  ];
};

/** Does what the controller does, with these resources. */
async function write(texts: readonly string[]) {
  const input = snapshot(...texts);
  const plan = compile(input);
  const written = desiredObjects(input, plan, { rootPrefix: "/", extProc: [] });
  await cluster().apply(written as never);
  return { input, plan, written };
}

async function ask(name: string): Promise<string> {
  const { host, port } = await cluster().gatewayAddress({ namespace: "default", name: "gw" });
  const response = await fetch(`http://${host}:${port(80)}/`, {
    headers: { "x-ai-eg-model": name },
  });
  return `${response.status} ${await response.text()}`;
}

test("rules serve, what cannot be served answers 503, what nobody takes 404", async () => {
  await cluster().setHost(HOST, "127.0.0.1");
  const texts = resources();
  await cluster().apply(documents(...texts) as never);
  const { input, plan } = await write(texts);

  await eventually(async () => expect(await ask("served")).toBe("200 served"));
  // The one without weight has an address where nobody is.
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask("served")));
  expect(new Set(answers)).toEqual(new Set(["200 served"]));
  expect(await ask("other")).toBe("200 served");
  expect(await ask("empty")).toMatch(/^503 No backend/);
  expect(await ask("unknown")).toMatch(/^404 No route/);

  const httpRoute = httpRouteFacts(await cluster().client.get(REFERENCE));
  const statuses = statusesOf(input, plan, {
    httpRoutes: new Map([["default/r", httpRoute]]),
    denied: new Set(),
    rejected: new Map(),
  });
  const conditions = statuses.find(({ kind }) => kind === "AIGatewayRoute")?.conditions ?? [];
  const told = (type: Condition["type"]) => conditions.find((each) => each.type === type);
  expect(told("Accepted")?.status).toBe("True");
  expect(told("ResolvedRefs")?.message).toContain("AIServiceBackend default/ghost does not exist");
  expect(told("Programmed")).toMatchObject({ reason: "NoBackend" });
});

test("retries are there for the rule with priorities alone", async () => {
  const policy = { apiVersion: "gateway.envoyproxy.io/v1alpha1", kind: "BackendTrafficPolicy" };
  const { status } = await cluster().until(
    { ...policy, metadata: { name: "ai-eg-failover-r-0", namespace: "default" } },
    (object) => object.status !== undefined,
  );
  expect(status).toMatchObject({
    ancestors: [{ conditions: [{ type: "Accepted", status: "True" }] }],
  });
  await eventually(async () => {
    const routes = await routesOfEnvoy();
    const retries = (rule: number): unknown =>
      routes.find(({ name = "" }) => name.startsWith(`httproute/default/r/rule/${rule}/`))?.route
        ?.retry_policy;
    expect(retries(0)).toMatchObject({ num_retries: 1, retry_priority: expect.anything() });
    expect(retries(2)).toBeUndefined();
  });
});

test("a revision alone is a new translation", async () => {
  const name = REVISION_ANNOTATION.slice(REVISION_ANNOTATION.indexOf("/") + 1);
  const { written } = await write(resources(", bodyMutation: {remove: [user]}"));
  const carrier = written.find(({ kind }) => kind === "HTTPRoute");
  const revision = carrier?.metadata.annotations?.[REVISION_ANNOTATION];
  await eventually(async () => {
    const texts = JSON.stringify(await routesOfEnvoy());
    expect(texts).toContain(`"${name}":"${revision}"`);
  });
});

interface EnvoyRoute {
  name?: string;
  route?: { retry_policy?: object };
}

/** The routes of all virtual hosts that Envoy has. */
async function routesOfEnvoy(): Promise<EnvoyRoute[]> {
  const { host, adminPort } = await cluster().gatewayAddress({ namespace: "default", name: "gw" });
  const dump = await fetch(
    `http://${host}:${adminPort}/config_dump?resource=dynamic_route_configs`,
  );
  const { configs } = (await dump.json()) as {
    configs: { route_config: { virtual_hosts?: { routes: EnvoyRoute[] }[] } }[];
  };
  return configs.flatMap(({ route_config: table }) =>
    (table.virtual_hosts ?? []).flatMap(({ routes }) => routes),
  );
}
