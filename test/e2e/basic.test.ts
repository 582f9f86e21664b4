/** The reference's basic example: model routes to providers with keys, through the whole system. */

import { localAddressOf } from "../support/cluster/cluster.ts";
import {
  ANTHROPIC_KEY,
  ANTHROPIC_MODELS,
  startAnthropic,
} from "../support/standins/anthropic/server.ts";
import { OPENAI_KEY, startOpenAi } from "../support/standins/openai/server.ts";
import type { StandIn } from "../support/standins/standin.ts";
import { eventually, runtimeForAll } from "./cluster.ts";
import { gatewayOf, providerOf, routeOf, ruleOf } from "./resources.ts";

jest.setTimeout(90_000);
const cluster = runtimeForAll();
const CLAUDE = ANTHROPIC_MODELS[0] ?? "";

const KEYS = ["route_name", "backend_name", "ai_service_backend_name", "original_model"];
/** A user's format of the access log, as the reference's users write it. */
const LOGGING = `
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: EnvoyProxy
metadata: {name: logging, namespace: default}
spec:
  telemetry:
    accessLog:
      settings:
        - sinks: [{type: File, file: {path: /dev/stdout}}]
          format:
            type: JSON
            json:
${[...KEYS, "model_name_override"]
  .map((key) => `              ${key}: "%DYNAMIC_METADATA(io.envoy.ai_gateway:${key})%"`)
  .join("\n")}
`;

let openai: StandIn;
let anthropic: StandIn;
beforeAll(async () => {
  openai = await startOpenAi();
  anthropic = await startAnthropic();
  await cluster().setHost("api.openai.test", "127.0.0.1");
  await cluster().setHost("api.anthropic.test", "127.0.0.1");
  await cluster().apply(LOGGING);
  await cluster().apply(
    gatewayOf("gw").replace(
      "gatewayClassName:",
      "infrastructure: {parametersRef: {group: gateway.envoyproxy.io, kind: EnvoyProxy, name: logging}}\n  gatewayClassName:",
    ),
  );
  await cluster().apply(
    providerOf({
      name: "openai",
      schema: "OpenAI",
      host: "api.openai.test",
      port: openai.port,
      key: { type: "APIKey", value: OPENAI_KEY },
    }),
  );
  await cluster().apply(
    providerOf({
      name: "anthropic",
      schema: "Anthropic",
      host: "api.anthropic.test",
      port: anthropic.port,
      key: { type: "AnthropicAPIKey", value: ANTHROPIC_KEY },
    }),
  );
  await cluster().apply(
    routeOf(
      "basic",
      "gw",
      ruleOf("gpt-4o-mini", "[{name: openai}]") +
        ruleOf("renamed", "[{name: openai, modelNameOverride: gpt-4o-mini}]") +
        ruleOf(CLAUDE, "[{name: anthropic}]"),
    ),
  );
}, 60_000);
afterAll(() => Promise.all([openai?.close(), anthropic?.close()]));

interface Completion {
  model: string;
  choices: { message: { content: string } }[];
  usage: { total_tokens: number };
}

async function chat(model: string, body: object = {}): Promise<Response> {
  const { host, port } = await cluster().gatewayAddress({ namespace: "default", name: "gw" });
  return fetch(`http://${host}:${port(80)}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer client" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "hello" }], ...body }),
  });
}

/** The answer once the route is programmed. */
const answered = (model: string): Promise<Completion> =>
  eventually(async () => {
    const response = await chat(model);
    const text = await response.text();
    expect(`${response.status} ${text}`).toMatch(/^200 /);
    return JSON.parse(text) as Completion;
  });

test("native: the provider gets its own key, the client its answer", async () => {
  const { choices } = await answered("gpt-4o-mini");
  expect(choices[0]?.message.content).not.toBe("");
  expect(openai.requests.at(-1)?.headers.authorization).toBe(`Bearer ${OPENAI_KEY}`);
});

test("translated: ext_proc's Pods turn it into the provider's own API", async () => {
  const { choices, usage } = await answered(CLAUDE);
  expect(choices[0]?.message.content).not.toBe("");
  expect(usage.total_tokens).toBeGreaterThan(0);
  const last = anthropic.requests.at(-1);
  expect(last?.path).toBe("/v1/messages");
  expect(last?.headers["x-api-key"]).toBe(ANTHROPIC_KEY);
});

test("users' access logs name who served a request, in both lanes", async () => {
  const served: [model: string, backend: string, servedAs: string][] = [
    ["gpt-4o-mini", "openai", "gpt-4o-mini"],
    ["renamed", "openai", "gpt-4o-mini"],
    [CLAUDE, "anthropic", CLAUDE],
  ];
  for (const [model] of served) {
    await answered(model);
    const { headers } = await chat(model);
    expect([...headers.keys()].filter((name) => name.startsWith("x-ai-eg"))).toEqual([]);
  }
  // Envoy writes its logs from time to time.
  await eventually(async () => {
    const texts = [...(await cluster().logs(/_envoy\.log$/)).values()];
    const lines = texts.flatMap((text) => text.split("\n").filter((each) => each.startsWith("{")));
    const told = lines.map((line) => JSON.parse(line) as unknown);
    for (const [model, backend, servedAs] of served) {
      expect(told).toContainEqual({
        route_name: "default/basic",
        backend_name: `default/${backend}`,
        ai_service_backend_name: `default/${backend}`,
        original_model: model,
        model_name_override: servedAs,
      });
    }
  });
});

test("a model that no rule has is refused in the client's own shape", async () => {
  await answered("gpt-4o-mini");
  const response = await chat("nobody-has-this");
  expect(response.status).toBe(404);
  expect(await response.json()).toHaveProperty("error.message");
});

test("the route says that it is accepted", async () => {
  const route = {
    apiVersion: "aigateway.envoyproxy.io/v1beta1",
    kind: "AIGatewayRoute",
    metadata: { name: "basic", namespace: "default" },
  };
  await cluster().until(route, ({ status, metadata }) => {
    const { conditions = [] } = (status ?? {}) as {
      conditions?: { type: string; status: string; observedGeneration?: number }[];
    };
    return conditions.some(
      (each) =>
        each.type === "Accepted" &&
        each.status === "True" &&
        each.observedGeneration === metadata.generation,
    );
  });
});

test("Gateways that share one Envoy serve what is theirs alone", async () => {
  const merged = (name: string, port: number): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: ${name}, namespace: default}
spec: {gatewayClassName: merged, listeners: [{name: http, protocol: HTTP, port: ${port}}]}
`;
  await cluster().apply(`
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: EnvoyProxy
metadata: {name: merged, namespace: default}
spec: {mergeGateways: true}
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: merged}
spec:
  controllerName: gateway.envoyproxy.io/gatewayclass-controller
  parametersRef: {group: gateway.envoyproxy.io, kind: EnvoyProxy, name: merged, namespace: default}
`);
  const gateways: [name: string, port: number, model: string, backend: string][] = [
    ["one", 8101, "gpt-4o-mini", "openai"],
    ["two", 8102, CLAUDE, "anthropic"],
  ];
  for (const [name, port, model, backend] of gateways) {
    await cluster().apply(merged(name, port));
    await cluster().apply(routeOf(`of-${name}`, name, ruleOf(model, `[{name: ${backend}}]`)));
  }
  const ask = async (port: number, model: string): Promise<number> => {
    const labels = { "gateway.envoyproxy.io/owning-gatewayclass": "merged" };
    const [pod] = await cluster().readyPods("envoy-gateway-system", labels);
    const response = await fetch(`http://${localAddressOf(pod)}:${port}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model, messages: [{ role: "user", content: "hello" }] }),
    });
    await response.arrayBuffer();
    return response.status;
  };
  await eventually(async () => {
    for (const [name, port, model] of gateways) {
      expect([name, await ask(port, model)]).toEqual([name, 200]);
    }
  }, 60_000);
  expect(await ask(8101, CLAUDE)).toBe(404);
  expect(await ask(8102, "gpt-4o-mini")).toBe(404);
  expect(openai.requests.at(-1)?.headers.authorization).toBe(`Bearer ${OPENAI_KEY}`);
});
