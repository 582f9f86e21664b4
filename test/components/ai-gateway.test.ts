import { existsSync } from "node:fs";
import path from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { AiGateway, type AiGatewayArgs } from "../../components/index.ts";
import { evaluate, objectsOf, type Registered } from "../../components/render/evaluate.ts";
import { render } from "../../components/render/index.ts";
import { DEFAULT_EXT_PROC_RESOURCES } from "../../runtime/manifests/ext-proc.ts";
import type { RuntimeOptions } from "../../runtime/manifests/options.ts";
import { runtimeManifests } from "../../runtime/manifests/runtime.ts";
import { sidecarPatch } from "../../runtime/manifests/sidecar.ts";
import { evaluateGateway, twoProviders } from "./gateways.ts";

jest.setTimeout(60_000);

const find = (resources: Registered[], kind: string, name: string): Record<string, unknown> => {
  const found = objectsOf(resources).find((o) => o.kind === kind && o.metadata.name === name);
  if (found === undefined) throw new Error(`${kind} ${name} was not registered`);
  return found;
};

const sorted = (object: object): object =>
  Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));

const known = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => output.apply(resolve));

describe("AiGateway", () => {
  test("registers every part under stable names", async () => {
    const { resources } = await evaluateGateway(twoProviders());
    const names = resources
      .filter(({ type }) => !type.includes("CustomResourceDefinition"))
      .map(({ type, name }) => `${type} ${name}`);
    expect(names.sort()).toMatchSnapshot();
  });

  test("routes, backends and credentials refer to each other by the objects' names", async () => {
    const { resources } = await evaluateGateway(twoProviders());
    expect(find(resources, "AIGatewayRoute", "ai-chat")).toMatchSnapshot();
    expect(find(resources, "AIServiceBackend", "ai-bedrock")).toMatchSnapshot();
    expect(find(resources, "BackendSecurityPolicy", "ai-bedrock")).toMatchSnapshot();
    expect(find(resources, "BackendTrafficPolicy", "ai-chat")).toMatchSnapshot();
  });

  test("values of Secrets are secrets to Pulumi, given as such or not", async () => {
    const { resources } = await evaluateGateway(twoProviders());
    const holders = resources.filter(({ inputs }) =>
      JSON.stringify(inputs).includes("not-for-print"),
    );
    const guarded = holders.map(({ type, name, secrets }) => [type, name, secrets]);
    expect(guarded).toEqual([
      ["kubernetes:core/v1:Secret", "ai-openai", ["stringData"]],
      ["kubernetes:core/v1:Secret", "ai-bedrock", ["stringData"]],
    ]);
  });

  test("no output is turned into text", async () => {
    const { resources } = await evaluateGateway({
      ...twoProviders(),
      namespace: pulumi.output("tenants"),
      gateway: {
        listeners: [{ hostname: pulumi.output("ai.example.com"), port: pulumi.output(8080) }],
      },
    });
    const text = JSON.stringify(resources.map(({ inputs }) => inputs));
    expect(text).not.toMatch(/Calling \[to(String|JSON)\]|\[object Object\]|unknown-until-apply/);
    expect(find(resources, "Gateway", "ai")).toMatchObject({
      metadata: { namespace: "tenants" },
      spec: { listeners: [{ hostname: "ai.example.com", port: 8080 }] },
    });
  });

  test("tells where it listens and what it serves", async () => {
    const { result } = await evaluateGateway({
      ...twoProviders(),
      gateway: { listeners: [{ hostname: "ai.example.com", tlsSecretName: "ai-tls" }] },
    });
    expect(await known(result.endpoint)).toBe("https://ai.example.com");
    const { result: elsewhere } = await evaluateGateway({
      ...twoProviders(),
      envoyGateway: { ...twoProviders().envoyGateway, namespace: "edge" },
    });
    expect(await known(elsewhere.endpoint)).toBe("http://envoy-ai-ai.edge.svc.cluster.local");
    expect(await known(result.models)).toEqual({ chat: ["gpt-4o-mini"] });
    expect(await known(result.backendNames)).toEqual({
      openai: "ai-openai",
      bedrock: "ai-bedrock",
    });
  });

  test("tells the addresses and the readiness that the Gateway's status has", async () => {
    const status = {
      addresses: [{ type: "IPAddress", value: "203.0.113.7" }],
      conditions: [{ type: "Programmed", status: "True" }],
    };
    const live = { "kubernetes:gateway.networking.k8s.io/v1:Gateway": { status } };
    const exposed = { ...twoProviders(), gateway: { expose: "LoadBalancer" } };
    const { result, resources } = await evaluateGateway(exposed, { live });
    expect(await known(result.endpoint)).toBe("http://203.0.113.7");
    expect(await known(result.addresses)).toEqual(["203.0.113.7"]);
    expect(await known(result.ready)).toBe(true);
    // Pulumi's Kubernetes provider waits for what the annotation says.
    expect(find(resources, "Gateway", "ai")).toMatchObject({
      metadata: { annotations: { "pulumi.com/waitFor": "condition=Programmed" } },
    });

    const hidden = await evaluateGateway(twoProviders(), { live });
    expect(await known(hidden.result.endpoint)).toBe(
      "http://envoy-ai-ai.envoy-gateway-system.svc.cluster.local",
    );
    const early = { ...exposed, gateway: { ...exposed.gateway, awaitReady: false } };
    const { result: unready, resources: unawaited } = await evaluateGateway(early);
    expect(await known(unready.ready)).toBe(false);
    expect(find(unawaited, "Gateway", "ai").metadata).not.toHaveProperty("annotations");
  });

  test("tells names of, and references to, all that it made", async () => {
    const { result, resources } = await evaluateGateway({
      ...twoProviders(),
      quotas: { bought: { backends: ["openai"], total: { tokens: 5, per: "1h" } } },
      mcpRoutes: { tools: { servers: { github: { host: "mcp.example.com" } } } },
    });
    expect(await known(result.quotaNames)).toEqual({ bought: "ai-bought" });
    expect(await known(result.mcpRouteNames)).toEqual({ tools: "ai-tools" });
    expect(await known(result.envoyGatewayRelease)).toBe("eg");
    const reference = ({ apiVersion, kind, metadata }: ReturnType<typeof objectsOf>[number]) => ({
      apiVersion,
      kind,
      name: metadata.name,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    });
    const told = (await known(result.objects)).map((one) => JSON.stringify(sorted(one)));
    const made = objectsOf(resources).map((one) => JSON.stringify(sorted(reference(one))));
    expect(told.sort()).toEqual(made.sort());
  });

  test("the image is built from this package's sources where that is asked for", async () => {
    const image = "registry.example.com/team/envoy-ai-gateway:1.0.0";
    const { resources } = await evaluateGateway({
      ...twoProviders(),
      controlPlane: { image, build: true, crds: false },
    });
    const [built, ...others] = resources.filter(({ type }) => type.startsWith("docker-build:"));
    expect(others).toEqual([]);
    expect(built).toMatchObject({
      type: "docker-build:index:Image",
      name: "ai",
      inputs: { tags: [image], push: true, platforms: ["linux/amd64", "linux/arm64"] },
    });
    const { context, dockerfile } = (built?.inputs ?? {}) as Record<string, { location: string }>;
    expect(existsSync(path.join(context?.location ?? "", "package.json"))).toBe(true);
    expect(existsSync(dockerfile?.location ?? "")).toBe(true);
    for (const name of ["ai-gateway-controller", "ai-eg-ext-proc"]) {
      expect(JSON.stringify(find(resources, "Deployment", name))).toContain(`"image":"${image}"`);
    }
  });

  test("a user's provider and transformations reach every object", async () => {
    const { resources } = await evaluate(() => {
      const provider = new k8s.Provider("elsewhere", { kubeconfig: "{}" });
      new AiGateway("ai", twoProviders(), {
        providers: [provider],
        transformations: [
          ({ type, props, opts }) =>
            type.startsWith("kubernetes:core/v1:")
              ? { props: { ...props, immutable: true }, opts }
              : undefined,
        ],
      });
    });
    const objects = resources.filter(({ type }) => type.startsWith("kubernetes:"));
    expect(objects.length).toBeGreaterThan(20);
    expect(objects.filter(({ provider }) => !provider?.includes("elsewhere"))).toEqual([]);
    const core = objects.filter(({ type }) => type.startsWith("kubernetes:core/v1:"));
    expect(core.map(({ inputs }) => inputs.immutable)).toEqual(core.map(() => true));
  });

  test("an ext_proc beside each Envoy, or in pods of the gateway's own", async () => {
    const withExtProc = async (extProc: object) => {
      const gateway = { extProc };
      const { resources } = await evaluateGateway({ ...twoProviders(), gateway });
      return resources;
    };
    const image = "registry.example.com/envoy-ai-gateway@sha256:0";
    const beside = await withExtProc({ placement: "Sidecar", memory: "1Gi" });
    expect(find(beside, "Gateway", "ai")).toMatchObject({
      metadata: { annotations: { "aigateway.envoyproxy.io/ext-proc": "sidecar" } },
    });
    expect(find(beside, "EnvoyProxy", "ai")).toMatchObject({
      spec: {
        provider: {
          kubernetes: {
            envoyDeployment: {
              patch: sidecarPatch({
                image,
                extProc: { resources: { ...DEFAULT_EXT_PROC_RESOURCES, memory: "1Gi" } },
              }),
            },
          },
        },
      },
    });
    const own = await withExtProc({ placement: "Own", cpu: "2" });
    expect(find(own, "GatewayConfig", "ai")).toMatchObject({
      spec: { extProc: { kubernetes: { resources: { requests: { cpu: "2" } } } } },
    });
    expect(find(own, "Gateway", "ai")).toMatchObject({
      metadata: { annotations: { "aigateway.envoyproxy.io/gateway-config": "ai" } },
    });
  });

  test("all that the runtime's manifests can be told is an input", async () => {
    const { resources } = await evaluateGateway({
      ...twoProviders(),
      envoyGateway: { ...twoProviders().envoyGateway, namespace: "edge" },
      controlPlane: {
        image: "registry.example.com/envoy-ai-gateway@sha256:1",
        crds: false,
        imagePullSecret: "pull",
        namespace: "system",
        createNamespace: false,
        labels: { team: "ml" },
        replicas: 3,
        cpu: "1",
        memory: "2Gi",
        logLevel: "debug",
        secretNamespaces: ["ai"],
        obtainsTokens: false,
        gatewayExtProc: false,
        networkPolicies: true,
        extProc: {
          replicas: 2,
          maxReplicas: 5,
          cpu: "3",
          memory: "4Gi",
          logLevel: "warn",
          workers: 3,
          drainSeconds: 60,
        },
      },
    });
    const wanted = runtimeManifests({
      image: "registry.example.com/envoy-ai-gateway@sha256:1",
      imagePullSecrets: ["pull"],
      namespace: "system",
      createNamespace: false,
      labels: { team: "ml" },
      controller: { replicas: 3, resources: { cpu: "1", memory: "2Gi" }, logLevel: "debug" },
      extProc: {
        replicas: 2,
        maxReplicas: 5,
        resources: { cpu: "3", memory: "4Gi" },
        logLevel: "warn",
        workers: 3,
        drainSeconds: 60,
      },
      gatewayExtProc: false,
      obtainsTokens: false,
      secretNamespaces: ["ai"],
      networkPolicies: true,
      envoyGatewayNamespace: "edge",
    } satisfies Required<RuntimeOptions>);
    for (const object of wanted) {
      const there = objectsOf(resources).filter(
        ({ kind, metadata }) =>
          kind === object.kind &&
          metadata.name === object.metadata.name &&
          metadata.namespace === object.metadata.namespace,
      );
      expect(there).toEqual([object]);
    }
  });

  test("Envoy Gateway is installed with its chart, or is there already and told what it must have", async () => {
    const releases = (resources: Registered[]) =>
      resources.filter(({ type }) => type === "kubernetes:helm.sh/v3:Release");
    const envoyGateway = {
      redis: "redis.example.com:6379",
      values: { deployment: { replicas: 2 } },
    };
    const installed = await evaluateGateway({ ...twoProviders(), envoyGateway });
    const values = {
      deployment: { replicas: 2 },
      config: {
        envoyGateway: {
          rateLimit: { backend: { type: "Redis", redis: { url: "redis.example.com:6379" } } },
          extensionManager: {
            service: {
              fqdn: { hostname: "ai-gateway-controller.envoy-ai-gateway-system.svc.cluster.local" },
            },
          },
        },
      },
    };
    expect(releases(installed.resources)).toMatchObject([
      {
        name: "ai",
        inputs: {
          name: "eg",
          chart: "oci://docker.io/envoyproxy/gateway-helm",
          version: "v1.9.0",
          namespace: "envoy-gateway-system",
          values,
        },
      },
    ]);
    const own = { ...envoyGateway, install: false };
    const { resources, result } = await evaluateGateway({ ...twoProviders(), envoyGateway: own });
    expect(releases(resources)).toEqual([]);
    expect(await known(result.envoyGatewayValues)).toMatchObject(values);
    expect(await known(result.envoyGatewayRelease)).toBe("");
  });

  test("render() gives the objects that the component registers, patched alike", async () => {
    const args = {
      ...twoProviders(),
      backends: { openai: { schema: "OpenAI", host: "api.openai.com" } },
      routes: { chat: { rules: [{ models: ["gpt"], backends: [{ backend: "openai" }] }] } },
      gateway: { awaitReady: false },
      controlPlane: { image: "registry.example.com/envoy-ai-gateway@sha256:0" },
      // Whoever installs the chart makes its namespace.
      envoyGateway: { ...twoProviders().envoyGateway, createNamespace: false },
      patches: [{ kind: "EnvoyProxy", patch: { metadata: { labels: { team: "ml" } } } }],
    } satisfies AiGatewayArgs;
    type Objects = ReturnType<typeof objectsOf>;
    const named = (objects: Objects) =>
      objects.map((one): [string, object] => [`${one.kind} ${one.metadata.name}`, one]);
    // The SDK writes names of the definitions' fields in its own way.
    const comparable = (objects: Objects) =>
      Object.fromEntries(named(objects.filter(({ kind }) => !kind.endsWith("Definition"))));
    const { resources } = await evaluateGateway(args);
    const rendered: Objects = JSON.parse(JSON.stringify(render("ai", args).objects));
    expect(comparable(rendered)).toEqual(comparable(objectsOf(resources)));
    const names = (objects: Objects) => named(objects).map(([name]) => name);
    expect(names(rendered).sort()).toEqual(names(objectsOf(resources)).sort());
  });

  test("a patch changes what the inputs do not reach", async () => {
    const { resources } = await evaluateGateway({
      ...twoProviders(),
      patches: [
        { kind: "EnvoyProxy", patch: { spec: { logging: { level: { default: "debug" } } } } },
        { kind: "Backend", name: "ai-openai", patch: { metadata: { labels: { team: "ml" } } } },
      ],
    });
    expect(find(resources, "EnvoyProxy", "ai")).toMatchObject({
      spec: { logging: { level: { default: "debug" } }, provider: { type: "Kubernetes" } },
    });
    expect(find(resources, "Backend", "ai-openai")).toMatchObject({
      metadata: { name: "ai-openai", labels: { team: "ml" } },
    });
    expect(find(resources, "Backend", "ai-bedrock").metadata).not.toHaveProperty("labels");
  });

  test("outputs within a patch, or within the chart's values, are merged like values", async () => {
    const { resources, result } = await evaluateGateway({
      ...twoProviders(),
      patches: [{ kind: "EnvoyProxy", patch: { spec: pulumi.output({ concurrency: 2 }) } }],
      envoyGateway: {
        redis: "redis.example.com:6379",
        values: { config: pulumi.output({ envoyGateway: { logging: { level: "debug" } } }) },
      },
    });
    expect(find(resources, "EnvoyProxy", "ai")).toMatchObject({
      spec: { concurrency: 2, provider: { type: "Kubernetes" } },
    });
    expect(await known(result.envoyGatewayValues)).toMatchObject({
      config: { envoyGateway: { logging: { level: "debug" }, extensionManager: {} } },
    });
    const whole = [{ kind: "EnvoyProxy", patch: pulumi.output({ spec: {} }) }];
    await expect(evaluateGateway({ ...twoProviders(), patches: whole })).rejects.toThrow(
      "patches[0]: patch and its metadata must be objects; the values in them may be outputs",
    );
  });
});
