/** From typed inputs to an answered request: `pulumi up` on a cluster that runs what it is given. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { AiGateway, type ObjectReference, openaiCompatible } from "../../components/typed/index.ts";
import { envoyGatewayConfig } from "../support/cluster/envoy-gateway-config.ts";
import { envoyGatewayChart } from "../support/kube/chart.ts";
import { type Engine, startEngine } from "../support/pulumi/engine.ts";
import { OPENAI_KEY, startOpenAi } from "../support/standins/openai/server.ts";
import type { StandIn } from "../support/standins/standin.ts";
import { eventually, runtimeForAll } from "./cluster.ts";

jest.setTimeout(400_000);
/** What differs here of the chart's values: Pods are processes that need no webhook. */
const HERE = {
  topologyInjector: { enabled: false },
  config: { envoyGateway: { provider: envoyGatewayConfig().provider } },
};
/** No kinds, no Envoy Gateway, nothing of ours. */
const cluster = runtimeForAll({ empty: true });
const HOST = "api.openai.test";
const GATEWAY = { namespace: "ai", name: "ai" };
/** Another gateway of the same cluster, on what the first one installed. */
const SECOND = { namespace: "edge", name: "edge" };

/** Envoy Gateway gives Envoys six minutes to end, of which a namespace that is deleted waits for three. */
const SHORT_GRACE = {
  kind: "EnvoyProxy",
  patch: {
    spec: {
      provider: {
        kubernetes: {
          envoyDeployment: {
            patch: {
              type: "StrategicMerge",
              value: { spec: { template: { spec: { terminationGracePeriodSeconds: 5 } } } },
            },
          },
        },
      },
    },
  },
};
const AVAILABLE = { "pulumi.com/waitFor": "condition=Available" };

let provider: StandIn;
let engine: Engine;
let folder: string;
let chart: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "chart-"));
  chart = await envoyGatewayChart(folder);
  provider = await startOpenAi();
  await cluster().setHost(HOST, "127.0.0.1");
  engine = await startEngine(cluster().kubeconfig);
}, 60_000);
afterAll(async () => {
  await Promise.all([engine?.close(), provider?.close()]);
  await rm(folder, { recursive: true, force: true });
});

const stackFor = (model: string): Promise<Stack> =>
  engine.stack("serves", async () => {
    const serving = (name: string) => ({
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
          rules: [
            { models: [name], backends: [{ backend: "openai" as const, model: "gpt-4o-mini" }] },
          ],
        },
      },
    });
    const gateway = new AiGateway(GATEWAY.name, {
      ...serving(model),
      // Its own chart as its module has it, installed by Helm.
      envoyGateway: { chart, values: HERE },
      // Pulumi's provider waits for Deployments, so that what they wait for must come before them.
      patches: [
        { kind: "Deployment", patch: { metadata: { annotations: AVAILABLE } } },
        SHORT_GRACE,
      ],
      controlPlane: { image: `registry.example.com/envoy-ai-gateway@sha256:${"0".repeat(64)}` },
    });
    const second = new AiGateway(
      SECOND.name,
      {
        ...serving("edge"),
        envoyGateway: { install: false },
        controlPlane: { install: false },
        patches: [SHORT_GRACE],
      },
      { dependsOn: gateway },
    );
    return {
      endpoint: gateway.endpoint,
      ready: pulumi.all([gateway.ready, second.ready]),
      addresses: gateway.addresses,
      objects: pulumi.all([gateway.objects, second.objects]).apply((all) => all.flat()),
      models: gateway.models,
    };
  });

async function chat(model: string, gateway = GATEWAY): Promise<{ status: number; text: string }> {
  const { host, port } = await cluster().gatewayAddress(gateway);
  const response = await fetch(`http://${host}:${port(80)}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "hello" }] }),
  });
  return { status: response.status, text: await response.text() };
}

const answered = (model: string, gateway = GATEWAY) =>
  eventually(async () => {
    const { status, text } = await chat(model, gateway);
    expect(`${status} ${text}`).toMatch(/^200 /);
  }, 60_000);

function notFound(error: Error): boolean {
  expect(error.message).toMatch(/not found/);
  return false;
}

const changes = (summary: { resourceChanges?: Record<string, number | undefined> }) =>
  summary.resourceChanges;

test("on an empty cluster: up, an answer, up again, another model, refresh, destroy", async () => {
  const stack = await stackFor("first");
  const planned = (await stack.preview()).changeSummary;
  const up = await stack.up();
  expect(changes(up.summary)).toEqual(planned);
  expect(up.outputs.models?.value).toEqual({ chat: ["first"] });
  expect(up.outputs.ready?.value).toEqual([true, true]);
  expect(up.outputs.addresses?.value).toHaveLength(1);
  await answered("first");
  expect(provider.requests.at(-1)?.headers.authorization).toBe(`Bearer ${OPENAI_KEY}`);
  expect(String(provider.requests.at(-1)?.body)).toContain('"model":"gpt-4o-mini"');

  await answered("edge", SECOND);
  expect((await chat("first", SECOND)).status).toBe(404);
  expect((await chat("edge")).status).toBe(404);

  const total = planned.create ?? 0;
  expect(changes((await stack.up()).summary)).toEqual({ same: total });

  const changed = await stackFor("second");
  expect(changes((await changed.up()).summary)).toEqual({ same: total - 1, update: 1 });
  const reported = performance.now();
  await answered("second");
  const within = performance.now() - reported;
  console.log(`a changed model is served ${Math.round(within)} ms after up reports it`);
  expect(within).toBeLessThan(1000);
  expect((await chat("first")).status).toBe(404);

  expect(changes((await changed.refresh()).summary)).toEqual({ same: total });

  await changed.destroy();
  const made = up.outputs.objects?.value as ObjectReference[];
  expect(made.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(["ClusterRole", "ClusterRoleBinding", "GatewayClass", "Namespace"]),
  );
  await eventually(async () => {
    for (const { apiVersion, kind, name, namespace } of made) {
      const metadata = namespace === undefined ? { name } : { name, namespace };
      const left = await cluster()
        .client.get({ apiVersion, kind, metadata })
        .then(() => true, notFound);
      // Definitions outlive the stack by default: with them would go every object of their kinds.
      expect([kind, name, left]).toEqual([kind, name, kind === "CustomResourceDefinition"]);
    }
    const envoys = await cluster().readyPods("envoy-gateway-system", {
      "gateway.envoyproxy.io/owning-gateway-name": GATEWAY.name,
    });
    expect(envoys).toEqual([]);
  }, 60_000);
});
