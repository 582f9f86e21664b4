/** The real Pulumi engine over the real API server: what `pulumi up` does to a cluster, and undoes. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  AiGateway as PlainAiGateway,
  type AiGatewayArgs as PlainArgs,
} from "../../components/index.ts";
import {
  AiGateway,
  bedrock,
  openai,
  ControlPlane as Runtime,
} from "../../components/typed/index.ts";
import { installCrds } from "../support/cluster/crds.ts";
import { type ControlPlane, startControlPlane } from "../support/kube/control-plane.ts";
import { type Engine, startEngine } from "../support/pulumi/engine.ts";

const run = promisify(execFile);
const STARTS_WITHIN_MS = 180_000;
jest.setTimeout(240_000);

let plane: ControlPlane;
let engine: Engine;
beforeAll(async () => {
  plane = await startControlPlane({
    controllers: ["namespace-controller", "garbage-collector-controller"],
    prepare: installCrds,
  });
  engine = await startEngine(plane.kubeconfig);
}, STARTS_WITHIN_MS);
afterAll(async () => {
  await engine?.close();
  await plane?.stop();
}, STARTS_WITHIN_MS);

const gatewayArgs = (models: string[]) => ({
  backends: {
    openai: openai({ apiKey: pulumi.secret("sk-not-for-print") }),
    bedrock: bedrock({ region: "us-east-1" }),
  },
  routes: {
    chat: {
      rules: [
        {
          models,
          backends: [{ backend: "openai" as const }, { backend: "bedrock" as const, priority: 1 }],
        },
      ],
    },
  },
  // The API server alone runs nothing: what the gateway runs on is another test's.
  envoyGateway: { install: false },
  gateway: { awaitReady: false },
  controlPlane: { image: "registry.example.com/envoy-ai-gateway@sha256:0", crds: false },
});

const program =
  (models: string[]): (() => Promise<Record<string, unknown>>) =>
  async () => {
    const gateway = new AiGateway("ai", gatewayArgs(models));
    return { endpoint: gateway.endpoint, models: gateway.models };
  };

interface StateResource {
  type: string;
  provider?: string;
  protect?: boolean;
  inputs: Record<string, unknown>;
}

const route = {
  apiVersion: "aigateway.envoyproxy.io/v1beta1",
  kind: "AIGatewayRoute",
  metadata: { name: "ai-chat", namespace: "ai" },
};

const changes = (summary: { resourceChanges?: Record<string, number | undefined> }) =>
  summary.resourceChanges;

test("preview, up, up again, change, refresh, destroy", async () => {
  const stack = await engine.stack("life", program(["gpt-4o-mini"]));
  const planned = (await stack.preview()).changeSummary;
  await expect(plane.client.get(route)).rejects.toThrow(/not found/);

  const first = await stack.up();
  expect(changes(first.summary)).toEqual(planned);
  expect(first.outputs.endpoint?.value).toBe(
    "http://envoy-ai-ai.envoy-gateway-system.svc.cluster.local",
  );
  expect(first.outputs.models?.value).toEqual({ chat: ["gpt-4o-mini"] });
  expect(await plane.client.get(route)).toMatchObject({
    spec: { parentRefs: [{ name: "ai" }], rules: [{ backendRefs: [{ name: "ai-openai" }, {}] }] },
  });
  const total = planned.create ?? 0;
  expect(changes((await stack.up()).summary)).toEqual({ same: total });
  expect(changes((await stack.refresh()).summary)).toEqual({ same: total });

  const changed = await engine.stack("life", program(["gpt-5"]));
  expect(changes((await changed.up()).summary)).toEqual({ same: total - 1, update: 1 });
  expect(JSON.stringify(await plane.client.get(route))).toContain("gpt-5");

  const state = await engine.state();
  expect(state).toContain("AIGatewayRoute::ai-chat");
  for (const form of ["sk-not-for-print", Buffer.from("sk-not-for-print").toString("base64")]) {
    expect(state).not.toContain(form);
  }

  expect(changes((await changed.destroy()).summary)).toEqual({ delete: total });
  await expect(plane.client.get(route)).rejects.toThrow(/not found/);
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "ai" } };
  await expect(plane.client.get(namespace)).rejects.toThrow(/not found/);
});

test("every object is the child of its component, under names that do not change", async () => {
  const stack = await engine.stack("names", program(["gpt"]));
  await stack.up();
  try {
    const { deployment } = await stack.exportStack();
    const { resources } = deployment as { resources: { urn: string; parent?: string }[] };
    const urns = resources.map(({ urn }) => urn.replace(/^urn:pulumi:names::gateways::/, ""));
    expect(urns.sort()).toMatchSnapshot();
    const orphans = resources.filter(
      ({ urn, parent }) => parent === undefined && !urn.includes("pulumi:p"),
    );
    expect(orphans).toEqual([]);
  } finally {
    await stack.destroy();
  }
});

test("an upgrade from the version before replaces and removes nothing", async () => {
  // What that version's components left in the state, of the inputs beside it; without outputs.
  const recorded = async (file: string) =>
    JSON.parse(await readFile(path.join(__dirname, "recorded", file), "utf8"));
  const inputs: PlainArgs = await recorded("inputs.json");
  const stack = await engine.stack("upgraded", async () => {
    new PlainAiGateway("ai", inputs);
  });
  await stack.importStack(await recorded("0.1.0.json"));
  const steps: Record<string, string[]> = {};
  await stack.preview({
    onEvent: ({ resourcePreEvent: event }) => {
      const { op, urn = "" } = event?.metadata ?? {};
      if (op === undefined || urn.includes("pulumi:providers:")) return;
      steps[op] = [...(steps[op] ?? []), urn];
    },
  });
  expect(steps.same?.length).toBeGreaterThan(40);
  const { same: _, update: __, ...others } = steps;
  expect(others).toEqual({});
});

test("provider, protection, transforms and aliases of a gateway hold for all of it", async () => {
  const gateway = (opts: pulumi.ComponentResourceOptions): AiGateway =>
    new AiGateway("ai", gatewayArgs(["gpt"]), opts);
  const given = async (): Promise<void> => {
    const provider = new k8s.Provider("elsewhere", { kubeconfig: plane.kubeconfig });
    gateway({
      providers: [provider],
      protect: true,
      transforms: [
        ({ type, props, opts }) =>
          type.endsWith(":Backend")
            ? { props: { ...props, metadata: { ...props.metadata, labels: { team: "ml" } } }, opts }
            : undefined,
      ],
    });
  };
  const stack = await engine.stack("options", given);
  await stack.up();
  const { deployment } = await stack.exportStack();
  const { resources } = deployment as { resources: StateResource[] };
  const objects = resources.filter(({ type }) => type.startsWith("kubernetes:"));
  expect(objects.length).toBeGreaterThan(20);
  expect(objects.filter(({ provider }) => !provider?.includes("::elsewhere::"))).toEqual([]);
  expect(objects.filter(({ protect }) => protect !== true)).toEqual([]);
  const labels = objects
    .filter(({ type }) => type.endsWith(":Backend"))
    .map(({ inputs }) => (inputs.metadata as { labels?: object }).labels);
  expect(labels).toEqual([{ team: "ml" }, { team: "ml" }]);
  await expect(stack.destroy()).rejects.toThrow(/protected/);

  // It moves below a component of the user's own: an alias tells where it was.
  const moved = await engine.stack("options", async () => {
    const provider = new k8s.Provider("elsewhere", { kubeconfig: plane.kubeconfig });
    const platform = new pulumi.ComponentResource("example:index:Platform", "platform");
    gateway({
      parent: platform,
      aliases: [{ parent: pulumi.rootStackResource }],
      providers: [provider],
      protect: false,
    });
  });
  const after = changes((await moved.up()).summary);
  expect(after).toEqual({ create: 1, update: 2, same: expect.any(Number) });
  await moved.destroy();
});

test("two stacks have gateways of their own, of one version and one control plane", async () => {
  const stackOf = (name: string, model: string, install: boolean) =>
    engine.stack(name, async () => {
      const { controlPlane, ...args } = gatewayArgs([model]);
      const own = new AiGateway(name, {
        ...args,
        controlPlane: install ? controlPlane : { install },
      });
      return { routes: own.routeNames };
    });
  const red = await stackOf("red", "gpt-red", true);
  const blue = await stackOf("blue", "gpt-blue", false);
  const live = async (name: string): Promise<string> =>
    JSON.stringify(
      await plane.client.get({ ...route, metadata: { name: `${name}-chat`, namespace: name } }),
    );
  await red.up();
  expect((await blue.up()).outputs.routes?.value).toEqual({ chat: "blue-chat" });
  expect(await live("red")).toContain("gpt-red");
  expect(await live("blue")).toContain("gpt-blue");
  await blue.destroy();
  await expect(live("blue")).rejects.toThrow(/not found/);
  const { result: _, ...untouched } = (await red.preview()).changeSummary as Record<string, number>;
  expect(Object.keys(untouched)).toEqual(["same"]);
  expect(await live("red")).toContain("gpt-red");
  await red.destroy();
});

test("this repository is a program: configuration, pulumi up, pulumi destroy", async () => {
  // The CLI keeps a stack's configuration beside Pulumi.yaml: a folder of its own, with the same content.
  const directory = await mkdtemp(path.join(tmpdir(), "program-"));
  try {
    for (const entry of await readdir(".")) {
      await symlink(path.resolve(entry), path.join(directory, entry));
    }
    const pulumi = (...words: string[]) => engine.cli(directory, ...words);
    await pulumi("stack", "init", "mine");
    const set = (key: string, value: string, ...more: string[]) =>
      pulumi("config", "set", "--stack", "mine", "--path", `gateway.${key}`, value, ...more);
    await set("backends.openai.schema", "OpenAI");
    await set("backends.openai.host", "api.openai.com");
    await set("backends.openai.apiKey.value", "sk-not-for-print", "--secret");
    await set("routes.chat.rules[0].models[0]", "gpt");
    await set("routes.chat.rules[0].backends[0].backend", "openai");
    await set("controlPlane.image", "registry.example.com/envoy-ai-gateway@sha256:0");
    await set("envoyGateway.install", "false");
    await set("gateway.awaitReady", "false");
    await pulumi("config", "set", "--stack", "mine", "name", "mine");
    const up = await pulumi("up", "--stack", "mine", "--yes");
    // What stands for parts that are not installed here is named.
    expect(up).toContain("test/support/pulumi/bin/pulumi-language-nodejs");
    expect(up).not.toContain("sk-not-for-print");
    const own = { ...route, metadata: { name: "mine-chat", namespace: "mine" } };
    const { spec } = await plane.client.get(own);
    expect(JSON.stringify(spec)).toContain('"value":"gpt"');
    await pulumi("destroy", "--stack", "mine", "--yes");
    await expect(plane.client.get(own)).rejects.toThrow(/not found/);
    // Definitions outlive the stack unless `retainCrds` says otherwise: with them goes every object of theirs.
    const definition = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "aigatewayroutes.aigateway.envoyproxy.io" },
    };
    expect((await plane.client.get(definition)).kind).toBe("CustomResourceDefinition");
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

test("wrong inputs end preview with their author's words, and nothing is created", async () => {
  const refused = path.join(__dirname, "refused.ts");
  const { stdout } = await run(process.execPath, ["--no-warnings", refused, plane.kubeconfig]);
  expect(
    stdout.match(/AiGateway "ai": backends\.openai\.host: must be a host name/g),
  ).not.toBeNull();
  expect(stdout).not.toContain("nothing");
  await expect(plane.client.get(route)).rejects.toThrow(/not found/);
});

test("what is there already is adopted; what someone else changed is seen by refresh and mended by up", async () => {
  const backend = {
    apiVersion: "gateway.envoyproxy.io/v1alpha1",
    kind: "Backend",
    metadata: { name: "ai-openai", namespace: "ai" },
  };
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "ai" } };
  const endpoints = [{ fqdn: { hostname: "api.openai.com", port: 443 } }];
  const labelled = { ...backend.metadata, labels: { by: "hand" } };
  await plane.client.apply(namespace, { owner: "someone" });
  await plane.client.apply(
    { ...backend, metadata: labelled, spec: { endpoints } },
    { owner: "someone" },
  );
  const stack = await engine.stack("drift", program(["gpt"]));
  await stack.up();
  try {
    expect((await plane.client.get(backend)).metadata).toMatchObject({ labels: { by: "hand" } });
    await plane.client.apply(
      { ...backend, spec: { endpoints: [{ fqdn: { hostname: "evil.example.com", port: 443 } }] } },
      { owner: "someone" },
    );
    expect(changes((await stack.refresh()).summary)).toMatchObject({ update: 1 });
    expect(changes((await stack.up()).summary)).toMatchObject({ update: 1 });
    expect(JSON.stringify(await plane.client.get(backend))).toContain("api.openai.com");
  } finally {
    await stack.destroy();
  }
});

// The last test, since it takes the definitions away that the others stand on.
test("definitions go with the stack where that is asked for", async () => {
  const stack = await engine.stack("definitions", async () => {
    const image = "registry.example.com/envoy-ai-gateway@sha256:0";
    new Runtime("ai", { image, retainCrds: false });
  });
  const definition = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "aigatewayroutes.aigateway.envoyproxy.io" },
  };
  await stack.up();
  expect((await plane.client.get(definition)).kind).toBe("CustomResourceDefinition");
  await stack.destroy();
  await expect(plane.client.get(definition)).rejects.toThrow(/not found/);
});
