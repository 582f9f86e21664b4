/**
 * What becomes of Secrets, and what the controller may do, over a whole scenario: every kind of
 * credential is used, fails, is rotated and taken away, in the mode with the fewest rights. Afterwards
 * no value is anywhere but in Secrets, and nothing was asked that the generated roles do not permit.
 */
import { readFile } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import path from "node:path";
import { issueCertificates } from "../../runtime/controller/kube/issue-certificates.ts";
import {
  ACCOUNTING_PORT,
  ADMIN_PORT,
  CONTROLLER,
  ENVOY_GATEWAY_NAMESPACE,
  EXT_PROC,
  EXT_PROC_PORT,
  SYSTEM_NAMESPACE,
  serviceHost,
} from "../../runtime/manifests/names.ts";
import { selectorOf } from "../../runtime/manifests/options.ts";
import { localAddressOf } from "../support/cluster/cluster.ts";
import type { KubeObject } from "../support/kube/client.ts";
import { findNeedles, type Needle } from "../support/needles.ts";
import { ANTHROPIC_MODELS, startAnthropic } from "../support/standins/anthropic/server.ts";
import { startOpenAi } from "../support/standins/openai/server.ts";
import type { StandIn } from "../support/standins/standin.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import { eventually, runtimeForAll } from "./cluster.ts";
import { gatewayOf, routeOf, ruleOf } from "./resources.ts";

jest.setTimeout(90_000);

const USER = `system:serviceaccount:${SYSTEM_NAMESPACE}:${CONTROLLER}`;
const cluster = runtimeForAll({ secretNamespaces: ["default"], audit: [USER] });

const canary = (kind: string): string => `canary+${kind}/${"7Qx=".repeat(3)}${kind}%zZ9`;
const OPENAI = canary("openai");
const ROTATED = canary("rotated");
const ANTHROPIC = canary("anthropic");
const AZURE_KEY = canary("azure-key");
const AZURE_TOKEN = canary("azure-token");
const AZURE_CLIENT = canary("azure-client");
const GCP_TOKEN = canary("gcp-token");
const GCP_FILE = canary("gcp-file");
const AWS_SECRET = canary("aws-secret");
const BROKEN = `${canary("broken")}\u0007`;
const CLOSED = canary("closed");

let openai: StandIn;
let anthropic: StandIn;
/** Any other provider: writes down what it gets, and refuses. */
let elsewhere: Upstream;
const arrived: string[] = [];
/** Bytes that Envoy sent to ext_proc and to the accounting server beside it. */
const received = new Map<string, Buffer[]>();
/** What processes told of themselves while everything was configured. */
const inForce = new Map<string, string>();
/** Answers that clients got, headers included. */
const answers: string[] = [];
const relays: Server[] = [];
let tlsKey = "";
let url = "";

const CLAUDE = ANTHROPIC_MODELS[0] ?? "";

beforeAll(async () => {
  [openai, anthropic] = await Promise.all([
    startOpenAi({ apiKey: OPENAI }),
    startAnthropic({ apiKey: ANTHROPIC }),
  ]);
  elsewhere = await startUpstream((request, response) => {
    arrived.push(JSON.stringify(request.headers));
    response.writeHead(401, { "content-type": "application/json" });
    request.resume().on("end", () => response.end('{"error":{"message":"not you"}}'));
  });
  for (const host of ["openai.test", "anthropic.test", "elsewhere.test"]) {
    await cluster().setHost(host, "127.0.0.1");
  }
  await recordExtProc();
  const { server } = await issueCertificates(["gw.test"], new Date(), undefined);
  tlsKey = server.key;
  await cluster().apply([
    secret("tls", { "tls.crt": server.certificate, "tls.key": server.key }, "kubernetes.io/tls"),
  ]);
  const gateway = gatewayOf("gw").replace(
    "{name: http, protocol: HTTP, port: 80}",
    "{name: http, protocol: HTTP, port: 80}, {name: https, protocol: HTTPS, port: 443, tls: {certificateRefs: [{name: tls}]}}",
  );
  await cluster().apply(gateway);
  await cluster().apply(PROVIDERS());
  await cluster().apply(SECRETS);
  await cluster().apply(ROUTE);
  const { host, port } = await cluster().gatewayAddress({ namespace: "default", name: "gw" });
  url = `http://${host}:${port(80)}`;
}, 120_000);

afterAll(async () => {
  for (const relay of relays) relay.close();
  await Promise.all([openai, anthropic, elsewhere].map((each) => each?.close()));
});

const secret = (
  name: string,
  stringData: Record<string, string>,
  type = "Opaque",
  namespace = "default",
): KubeObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace },
  type,
  stringData,
});

const awsFile = (value: string): string =>
  `[default]\naws_access_key_id = AKIACANARY\naws_secret_access_key = ${value}\n`;

const SECRETS: KubeObject[] = [
  secret("openai", { apiKey: OPENAI }),
  secret("anthropic", { apiKey: ANTHROPIC }),
  secret("azure-key", { apiKey: AZURE_KEY }),
  secret("azure-client", { "client-secret": AZURE_CLIENT }),
  secret("ai-eg-bsp-azure-token", { azureAccessToken: AZURE_TOKEN }),
  secret("gcp-file", { "service_account.json": `{"private_key":"${GCP_FILE}"}` }),
  secret("ai-eg-bsp-gcp", { gcpAccessToken: GCP_TOKEN }),
  secret("aws", { credentials: awsFile(AWS_SECRET) }),
  secret("broken", { apiKey: BROKEN }),
];

const backend = (name: string, schema: string, host: string, port: number, credential: string) => `
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: AIServiceBackend
metadata: {name: ${name}, namespace: default}
spec:
  schema: {name: ${schema}}
  backendRef: {name: ${name}, kind: Backend, group: gateway.envoyproxy.io}
---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: Backend
metadata: {name: ${name}, namespace: default}
spec: {endpoints: [{fqdn: {hostname: ${host}, port: ${port}}}]}
---
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: BackendSecurityPolicy
metadata: {name: ${name}, namespace: default}
spec:
  targetRefs: [{group: aigateway.envoyproxy.io, kind: AIServiceBackend, name: ${name}}]
  ${credential}
`;

/** Those that `elsewhere` plays, and what is to arrive there. */
const ELSEWHERE: Record<string, { schema: string; credential: string; arrives: string }> = {
  "azure-key": {
    schema: "AzureOpenAI, version: v1",
    credential: "type: AzureAPIKey\n  azureAPIKey: {secretRef: {name: azure-key}}",
    arrives: AZURE_KEY,
  },
  "azure-token": {
    schema: "AzureOpenAI, version: v1",
    credential:
      "type: AzureCredentials\n  azureCredentials: {clientID: c, tenantID: t, clientSecretRef: {name: azure-client}}",
    arrives: AZURE_TOKEN,
  },
  gcp: {
    schema: "GCPVertexAI",
    credential:
      "type: GCPCredentials\n  gcpCredentials: {projectName: p, region: r, credentialsFile: {secretRef: {name: gcp-file}}}",
    arrives: GCP_TOKEN,
  },
  aws: {
    schema: "AWSBedrock",
    credential:
      "type: AWSCredentials\n  awsCredentials: {region: us-east-1, credentialsFile: {secretRef: {name: aws}}}",
    arrives: "Credential=AKIACANARY/",
  },
};

const PROVIDERS = (): string =>
  [
    backend(
      "openai",
      "OpenAI",
      "openai.test",
      openai.port,
      "type: APIKey\n  apiKey: {secretRef: {name: openai}}",
    ),
    backend(
      "anthropic",
      "Anthropic",
      "anthropic.test",
      anthropic.port,
      "type: AnthropicAPIKey\n  anthropicAPIKey: {secretRef: {name: anthropic}}",
    ),
    backend(
      "broken",
      "OpenAI",
      "openai.test",
      openai.port,
      "type: APIKey\n  apiKey: {secretRef: {name: broken}}",
    ),
    backend(
      "closed",
      "OpenAI",
      "openai.test",
      openai.port,
      "type: APIKey\n  apiKey: {secretRef: {name: key, namespace: closed}}",
    ),
    ...Object.entries(ELSEWHERE).map(([name, { schema, credential }]) =>
      backend(name, schema, "elsewhere.test", elsewhere.port, credential),
    ),
  ].join("---");

const GPT = "modelNameOverride: gpt-4o-mini";
const ROUTE = routeOf(
  "all",
  "gw",
  [
    ruleOf("openai", `[{name: openai, ${GPT}}]`),
    // An attempt with a key, and then another, which ext_proc serves.
    ruleOf(
      "both",
      `[{name: openai, ${GPT}}, {name: anthropic, priority: 1, modelNameOverride: ${CLAUDE}}]`,
    ),
    ruleOf("broken", "[{name: broken}]"),
    ruleOf("closed", "[{name: closed}]"),
    ...Object.keys(ELSEWHERE).map((name) => ruleOf(name, `[{name: ${name}}]`)),
  ].join(""),
);

/** Has Envoy reach ext_proc through here, so that what it is sent can be read. */
async function recordExtProc(): Promise<void> {
  const [pod] = await cluster().readyPods(SYSTEM_NAMESPACE, selectorOf(EXT_PROC));
  const here = `${cluster().node.split(".").slice(0, 3).join(".")}.251`;
  for (const port of [EXT_PROC_PORT, ACCOUNTING_PORT]) {
    const bytes: Buffer[] = [];
    received.set(`what port ${port} of ext_proc got`, bytes);
    const relay = createServer((socket) => {
      const onward = connect(port, localAddressOf(pod));
      socket.on("data", (chunk: Buffer) => bytes.push(chunk));
      socket.pipe(onward).pipe(socket);
      socket.on("error", () => onward.destroy());
      onward.on("error", () => socket.destroy());
    });
    await new Promise<void>((resolve) => relay.listen(port, here, resolve));
    relays.push(relay);
  }
  await cluster().setHost(serviceHost(EXT_PROC, SYSTEM_NAMESPACE), here);
}

async function chat(model: string, content = "hello", stream = false): Promise<string> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer of-the-client" },
    body: JSON.stringify({ model, stream, messages: [{ role: "user", content }] }),
  });
  const text = await response.text();
  answers.push(`${JSON.stringify([...response.headers])}\n${text}`);
  return `${response.status} ${text}`;
}

const until = (model: string, answer: RegExp): Promise<void> =>
  eventually(async () => expect(await chat(model)).toMatch(answer));

test("every kind of credential reaches its provider, whole, streamed and on the second attempt", async () => {
  await until("openai", /^200 /);
  expect(await chat("openai", "hello", true)).toMatch(/^200 .*\[DONE\]/s);
  for (const [model, { arrives }] of Object.entries(ELSEWHERE)) {
    await until(model, /^401 /);
    expect(arrived.some((headers) => headers.includes(arrives))).toBe(true);
  }
  openai.fail({ kind: "status", status: 503, times: 100, match: "break here" });
  openai.fail({ kind: "reset", times: 2, match: "hang up" });
  await eventually(async () => expect(await chat("both", "break here")).toMatch(/^200 /));
  expect(anthropic.requests.at(-1)?.headers["x-api-key"]).toBe(ANTHROPIC);
  await chat("openai", "hang up");
});

test("keys that are broken or may not be read are told of, without their values", async () => {
  await until("broken", /^503 /);
  await cluster().apply(CLOSED_NAMESPACE);
  await cluster().apply([secret("key", { apiKey: CLOSED }, "Opaque", "closed")]);
  await until("closed", /^503 /);
  for (const [policy, told] of [
    ["broken", "characters that no header may hold"],
    ["closed", "Secret closed/key does not exist, or may not be read"],
  ] as const) {
    await cluster().until(
      {
        apiVersion: "aigateway.envoyproxy.io/v1beta1",
        kind: "BackendSecurityPolicy",
        metadata: { name: policy, namespace: "default" },
      },
      ({ status }) => JSON.stringify(status ?? {}).includes(told),
    );
  }
});

const CLOSED_NAMESPACE = `
apiVersion: v1
kind: Namespace
metadata: {name: closed}
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: keys, namespace: closed}
spec:
  from: [{group: aigateway.envoyproxy.io, kind: BackendSecurityPolicy, namespace: default}]
  to: [{group: "", kind: Secret}]
`;

test("a key that is rotated, taken away and given again is followed at once", async () => {
  await cluster().apply([secret("openai", { apiKey: ROTATED })]);
  await until("openai", /^401 /);
  expect(openai.requests.at(-1)?.headers.authorization).toBe(`Bearer ${ROTATED}`);
  await cluster().client.delete(secret("openai", {}));
  await until("openai", /^503 /);
  const began = performance.now();
  await cluster().apply([secret("openai", { apiKey: OPENAI })]);
  await until("openai", /^200 /);
  // Secrets that may not be read hold nothing up.
  expect(performance.now() - began).toBeLessThan(2000);
  for (const [page, text] of await pages()) inForce.set(`${page} (before)`, text);
  await cluster().client.delete({
    apiVersion: "aigateway.envoyproxy.io/v1beta1",
    kind: "AIGatewayRoute",
    metadata: { name: "all", namespace: "default" },
  });
  await until("openai", /^404/);
});

test("no value of a Secret is anywhere else", async () => {
  const needles = await needlesOf();
  expect(needles.length).toBeGreaterThan(15);
  const places = new Map<string, string | Buffer>([
    ...(await logs()),
    ...(await objects()),
    ...(await pages()),
    ...inForce,
    ...[...received].map(([name, chunks]) => [name, Buffer.concat(chunks)] as const),
    ["answers of clients", answers.join("\n")],
  ]);
  // Whoever finds nothing has to be able to find something.
  const found = (name: string): string[] =>
    findNeedles([{ name, value: name }], places).map((each) => each.replace(/^.* in /, ""));
  expect(found("elsewhere.test").join("\n")).toMatch(/config_dump/);
  expect(found("aiservicebackends").join("\n")).toMatch(/object/);
  expect(found("break here").join("\n")).toMatch(`what port ${EXT_PROC_PORT}`);
  expect(found("aigateway_controller").join("\n")).toMatch(/metrics/);
  expect([...places.keys()].filter((name) => name.startsWith("log ")).length).toBeGreaterThan(5);

  expect(findNeedles(needles, places)).toEqual([]);
});

/** All values of all Secrets, and those that were in one; of keys in PEM a line of their inside. */
async function needlesOf(): Promise<Needle[]> {
  const { body } = await cluster().client.raw("GET", "/api/v1/secrets");
  const { items } = JSON.parse(body) as {
    items: { metadata: { namespace: string; name: string }; data?: Record<string, string> }[];
  };
  const stored = items.flatMap(({ metadata: { namespace, name }, data = {} }) =>
    Object.entries(data)
      .filter(([entry]) => !/\.crt$|^envoy-gateway-config|conf$/.test(entry))
      .map(([entry, text]) => ({
        name: `${entry} of ${namespace}/${name}`,
        value: inside(Buffer.from(text, "base64").toString()),
      })),
  );
  const planted = { OPENAI, ROTATED, AZURE_CLIENT, AWS_SECRET, GCP_FILE, BROKEN, CLOSED };
  return [
    ...stored.filter(({ value }) => value.length >= 16),
    ...Object.entries(planted).map(([name, value]) => ({ name, value })),
    { name: "the Gateway's TLS key", value: inside(tlsKey) },
  ];
}

const inside = (text: string): string =>
  text.includes("-----BEGIN") ? (text.split("\n")[2] ?? text) : text;

async function logs(): Promise<[string, string][]> {
  return [...(await cluster().logs())].map(([name, text]) => [`log ${name}`, text]);
}

interface ResourceList {
  resources: { name: string; verbs: string[] }[];
}

/** Everything that the API server has, but Secrets. */
async function objects(): Promise<[string, string][]> {
  const get = async <T>(at: string): Promise<T> =>
    JSON.parse((await cluster().client.raw("GET", at)).body) as T;
  const { groups } = await get<{ groups: { preferredVersion: { groupVersion: string } }[] }>(
    "/apis",
  );
  const roots = ["/api/v1", ...groups.map((each) => `/apis/${each.preferredVersion.groupVersion}`)];
  const all: [string, string][] = [];
  for (const root of roots) {
    const { resources } = await get<ResourceList>(root);
    for (const { name, verbs } of resources) {
      if (!verbs.includes("list") || (root === "/api/v1" && name === "secrets")) continue;
      all.push([
        `objects ${root}/${name}`,
        (await cluster().client.raw("GET", `${root}/${name}`)).body,
      ]);
    }
  }
  return all;
}

/** What processes tell of themselves. */
async function pages(): Promise<[string, string][]> {
  const { host, adminPort } = await cluster().gatewayAddress({ namespace: "default", name: "gw" });
  const [extProc] = await cluster().readyPods(SYSTEM_NAMESPACE, selectorOf(EXT_PROC));
  const controllers = await cluster().readyPods(SYSTEM_NAMESPACE, selectorOf(CONTROLLER));
  const [envoyGateway] = await cluster().readyPods(ENVOY_GATEWAY_NAMESPACE, {
    "control-plane": "envoy-gateway",
  });
  const addresses = [
    ...["config_dump?include_eds", "clusters?format=json", "listeners", "certs", "stats"].map(
      (page) => `http://${host}:${adminPort}/${page}`,
    ),
    ...[...controllers, extProc].map(
      (pod) => `http://${localAddressOf(pod)}:${ADMIN_PORT}/metrics`,
    ),
    `http://${localAddressOf(envoyGateway)}:19001/metrics`,
  ];
  return Promise.all(
    addresses.map(async (address): Promise<[string, string]> => {
      const response = await fetch(address);
      expect([address, response.status]).toEqual([address, 200]);
      return [address, await response.text()];
    }),
  );
}

interface AuditEvent {
  verb: string;
  requestURI: string;
  objectRef?: { resource?: string; subresource?: string; namespace?: string; name?: string };
  responseStatus?: { code?: number };
}

test("nothing was asked that the generated roles do not permit, but for the closed namespace", async () => {
  const events = await audited();
  const refused = events.filter(({ responseStatus }) => responseStatus?.code === 403);
  expect(refused.length).toBeGreaterThan(0);
  expect(
    refused
      .filter(({ objectRef }) => objectRef?.namespace !== "closed")
      .map((each) => each.requestURI),
  ).toEqual([]);
  const verbs = new Set(events.map(({ verb, objectRef }) => `${verb} ${objectRef?.resource}`));
  for (const used of [
    "patch httproutes",
    "watch aigatewayroutes",
    "create events",
    "update leases",
  ]) {
    expect(verbs).toContain(used);
  }
});

test("of Secrets nothing is read but what something refers to", async () => {
  const read = (await audited()).filter(
    ({ verb, objectRef }) => verb === "get" && objectRef?.resource === "secrets",
  );
  const names = new Set(read.map(({ objectRef }) => `${objectRef?.namespace}/${objectRef?.name}`));
  expect([...names].sort()).toEqual(
    [
      ...SECRETS.map(({ metadata }) => `default/${metadata.name}`),
      ...["ca", "client", "server"].map((each) => `${SYSTEM_NAMESPACE}/ai-eg-extension-${each}`),
    ].sort(),
  );
});

async function audited(): Promise<AuditEvent[]> {
  const text = await readFile(path.join(cluster().folder, "audit.log"), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as AuditEvent);
}
