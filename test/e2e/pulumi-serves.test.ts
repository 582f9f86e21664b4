/** From typed inputs to an answered request: `pulumi up` on a cluster that runs what it is given. */
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { envoyGatewayValues } from "../../components/internal/objects/install.ts";
import { AiGateway, openaiCompatible } from "../../components/typed/index.ts";
import { SYSTEM_NAMESPACE } from "../../runtime/manifests/names.ts";
import { ENVOY_GATEWAY_NAMESPACE } from "../support/cluster/envoy-gateway.ts";
import { envoyGatewayConfig } from "../support/cluster/envoy-gateway-config.ts";
import { renderEnvoyGateway } from "../support/kube/chart.ts";
import { type Engine, startEngine } from "../support/pulumi/engine.ts";
import { OPENAI_KEY, startOpenAi } from "../support/standins/openai/server.ts";
import type { StandIn } from "../support/standins/standin.ts";
import { eventually, runtimeForAll } from "./cluster.ts";

jest.setTimeout(240_000);
/** Values of the chart as the component has them. */
const VALUES = envoyGatewayValues({}, SYSTEM_NAMESPACE);
/** What differs here: kinds are installed already, and Pods are processes that need no webhook. */
const HERE = {
  crds: { enabled: false },
  topologyInjector: { enabled: false },
  config: { envoyGateway: { provider: envoyGatewayConfig().provider } },
};
const cluster = runtimeForAll(async () => ({
  deployed: false,
  envoyGatewayObjects: await renderEnvoyGateway(ENVOY_GATEWAY_NAMESPACE, VALUES, HERE),
}));
const HOST = "api.openai.test";
const GATEWAY = { namespace: "ai", name: "ai" };

let provider: StandIn;
let engine: Engine;
beforeAll(async () => {
  provider = await startOpenAi();
  await cluster().setHost(HOST, "127.0.0.1");
  engine = await startEngine(cluster().kubeconfig);
}, 60_000);
afterAll(() => Promise.all([engine?.close(), provider?.close()]));

const stackFor = (model: string): Promise<Stack> =>
  engine.stack("serves", async () => {
    const gateway = new AiGateway(GATEWAY.name, {
      backends: {
        openai: openaiCompatible({
          host: HOST,
          port: provider.port,
          tls: false,
          apiKey: pulumi.secret(OPENAI_KEY),
        }),
      },
      routes: {
        chat: {
          rules: [{ models: [model], backends: [{ backend: "openai", model: "gpt-4o-mini" }] }],
        },
      },
      // It is there, from its own chart: the stand-in for the Kubernetes provider has no Helm.
      envoyGateway: { install: false },
      controlPlane: { image: `registry.example.com/envoy-ai-gateway@sha256:${"0".repeat(64)}` },
    });
    return {
      endpoint: gateway.endpoint,
      models: gateway.models,
      envoyGatewayValues: gateway.envoyGatewayValues,
    };
  });

async function chat(model: string): Promise<{ status: number; text: string }> {
  const { host, port } = await cluster().gatewayAddress(GATEWAY);
  const response = await fetch(`http://${host}:${port(80)}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "hello" }] }),
  });
  return { status: response.status, text: await response.text() };
}

const answered = (model: string) =>
  eventually(async () => {
    const { status, text } = await chat(model);
    expect(`${status} ${text}`).toMatch(/^200 /);
  }, 60_000);

const changes = (summary: { resourceChanges?: Record<string, number | undefined> }) =>
  summary.resourceChanges;

test("up, an answer, up again, another model, refresh, destroy", async () => {
  const stack = await stackFor("first");
  const planned = (await stack.preview()).changeSummary;
  const up = await stack.up();
  expect(changes(up.summary)).toEqual(planned);
  expect(up.outputs.models?.value).toEqual({ chat: ["first"] });
  expect(up.outputs.envoyGatewayValues?.value).toEqual(VALUES);
  await answered("first");
  expect(provider.requests.at(-1)?.headers.authorization).toBe(`Bearer ${OPENAI_KEY}`);
  expect(String(provider.requests.at(-1)?.body)).toContain('"model":"gpt-4o-mini"');

  const total = planned.create ?? 0;
  expect(changes((await stack.up()).summary)).toEqual({ same: total });

  const changed = await stackFor("second");
  expect(changes((await changed.up()).summary)).toEqual({ same: total - 1, update: 1 });
  const reported = performance.now();
  await answered("second");
  console.log(
    `a changed model is served ${Math.round(performance.now() - reported)} ms after up reports it`,
  );
  expect((await chat("first")).status).toBe(404);

  expect(changes((await changed.refresh()).summary)).toEqual({ same: total });

  await changed.destroy();
  await eventually(async () => {
    for (const namespace of ["ai", "envoy-ai-gateway-system"]) {
      const object = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
      await expect(cluster().client.get(object)).rejects.toThrow(/not found/);
    }
    const envoys = await cluster().readyPods("envoy-gateway-system", {
      "gateway.envoyproxy.io/owning-gateway-name": GATEWAY.name,
    });
    expect(envoys).toEqual([]);
  }, 60_000);
});
