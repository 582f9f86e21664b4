import { fromBinary } from "@bufbuild/protobuf";
import { type ChannelCredentials, Client, credentials, status } from "@grpc/grpc-js";
import {
  PostEndpointsModifyResponseSchema,
  PostTranslateModifyResponseSchema,
} from "../../../protos/gen/proto/extension/service_pb.ts";
import { backend, gateway, route, snapshot } from "../../../test/support/yaml-resources.ts";
import { compile } from "../compile/compile.ts";
import type { Plan } from "../compile/plan.ts";
import {
  assignmentBytes,
  cluster,
  OPTIONS,
  translation,
} from "../extension/testdata/translated.ts";
import { join } from "../extension/wire.ts";
import { type Certificates, issueCertificates } from "../kube/issue-certificates.ts";
import { carriersOf } from "../objects/carriers.ts";
import {
  type ExtensionServer,
  type ExtensionServerOptions,
  type HookCall,
  startExtensionServer,
} from "./extension.ts";

const RULE = "httproute/default/r/rule/0";
const A = { name: "a", host: "a.example.com", position: 0 };

const planOf = (host = A.host): Plan =>
  compile(
    snapshot(
      gateway,
      backend("a", "OpenAI", "", host),
      route(
        "[{matches: [{headers: [{name: x-ai-eg-model, value: m}]}], backendRefs: [{name: a}]}]",
      ),
    ),
  );
const revisionOf = (plan: Plan): string => [...carriersOf(plan).values()][0] ?? "";

/** A `PostTranslateModifyRequest`, translated from what that plan came to. */
function request(revision: string, host = A.host): Uint8Array {
  const { clusters, listeners, routes } = translation({
    clusters: [cluster(RULE, [{ ...A, host }])],
    routes: [{ name: `${RULE}/match/0/*`, model: "m", revision }],
  });
  let bytes: Uint8Array = new Uint8Array();
  for (const [field, all] of [
    [2, clusters],
    [4, listeners],
    [5, routes],
  ] as const) {
    bytes = join(bytes, field, all);
  }
  return bytes;
}

let server: ExtensionServer | undefined;
let clients: Client[] = [];
let calls: HookCall[] = [];

afterEach(async () => {
  for (const client of clients) client.close();
  clients = [];
  calls = [];
  await server?.close();
});

async function start(options: Partial<ExtensionServerOptions>): Promise<void> {
  server = await startExtensionServer({
    listen: { host: "127.0.0.1", port: 0 },
    plan: () => undefined,
    extension: OPTIONS,
    observe: (call) => calls.push(call),
    ...options,
  });
}

function call(
  method: string,
  bytes: Uint8Array,
  secured: ChannelCredentials = credentials.createInsecure(),
): Promise<Uint8Array> {
  const client = new Client(`localhost:${server?.port}`, secured, {
    "grpc.max_receive_message_length": -1,
  });
  clients.push(client);
  const same = (value: Uint8Array): Buffer => Buffer.from(value);
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(method, same, same, bytes, (error, answer) =>
      error ? reject(error) : resolve(answer ?? new Uint8Array()),
    );
  });
}

const hook = (name: string, bytes: Uint8Array, secured?: ChannelCredentials): Promise<Uint8Array> =>
  call(`/envoygateway.extension.EnvoyGatewayExtension/${name}`, bytes, secured);

async function translated(bytes: Uint8Array): Promise<string> {
  const answer = await hook("PostTranslateModify", bytes);
  const { clusters } = fromBinary(PostTranslateModifyResponseSchema, answer);
  return JSON.stringify(clusters, (_, value: unknown) => (typeof value === "bigint" ? "" : value));
}

describe("a hook before there is a plan", () => {
  test("waits for the first, and answers by it", async () => {
    let plan: Plan | undefined;
    await start({ plan: () => plan });
    const answer = translated(request(revisionOf(planOf())));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(calls).toEqual([]);
    plan = planOf();
    server?.planChanged();
    expect(await answer).toContain("default/r/rule/0/backend/default/a/");
    expect(calls).toMatchObject([{ hook: "PostTranslateModify", outcome: "edited" }]);
  });

  test("does not wait for ever: then nothing passes", async () => {
    await start({ firstPlanWithinMs: 20 });
    expect(await translated(request("r"))).not.toContain(A.host);
  });

  test("health says whether there is one", async () => {
    let plan: Plan | undefined;
    await start({ plan: () => plan });
    const check = async () => [...(await call("/grpc.health.v1.Health/Check", new Uint8Array()))];
    expect(await check()).toEqual([8, 2]);
    plan = planOf();
    expect(await check()).toEqual([8, 1]);
  });
});

describe("a translation of what another replica wrote", () => {
  const old = planOf();
  const next = planOf("new.example.com");

  test("waits for the plan that it was made with", async () => {
    let plan = old;
    await start({ plan: () => plan, revisionWithinMs: 10_000 });
    const answer = translated(request(revisionOf(next), "new.example.com"));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(calls).toEqual([]);
    plan = next;
    server?.planChanged();
    expect(await answer).toContain("new.example.com");
  });

  test("that is older than the newest plan is edited by the older, at once", async () => {
    let plan = old;
    await start({ plan: () => plan, revisionWithinMs: 10_000 });
    server?.planChanged();
    plan = next;
    server?.planChanged();
    expect(await translated(request(revisionOf(old)))).toContain(A.host);
  });

  test("that was answered before its plan was known is made again once, when it is", async () => {
    let plan = old;
    const again: string[] = [];
    await start({
      plan: () => plan,
      revisionWithinMs: 20,
      again: (route, revision) => again.push(`${route} ${revision}`),
    });
    const revision = revisionOf(next);
    expect(await translated(request(revision, "new.example.com"))).not.toContain("new.example.com");
    server?.planChanged();
    expect(again).toEqual([]);
    plan = next;
    server?.planChanged();
    server?.planChanged();
    expect(again).toEqual([`default/r ${revision}`]);
  });

  test("whose plan never comes loses what is not known", async () => {
    await start({ plan: () => old, revisionWithinMs: 20 });
    expect(await translated(request("never", "new.example.com"))).not.toContain("new.example.com");
  });
});

test("endpoints are bound; hooks that nothing is to be done for leave everything as it is", async () => {
  await start({ plan: () => planOf() });
  const answer = await hook(
    "PostEndpointsModify",
    join(new Uint8Array(), 1, [assignmentBytes(RULE, [A])]),
  );
  const { loadAssignment } = fromBinary(PostEndpointsModifyResponseSchema, answer);
  expect(loadAssignment?.endpoints[0]?.lbEndpoints[0]?.metadata?.filterMetadata).toHaveProperty([
    "aigateway.envoyproxy.io",
  ]);
  for (const name of ["Route", "VirtualHost", "HTTPListener", "Cluster"]) {
    expect(await hook(`Post${name}Modify`, Uint8Array.of(10, 0))).toHaveLength(0);
  }
});

test("a request that is no message fails alone, so that Envoy keeps what it has", async () => {
  await start({ plan: () => planOf() });
  await expect(hook("PostTranslateModify", Uint8Array.of(10, 200))).rejects.toMatchObject({
    code: status.INVALID_ARGUMENT,
  });
  expect(calls).toMatchObject([{ outcome: "failed", responseBytes: 0 }]);
  expect(await translated(request(revisionOf(planOf())))).toContain(A.host);
});

test("a translation far above gRPC's own limit comes and goes", async () => {
  await start({ plan: () => planOf() });
  const large = Buffer.alloc(20 * 1024 * 1024, 120);
  // Clusters of others, whose names fill them.
  const other = join(new Uint8Array(), 1, [large]);
  const answer = await hook("PostTranslateModify", join(request(revisionOf(planOf())), 2, [other]));
  expect(answer.length).toBeGreaterThan(large.length);
});

describe("over TLS", () => {
  const issue = (earlier?: string): Promise<Certificates> =>
    issueCertificates(["localhost"], new Date(), earlier);
  const served = ({ server: own, authorities }: Certificates) => ({
    ...own,
    clientCa: authorities,
  });
  const as = ({ authorities, client }: Certificates): ChannelCredentials =>
    credentials.createSsl(
      Buffer.from(authorities),
      Buffer.from(client.key),
      Buffer.from(client.certificate),
    );
  const ask = (secured: ChannelCredentials): Promise<Uint8Array> =>
    hook("PostRouteModify", new Uint8Array(), secured);

  test("only who shows a certificate of the authority is answered: answers hold credentials", async () => {
    const own = await issue();
    await start({ tls: served(own) });
    expect(await ask(as(own))).toHaveLength(0);
    await expect(ask(credentials.createSsl(Buffer.from(own.authorities)))).rejects.toMatchObject({
      code: status.UNAVAILABLE,
    });
    const stranger = await issue();
    await expect(ask(as({ ...stranger, authorities: own.authorities }))).rejects.toMatchObject({
      code: status.UNAVAILABLE,
    });
  });

  test("a certificate is renewed under connections", async () => {
    const first = await issue();
    await start({ tls: served(first) });
    await ask(as(first));
    const second = await issue(first.authorities);
    server?.renew(served(second));
    expect(await ask(as(second))).toHaveLength(0);
    // The authority that was is still accepted of clients.
    expect(await ask(as({ ...second, client: first.client }))).toHaveLength(0);
  });
});
