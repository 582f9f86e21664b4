/**
 * What the reference's public examples ask for, through the whole system: fallback, token rate limits,
 * mutations, hostnames, model virtualization, backends of another namespace.
 */
import {
  ANTHROPIC_KEY,
  ANTHROPIC_MODELS,
  startAnthropic,
} from "../support/standins/anthropic/server.ts";
import { OPENAI_KEY, startOpenAi } from "../support/standins/openai/server.ts";
import type { StandIn } from "../support/standins/standin.ts";
import { eventually, runtimeForAll } from "./cluster.ts";
import { REDIS_ADDRESS, redisManifests } from "./redis.ts";
import { gatewayOf, providerOf, routeOf, ruleOf } from "./resources.ts";

jest.setTimeout(90_000);

const SECOND_KEY = "sk-of-the-second";
const CLAUDE = ANTHROPIC_MODELS[0] ?? "";
const cluster = runtimeForAll({ redis: REDIS_ADDRESS, manifests: redisManifests() });

let first: StandIn;
let second: StandIn;
let anthropic: StandIn;

beforeAll(async () => {
  [first, second, anthropic] = await Promise.all([
    startOpenAi(),
    startOpenAi({ apiKey: SECOND_KEY }),
    startAnthropic(),
  ]);
  for (const name of ["first.test", "second.test", "anthropic.test"]) {
    await cluster().setHost(name, "127.0.0.1");
  }
  await cluster().apply(gatewayOf("gw"));
  await cluster().apply(openAi("first", first.port, OPENAI_KEY));
  await cluster().apply(openAi("second", second.port, SECOND_KEY));
  await cluster().apply(
    providerOf({
      name: "anthropic",
      schema: "Anthropic",
      host: "anthropic.test",
      port: anthropic.port,
      key: { type: "AnthropicAPIKey", value: ANTHROPIC_KEY },
    }),
  );
}, 60_000);
afterAll(() => Promise.all([first, second, anthropic].map((each) => each?.close())));

const openAi = (name: string, port: number, value: string): string =>
  providerOf({
    name,
    schema: "OpenAI",
    host: `${name}.test`,
    port,
    key: { type: "APIKey", value },
  });

async function chat(
  model: string,
  { headers = {}, body = {} }: { headers?: Record<string, string>; body?: object } = {},
): Promise<{ status: number; text: string }> {
  const { host, port } = await cluster().gatewayAddress({ namespace: "default", name: "gw" });
  const response = await fetch(`http://${host}:${port(80)}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "hello" }], ...body }),
  });
  return { status: response.status, text: await response.text() };
}

const answered = (model: string, options: Parameters<typeof chat>[1] = {}): Promise<string> =>
  eventually(async () => {
    const { status, text } = await chat(model, options);
    expect(`${status} ${text}`).toMatch(/^200 /);
    return text;
  });

const modelAsked = ({ requests }: StandIn): unknown =>
  (JSON.parse(requests.at(-1)?.body.toString() ?? "{}") as { model?: unknown }).model;

test("model virtualization: clients ask for one name, providers for another", async () => {
  await cluster().apply(
    routeOf(
      "virtual",
      "gw",
      ruleOf("assistant", "[{name: first, modelNameOverride: gpt-4o-mini}]"),
    ),
  );
  await answered("assistant");
  expect(modelAsked(first)).toBe("gpt-4o-mini");
});

test("fallback: when the first provider fails, the second answers with its own key", async () => {
  await cluster().apply(
    routeOf(
      "fallback",
      "gw",
      ruleOf(
        "fallback",
        "[{name: first, modelNameOverride: gpt-4o-mini}, {name: second, priority: 1, modelNameOverride: gpt-4o}]",
      ),
    ),
  );
  await answered("fallback");
  first.fail({ kind: "status", status: 503, times: 100, match: "break here" });
  const before = second.requests.length;
  const { status, text } = await chat("fallback", {
    body: { messages: [{ role: "user", content: "break here" }] },
  });
  expect(`${status} ${text}`).toMatch(/^200 /);
  expect(second.requests.length).toBe(before + 1);
  expect(second.requests.at(-1)?.headers.authorization).toBe(`Bearer ${SECOND_KEY}`);
  expect(modelAsked(second)).toBe("gpt-4o");
});

test("mutations: headers and fields of the body that a backend wants", async () => {
  await cluster().apply(
    routeOf(
      "mutated",
      "gw",
      `
    - matches: [{headers: [{type: Exact, name: x-ai-eg-model, value: mutated}]}]
      backendRefs:
        - name: first
          modelNameOverride: gpt-4o-mini
          headerMutation: {set: [{name: x-team, value: search}], remove: [x-internal]}
          bodyMutation: {set: [{path: temperature, value: "0.5"}], remove: [user]}`,
    ),
  );
  await answered("mutated", { headers: { "x-internal": "1" }, body: { user: "me" } });
  const last = first.requests.at(-1);
  expect(last?.headers).toMatchObject({ "x-team": "search" });
  expect(last?.headers).not.toHaveProperty("x-internal");
  const body = JSON.parse(last?.body.toString() ?? "{}") as object;
  expect(body).toMatchObject({ temperature: 0.5 });
  expect(body).not.toHaveProperty("user");
});

test("hostnames: one model, another backend for each host", async () => {
  for (const [name, model] of [
    ["first", "gpt-4o-mini"],
    ["second", "gpt-4o"],
  ]) {
    await cluster().apply(
      routeOf(
        `host-${name}`,
        "gw",
        ruleOf("hosted", `[{name: ${name}, modelNameOverride: ${model}}]`),
        `hostnames: [${name}.example.com]`,
      ),
    );
  }
  for (const [name, provider] of [
    ["first", first],
    ["second", second],
  ] as const) {
    await eventually(async () => {
      const seen = provider.requests.length;
      const status = await hosted(`${name}.example.com`);
      expect(status).toBe(200);
      expect(provider.requests.length).toBe(seen + 1);
    });
  }
});

/** fetch sets the Host header by itself. */
async function hosted(name: string): Promise<number> {
  const { request } = await import("node:http");
  const { host, port } = await cluster().gatewayAddress({ namespace: "default", name: "gw" });
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host,
        port: port(80),
        path: "/v1/chat/completions",
        method: "POST",
        headers: { host: name, "content-type": "application/json" },
      },
      (response) => {
        response.resume().once("end", () => resolve(response.statusCode ?? 0));
      },
    );
    outgoing.once("error", reject);
    outgoing.end(
      JSON.stringify({ model: "hosted", messages: [{ role: "user", content: "hello" }] }),
    );
  });
}

test("a backend of another namespace serves once a ReferenceGrant permits it", async () => {
  await cluster().apply(`
apiVersion: v1
kind: Namespace
metadata: {name: team}
`);
  const inTeam = openAi("first", first.port, OPENAI_KEY).replaceAll(
    "namespace: default",
    "namespace: team",
  );
  await cluster().apply(inTeam);
  await cluster().apply(
    routeOf(
      "across",
      "gw",
      ruleOf("across", "[{name: first, namespace: team, modelNameOverride: gpt-4o-mini}]"),
    ),
  );
  await eventually(async () => expect((await chat("across")).status).toBe(503));
  await cluster().apply(`
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: routes, namespace: team}
spec:
  from: [{group: aigateway.envoyproxy.io, kind: AIGatewayRoute, namespace: default}]
  to: [{group: aigateway.envoyproxy.io, kind: AIServiceBackend}]
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: http-routes, namespace: team}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: default}]
  to: [{group: gateway.envoyproxy.io, kind: Backend}]
`);
  await answered("across");
});

const LIMIT = `
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: BackendTrafficPolicy
metadata: {name: tokens, namespace: default}
spec:
  targetRefs: [{name: limited, kind: HTTPRoute, group: gateway.networking.k8s.io}]
  rateLimit:
    type: Global
    global:
      rules:
        - clientSelectors: [{headers: [{name: x-user-id, type: Distinct}]}]
          limit: {requests: 10, unit: Hour}
          cost:
            request: {from: Number, number: 0}
            response:
              from: Metadata
              metadata: {namespace: io.envoy.ai_gateway, key: llm_total_token}
`;

describe("token rate limits", () => {
  beforeAll(async () => {
    await cluster().apply(
      routeOf(
        "limited",
        "gw",
        ruleOf("limited-native", "[{name: first, modelNameOverride: gpt-4o-mini}]") +
          ruleOf("limited-translated", `[{name: anthropic, modelNameOverride: ${CLAUDE}}]`),
        "llmRequestCosts: [{metadataKey: llm_total_token, type: TotalToken}]",
      ),
    );
    await cluster().apply(LIMIT);
    await answered("limited-native", { headers: { "x-user-id": "nobody" } });
  }, 60_000);

  test.each([
    ["native", "limited-native", {}],
    ["native, streamed", "limited-native", { stream: true }],
    ["translated", "limited-translated", {}],
    ["translated, streamed", "limited-translated", { stream: true }],
  ])("%s: who has used up the tokens waits, others do not", async (lane, model, body) => {
    const of = (user: string) => ({ headers: { "x-user-id": `${lane} ${user}` }, body });
    await eventually(async () => {
      const { status, text } = await chat(model, of("greedy"));
      // Until its tokens are counted the user is answered: the charge comes with the answer's end.
      expect(`${status} ${text}`).toMatch(/^429 /);
      expect(JSON.parse(text)).toHaveProperty("error.message");
    });
    const { status, text } = await chat(model, of("modest"));
    expect(`${status} ${text}`).toMatch(/^200 /);
  });
});
