/**
 * The rules of the control plane's half, through real Envoy Gateway: 2 (filters of the final route run),
 * 4 (endpoints over EDS), 5 (rules that Envoy Gateway splits), 6 (failover), 10 (one bad resource
 * freezes nobody). CONTRIBUTING.md lists them by number.
 */
import { createHash } from "node:crypto";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { connect, createServer, type Server } from "node:net";
import {
  Server as GrpcServer,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { type ExtensionPlane, startExtensionPlane } from "../support/extension-plane.ts";
import { BEDROCK_CREDENTIALS, startBedrock } from "../support/standins/bedrock/server.ts";
import { OPENAI_KEY, startOpenAi } from "../support/standins/openai/server.ts";
import type { StandIn } from "../support/standins/standin.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import { eventually } from "./cluster.ts";

jest.setTimeout(90_000);

const OTHER_KEY = "sk-of-the-second";
let plane: ExtensionPlane;
let first: StandIn;
let second: StandIn;
let authz: Upstream;
let caller: { port: number; stop(): void };
const asked: { path: string | undefined; headers: IncomingHttpHeaders }[] = [];
let url: string;
const forwarders: Server[] = [];

beforeAll(async () => {
  [first, second] = await Promise.all([startOpenAi(), startOpenAi({ apiKey: OTHER_KEY })]);
  authz = await startUpstream((request, response) => {
    asked.push({ path: request.url, headers: request.headers });
    response.writeHead(request.headers["x-pass"] === "yes" ? 200 : 403).end();
  });
  caller = await startCaller();
  plane = await startExtensionPlane();
  for (const name of ["first.test", "second.test", "authz.test"]) {
    await plane.cluster.setHost(name, "127.0.0.1");
  }
  await plane.serve(GATEWAY);
  url = await plane.url("ai");
}, 150_000);

afterAll(async () => {
  await plane?.stop();
  for (const server of forwarders) server.close();
  caller?.stop();
  await Promise.all([first, second, authz].map((each) => each?.close()));
}, 60_000);

/** An authorization service that is called over gRPC: passes what has `x-pass-call`. */
async function startCaller(): Promise<{ port: number; stop(): void }> {
  // CheckResponse with a google.rpc.Status: OK, and PERMISSION_DENIED.
  const [passed, refused] = [Buffer.of(0x0a, 0), Buffer.of(0x0a, 2, 8, 7)];
  const bytes = (value: Buffer): Buffer => value;
  const server = new GrpcServer();
  server.addService(
    {
      check: {
        path: "/envoy.service.auth.v3.Authorization/Check",
        requestStream: false,
        responseStream: false,
        requestSerialize: bytes,
        requestDeserialize: bytes,
        responseSerialize: bytes,
        responseDeserialize: bytes,
      },
    },
    {
      check(call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>) {
        done(null, call.request.includes("x-pass-call") ? passed : refused);
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, stop: () => server.forceShutdown() };
}

const GATEWAY = `
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: eg}
spec: {controllerName: gateway.envoyproxy.io/gatewayclass-controller}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: ai, namespace: default}
spec: {gatewayClassName: eg, listeners: [{name: http, protocol: HTTP, port: 80}]}
`;

const egBackend = (name: string, endpoint: string): string => `
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: Backend
metadata: {name: ${name}, namespace: default}
spec: {endpoints: [${endpoint}]}
`;

const fqdn = (host: string, port: number): string => `{fqdn: {hostname: ${host}, port: ${port}}}`;

/** An AIServiceBackend that refers to an object, and its key. */
const ai = (name: string, ref: string, key: string, schema = "OpenAI"): string => `
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: AIServiceBackend
metadata: {name: ${name}, namespace: default}
spec: {schema: {name: ${schema}}, backendRef: ${ref}}
---
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: BackendSecurityPolicy
metadata: {name: ${name}-key, namespace: default}
spec:
  type: APIKey
  targetRefs: [{group: aigateway.envoyproxy.io, kind: AIServiceBackend, name: ${name}}]
  apiKey: {secretRef: {name: ${name}-key}}
---
apiVersion: v1
kind: Secret
metadata: {name: ${name}-key, namespace: default}
stringData: {apiKey: ${key}}
`;

const toBackend = (name: string): string =>
  `{name: ${name}, kind: Backend, group: gateway.envoyproxy.io}`;

const named = (name: string, port: number, key: string, host = `${name}.test`): string =>
  [egBackend(name, fqdn(host, port)), ai(name, toBackend(name), key)].join("---");

const aiRoute = (name: string, model: string, refs: string): string => `
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: AIGatewayRoute
metadata: {name: ${name}, namespace: default}
spec:
  parentRefs: [{name: ai, kind: Gateway}]
  rules:
    - matches: [{headers: [{name: x-ai-eg-model, value: ${model}}]}]
      backendRefs: ${refs}
`;

const GPT = "modelNameOverride: gpt-4o-mini";

async function chat(
  model: string,
  headers: Record<string, string> = {},
  content = "hello",
): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    redirect: "manual",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model, messages: [{ role: "user", content }] }),
  });
}

/** Waits until a model is answered with this status. */
const until = (model: string, status: number, headers?: Record<string, string>): Promise<void> =>
  eventually(async () => {
    const response = await chat(model, headers);
    await response.arrayBuffer();
    expect([model, response.status]).toEqual([model, status]);
  });

const policyOn = (route: string, spec: string): string => `
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: SecurityPolicy
metadata: {name: on-${route}, namespace: default}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: ${route}}]
  ${spec}
`;

const secret = (name: string, data: string): string => `
apiVersion: v1
kind: Secret
metadata: {name: ${name}, namespace: default}
stringData: {${data}}
`;

describe("2: filters of the route that the model leads to", () => {
  const passes: Record<string, Record<string, string>> = {
    basic: { authorization: `Basic ${Buffer.from("ann:secret").toString("base64")}` },
    keyed: { "x-client-key": "client-key" },
    other: { "x-client-key": "key-of-the-other" },
    asked: { "x-pass": "yes" },
    called: { "x-pass-call": "yes" },
    claimed: { "x-team": "red" },
  };
  const everything = Object.assign({}, ...Object.values(passes)) as Record<string, string>;

  beforeAll(async () => {
    const { publicKey, privateKey } = await generateKeyPair("RS256");
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: "k", alg: "RS256" }] };
    const token = await new SignJWT({ sub: "ann" })
      .setProtectedHeader({ alg: "RS256", kid: "k" })
      .setIssuer("https://issuer.test")
      .setExpirationTime("1h")
      .sign(privateKey);
    passes.token = { authorization: `Bearer ${token}` };
    const hash = createHash("sha1").update("secret").digest("base64");
    const routes = [
      "open",
      "basic",
      "keyed",
      "other",
      "asked",
      "token",
      "denied",
      "scripted",
      "shared",
      "limited",
      "called",
      "claimed",
      "signin",
    ];
    const issuer = "https://issuer.test";
    const jwt = `jwt: {providers: [{name: p, issuer: "${issuer}", localJWKS: {type: Inline, inline: '${JSON.stringify(jwks)}'}}]}`;
    await plane.serve(
      GATEWAY,
      named("first", first.port, OPENAI_KEY),
      ...routes.map((name) => aiRoute(name, name, `[{name: first, ${GPT}}]`)),
      secret("users", `.htpasswd: "ann:{SHA}${hash}"`),
      policyOn("basic", "basicAuth: {users: {name: users}}"),
      secret("keys", "ann: client-key"),
      policyOn("keyed", apiKeys("keys")),
      secret("other-keys", "bob: key-of-the-other"),
      policyOn("other", apiKeys("other-keys")),
      egBackend("authz", fqdn("authz.test", authz.port)),
      policyOn(
        "asked",
        `extAuth: {headersToExtAuth: [x-pass, x-ai-eg-model], http: {backendRefs: [${toBackend("authz")}]}}`,
      ),
      egBackend("caller", fqdn("authz.test", caller.port)),
      policyOn(
        "called",
        `extAuth: {headersToExtAuth: [x-pass-call], grpc: {backendRefs: [${toBackend("caller")}]}}`,
      ),
      policyOn("token", jwt),
      policyOn(
        "claimed",
        "authorization: {defaultAction: Deny, rules: [{action: Allow, principal: {headers: [{name: x-team, values: [red]}]}}]}",
      ),
      secret("client", "client-secret: of-the-client"),
      policyOn(
        "signin",
        `${jwt}
  oidc:
    provider: {issuer: "${issuer}", authorizationEndpoint: "${issuer}/authorize", tokenEndpoint: "${issuer}/token"}
    clientID: gateway
    clientSecret: {name: client}
    passThroughAuthHeader: true`,
      ),
      policyOn("denied", "authorization: {defaultAction: Deny}"),
      policyOn("shared", 'cors: {allowOrigins: ["https://app.test"], allowMethods: [POST]}'),
      `
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: EnvoyExtensionPolicy
metadata: {name: on-scripted, namespace: default}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: scripted}]
  lua:
    - type: Inline
      inline: |
        function envoy_on_response(handle)
          handle:headers():add("x-scripted", "yes")
        end
`,
      `
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: BackendTrafficPolicy
metadata: {name: on-limited, namespace: default}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: limited}]
  rateLimit: {type: Local, local: {rules: [{limit: {requests: 1, unit: Hour}}]}}
`,
    );
    await until("open", 200);
    await until("denied", 403);
    await until("asked", 200, passes.asked);
  });

  const apiKeys = (name: string): string =>
    `apiKeyAuth: {credentialRefs: [{name: ${name}}], extractFrom: [{headers: [x-client-key]}]}`;

  test.each([
    ["basic", 401],
    ["keyed", 401],
    ["other", 401],
    ["asked", 403],
    ["called", 403],
    ["claimed", 403],
    ["token", 401],
  ])("%s: nobody passes without, and nobody with what opens others", async (route, refused) => {
    await until(route, 200, passes[route]);
    const own = Object.keys(passes[route] ?? {});
    const others = Object.fromEntries(
      Object.entries(everything).filter(([name]) => !own.includes(name)),
    );
    const answers = await Promise.all([chat(route), chat(route, others)]);
    expect(answers.map(({ status }) => status)).toEqual([refused, refused]);
    // Envoy's own answers have the client's shape.
    expect(await answers[0]?.json()).toMatchObject({ error: { message: expect.any(String) } });
  });

  test("signin: sends nobody else's clients to the sign-in, and lets in who has signed in", async () => {
    const token = passes.token as Record<string, string>;
    await until("signin", 200, token);
    const { authorization: _, ...others } = everything;
    for (const headers of [{}, others]) {
      const answer = await chat("signin", headers);
      expect(answer.status).toBe(302);
      expect(answer.headers.get("location")).toMatch(
        "https://issuer.test/authorize?client_id=gateway",
      );
    }
    expect((await chat("open")).status).toBe(200);
  });

  test("one key of two policies of a kind does not open the other", async () => {
    expect((await chat("keyed", passes.other)).status).toBe(401);
    expect((await chat("other", passes.keyed)).status).toBe(401);
  });

  test("a route without policies needs nothing, and forged wishes change nothing", async () => {
    const answers = await Promise.all([
      chat("open"),
      chat("open", { "x-ai-eg-filters": "|x|" }),
      chat("keyed", { "x-ai-eg-filters": "|x|", "x-ai-eg-model": "open" }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 401]);
  });

  test("an authorization service is asked about the model, and with the client's path", async () => {
    await chat("asked", passes.asked);
    expect(asked.at(-1)).toMatchObject({
      path: "/v1/chat/completions",
      headers: { "x-ai-eg-model": "asked" },
    });
  });

  test("what answers get of one route, those of another do not", async () => {
    const header = async (model: string, name: string): Promise<string | null> =>
      (await chat(model, { origin: "https://app.test" })).headers.get(name);
    expect(await header("scripted", "x-scripted")).toBe("yes");
    expect(await header("open", "x-scripted")).toBeNull();
    expect(await header("shared", "access-control-allow-origin")).toBe("https://app.test");
    expect(await header("open", "access-control-allow-origin")).toBeNull();
  });

  test("a limit counts its own route alone", async () => {
    await eventually(async () => expect((await chat("limited")).status).toBe(429));
    expect((await chat("open")).status).toBe(200);
    expect(await (await chat("limited")).json()).toMatchObject({ error: {} });
  });
});

describe("routes of others on the same Gateway", () => {
  test("work as before: bodies of any size, their own filters, their own errors", async () => {
    const bodies: number[] = [];
    const web = await startUpstream((request, response) => {
      let size = 0;
      request.on("data", (chunk: Buffer) => {
        size += chunk.length;
      });
      request.on("end", () => {
        bodies.push(size);
        response.end("web");
      });
    });
    await plane.cluster.setHost("web.test", "127.0.0.1");
    await plane.serve(
      GATEWAY,
      named("first", first.port, OPENAI_KEY),
      aiRoute("open", "open", `[{name: first, ${GPT}}]`),
      egBackend("web", fqdn("web.test", web.port)),
      `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: default}
spec:
  parentRefs: [{name: ai}]
  rules: [{matches: [{path: {value: /web}}], backendRefs: [${toBackend("web")}]}]
`,
      secret("keys", "ann: client-key"),
      policyOn(
        "web",
        "apiKeyAuth: {credentialRefs: [{name: keys}], extractFrom: [{headers: [x-client-key]}]}",
      ),
    );
    const headers = { "x-client-key": "client-key" };
    await eventually(async () =>
      expect(await (await fetch(`${url}/web`, { headers })).text()).toBe("web"),
    );
    const body = Buffer.alloc(40 * 1024 * 1024);
    expect((await fetch(`${url}/web`, { method: "POST", headers, body })).status).toBe(200);
    expect(bodies.at(-1)).toBe(body.length);
    const refused = await fetch(`${url}/web`);
    expect([refused.status, refused.headers.get("content-type")]).toEqual([401, "text/plain"]);
    await until("open", 200);
    await web.close();
  });
});

/** An address that Envoy Gateway takes, and behind which a stand-in is. */
async function addressOf(last: number, standin: StandIn): Promise<{ api: string; port: number }> {
  const local = `${plane.cluster.node.split(".").slice(0, 3).join(".")}.${last}`;
  const server = createServer((socket) => {
    const onward = connect(standin.port, "127.0.0.1");
    socket.pipe(onward).pipe(socket);
    socket.on("error", () => onward.destroy());
    onward.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(standin.port, local, resolve));
  forwarders.push(server);
  return { api: local.replace(/^127/, "198"), port: standin.port };
}

const service = (name: string, addresses: string[], port: number): string => `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: default}
spec: {ports: [{name: http, port: ${port}}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: ${name}, namespace: default, labels: {kubernetes.io/service-name: ${name}}}
addressType: IPv4
ports: [{name: http, port: ${port}}]
endpoints: [${addresses.map((each) => `{addresses: ["${each}"], conditions: {ready: true}}`).join()}]
`;

describe("4, 5, 6: backends of every kind, and failover among them", () => {
  let ip: { api: string; port: number };
  let secondIp: typeof ip;
  let world: (refs: string, serviceAddresses?: string[]) => string[];
  /** Another for each configuration, so that what is asked is what was applied. */
  let model = "";
  let worlds = 0;

  beforeAll(async () => {
    ip = await addressOf(251, first);
    secondIp = await addressOf(252, second);
    const at = ip.api;
    world = (refs, serviceAddresses = [at]) => {
      worlds += 1;
      model = `kinds-${worlds}`;
      return [
        GATEWAY,
        named("second", second.port, OTHER_KEY),
        egBackend("by-address", `{ip: {address: ${at}, port: ${first.port}}}`),
        ai("by-address", toBackend("by-address"), OPENAI_KEY),
        service("by-service", serviceAddresses, first.port),
        ai(
          "by-service",
          `{name: by-service, kind: Service, group: "", port: ${first.port}}`,
          OPENAI_KEY,
        ),
        named("first", first.port, OPENAI_KEY),
        aiRoute("kinds", model, refs),
      ];
    };
  });

  test.each(["by-address", "by-service", "first"])(
    "%s: served alone, with its key",
    async (name) => {
      await plane.serve(...world(`[{name: ${name}, ${GPT}}]`));
      const before = first.requests.length;
      await until(model, 200);
      expect(first.requests.length).toBeGreaterThan(before);
      expect(first.requests.at(-1)?.headers.authorization).toBe(`Bearer ${OPENAI_KEY}`);
    },
  );

  test.each(["by-address", "by-service", "first"])(
    "%s, then a name: 429, 500 and a reset fail over, each with its own key",
    async (name) => {
      await plane.serve(...world(`[{name: ${name}, ${GPT}}, {name: second, priority: 1, ${GPT}}]`));
      await until(model, 200);
      for (const failure of [
        { kind: "status", status: 429 },
        { kind: "status", status: 500 },
        { kind: "reset" },
      ] as const) {
        const before = second.requests.length;
        first.fail(failure);
        expect([failure, (await chat(model)).status]).toEqual([failure, 200]);
        expect(second.requests.length).toBe(before + 1);
        expect(second.requests.at(-1)?.headers.authorization).toBe(`Bearer ${OTHER_KEY}`);
      }
    },
  );

  test("a first choice that is scaled to zero leaves its requests to the second", async () => {
    const refs = `[{name: by-service, ${GPT}}, {name: second, priority: 1, ${GPT}}]`;
    await plane.serve(...world(refs));
    await until(model, 200);
    await plane.serve(...world(refs, []));
    await until(model, 200);
    const before = second.requests.length;
    const bad = (await Promise.all(Array.from({ length: 20 }, () => chat(model)))).filter(
      ({ status }) => status !== 200,
    );
    expect(bad).toEqual([]);
    expect(second.requests.length).toBe(before + 20);
  });

  test.each([
    ["addresses alone", "by-address"],
    ["names alone", "first"],
    ["a cluster each", "by-service"],
  ])("requests that only one of the backends can serve go to that one: %s", async (_, name) => {
    // The second stands for a provider that has no API for embeddings.
    const at =
      name === "by-address"
        ? `{ip: {address: ${secondIp.api}, port: ${second.port}}}`
        : fqdn("second.test", second.port);
    const vectors = "modelNameOverride: text-embedding-3-small";
    await plane.serve(
      ...world(
        `[{name: claude, ${GPT}}, {name: ${name}, priority: 1, ${vectors}}, {name: claude, priority: 2, ${GPT}}]`,
      ),
      egBackend("claude", at),
      ai("claude", toBackend("claude"), OTHER_KEY, "Anthropic"),
    );
    const embed = async (): Promise<number> => {
      const response = await fetch(`${url}/v1/embeddings`, {
        method: "POST",
        body: JSON.stringify({ model, input: "a" }),
      });
      await response.arrayBuffer();
      return response.status;
    };
    await eventually(async () => expect(await embed()).toBe(200));
    const before = [first.requests.length, second.requests.length];
    for (let i = 0; i < 10; i += 1) expect(await embed()).toBe(200);
    expect(first.requests.length).toBe((before[0] ?? 0) + 10);
    expect(second.requests.length).toBe(before[1]);
    // What all can serve begins with the first of all.
    await (await chat(model)).arrayBuffer();
    expect(second.requests.length).toBeGreaterThan(before[1] ?? 0);
  });

  test("weights hold where names stand beside addresses", async () => {
    await plane.serve(
      ...world(`[{name: by-address, weight: 1, ${GPT}}, {name: second, weight: 1, ${GPT}}]`),
    );
    await until(model, 200);
    await eventually(async () => {
      const before = [first.requests.length, second.requests.length];
      for (let i = 0; i < 40; i += 1) expect((await chat(model)).status).toBe(200);
      expect(first.requests.length - (before[0] ?? 0)).toBeGreaterThan(5);
      expect(second.requests.length - (before[1] ?? 0)).toBeGreaterThan(5);
    });
  });
});

describe("credentials in the metadata of requests", () => {
  const overriding = (name: string, schema: string, port: number, policy: string): string => `
${egBackend(name, fqdn(`${name}.test`, port))}
---
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: AIServiceBackend
metadata: {name: ${name}, namespace: default}
spec: {schema: {name: ${schema}}, backendRef: ${toBackend(name)}}
---
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: BackendSecurityPolicy
metadata: {name: ${name}, namespace: default}
spec:
  targetRefs: [{group: aigateway.envoyproxy.io, kind: AIServiceBackend, name: ${name}}]
  credentialOverride: {fromDynamicMetadata: {namespace: my.authz, fallbackToConfigured: false}}
  ${policy}
`;

  test("a key, and keys that sign: from a filter of the user's, and from nowhere else", async () => {
    const bedrock = await startBedrock();
    await plane.cluster.setHost("bedrock.test", "127.0.0.1");
    const { accessKeyId, secretAccessKey } = BEDROCK_CREDENTIALS;
    await plane.serve(
      GATEWAY,
      overriding(
        "second",
        "OpenAI",
        second.port,
        "type: APIKey\n  apiKey: {secretRef: {name: nobody}}",
      ),
      overriding(
        "bedrock",
        "AWSBedrock",
        bedrock.port,
        "type: AWSCredentials\n  awsCredentials: {region: us-east-1}",
      ),
      aiRoute("keyed", "keyed", `[{name: second, ${GPT}}]`),
      aiRoute(
        "signed",
        "signed",
        '[{name: bedrock, modelNameOverride: "us.anthropic.claude-sonnet-4-5-20250929-v1:0"}]',
      ),
      ...["keyed", "signed"].map(
        (name) => `
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: EnvoyExtensionPolicy
metadata: {name: on-${name}, namespace: default}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: ${name}}]
  lua:
    - type: Inline
      inline: |
        function envoy_on_request(handle)
          if handle:headers():get("x-pass") ~= "yes" then return end
          local metadata = handle:streamInfo():dynamicMetadata()
          metadata:set("my.authz", "x-aigw-api-key", "${OTHER_KEY}")
          metadata:set("my.authz", "x-aigw-aws-credentials", { accessKeyId = "${accessKeyId}", secretAccessKey = "${secretAccessKey}" })
        end
`,
      ),
    );
    const pass = { "x-pass": "yes" };
    await until("keyed", 200, pass);
    expect(second.requests.at(-1)?.headers.authorization).toBe(`Bearer ${OTHER_KEY}`);
    await until("signed", 200, pass);
    expect(JSON.stringify(bedrock.requests.at(-1)?.headers)).not.toContain(secretAccessKey);
    const forged = { "x-ai-eg-credential": OTHER_KEY, "x-aigw-api-key": OTHER_KEY };
    expect((await chat("keyed", forged)).status).toBe(401);
    expect((await chat("signed", forged)).status).toBe(401);
    await bedrock.close();
  });
});

test("backends behind a forward proxy are reached through it, and past it by nobody", async () => {
  const through: (string | undefined)[] = [];
  const proxy = await startUpstream((request, response) => {
    through.push(request.url);
    const onward = httpRequest(
      {
        port: first.port,
        path: new URL(request.url ?? "", "http://none").pathname,
        method: "POST",
        headers: request.headers,
      },
      (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers)),
    );
    request.pipe(onward);
  });
  const config = (address: string): string => `
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: GatewayConfig
metadata: {name: proxied, namespace: default}
spec: {forwardProxy: {address: "${address}"}}
`;
  const world = (model: string, address: string): string[] => [
    GATEWAY.replace(
      "{name: ai, namespace: default}",
      "{name: ai, namespace: default, annotations: {aigateway.envoyproxy.io/gateway-config: proxied}}",
    ),
    config(address),
    named("first", first.port, OPENAI_KEY),
    aiRoute("proxied", model, `[{name: first, ${GPT}}]`),
  ];
  await plane.serve(...world("proxied", `localhost:${proxy.port}`));
  await until("proxied", 200);
  // Envoy names the host to a proxy as it names it to a server; TLS goes by CONNECT, with its port.
  expect(through.at(-1)).toBe("http://first.test/v1/chat/completions");
  expect(first.requests.at(-1)?.headers.authorization).toBe(`Bearer ${OPENAI_KEY}`);

  const before = first.requests.length;
  await plane.serve(...world("lost", "proxy.invalid:3128"));
  await until("lost", 503);
  expect(first.requests.length).toBe(before);
  await proxy.close();
});

test("10: a resource that cannot be served takes nothing else with it", async () => {
  await plane.serve(
    GATEWAY,
    named("first", first.port, OPENAI_KEY),
    named("keyless", second.port, OTHER_KEY).replace(/apiVersion: v1\nkind: Secret[\s\S]*$/, ""),
    aiRoute("good", "good", `[{name: first, ${GPT}}]`),
    aiRoute("bad", "bad", "[{name: keyless}]"),
    aiRoute("ghost", "ghost", "[{name: nobody}]"),
    aiRoute("late", "late", `[{name: first, ${GPT}}]`),
  );
  await until("late", 200);
  await until("good", 200);
  await until("bad", 503);
  await until("ghost", 503);
  const { host, adminPort } = await plane.cluster.gatewayAddress({
    namespace: "default",
    name: "ai",
  });
  const stats = await (
    await fetch(`http://${host}:${adminPort}/stats?filter=update_rejected`)
  ).text();
  expect(stats.split("\n").filter((line) => /: [1-9]/.test(line))).toEqual([]);
});
