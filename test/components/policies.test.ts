import type { PolicyResource, StackValidationArgs } from "@pulumi/policy";
import type { AiGatewayArgs } from "../../components/index.ts";
import { policies } from "../../components/policies/index.ts";
import { render } from "../../components/render/index.ts";

const good: AiGatewayArgs = {
  backends: {
    openai: { schema: "OpenAI", host: "api.openai.com", apiKey: { secretName: "key" } },
    vllm: { schema: "OpenAI", host: "vllm.models.svc.cluster.local", tls: { enabled: false } },
  },
  routes: {
    chat: {
      hostnames: ["ai.example.com"],
      rules: [{ models: ["gpt"], backends: [{ backend: "openai" }, { backend: "vllm" }] }],
      limits: [{ tokens: 10, per: "Hour" }],
    },
  },
  gateway: { expose: "LoadBalancer" },
  envoyGateway: { redis: "redis:6379" },
  controlPlane: { image: "registry.example.com/envoy-ai-gateway@sha256:0" },
};

/** What each policy reports on the gateway of these inputs. */
async function violations(inputs: AiGatewayArgs): Promise<Record<string, string[]>> {
  const resources = render("ai", inputs).objects.map(
    (props): Partial<PolicyResource> => ({
      type: `kubernetes:${props.apiVersion}:${props.kind}`,
      props: JSON.parse(JSON.stringify(props)),
      urn: `${props.kind}::${props.metadata.name}`,
    }),
  );
  const reported: Record<string, string[]> = {};
  for (const { name, validateStack } of policies) {
    await validateStack({ resources } as unknown as StackValidationArgs, (message, urn) => {
      reported[name] = [...(reported[name] ?? []), `${urn} ${message}`];
    });
  }
  return reported;
}

const { routes, backends } = good;
const { chat } = routes;
if (chat === undefined) throw new Error("the route is there");

test("a gateway with defaults that are safe violates nothing", async () => {
  expect(await violations(good)).toEqual({});
});

test("no-inline-keys: a key in a header", async () => {
  const set = [{ name: "Authorization", value: "Bearer sk" }];
  const vllm = { ...backends.vllm, headers: { set } } as AiGatewayArgs["backends"][string];
  expect(await violations({ ...good, backends: { ...backends, vllm } })).toEqual({
    "no-inline-keys": [
      "AIServiceBackend::ai-vllm header Authorization is set to a key; give the backend a credential instead",
    ],
  });
});

test("tls-to-providers: a provider outside without TLS", async () => {
  const openai = { schema: "OpenAI", host: "api.openai.com", tls: { enabled: false } } as const;
  expect(await violations({ ...good, backends: { ...backends, openai } })).toEqual({
    "tls-to-providers": [
      "Backend::ai-openai Backend ai-openai is outside the cluster and reached without TLS; give it a BackendTLSPolicy",
    ],
  });
});

test("limit-on-public-routes: a route without a limit, where the world reaches it", async () => {
  const { limits: _, ...unlimited } = chat;
  const inputs = { ...good, routes: { chat: unlimited } };
  expect(await violations(inputs)).toEqual({
    "limit-on-public-routes": [
      "AIGatewayRoute::ai-chat route ai-chat is public and has no limit; give it limits",
    ],
  });
  expect(await violations({ ...inputs, gateway: { expose: "ClusterIP" } })).toEqual({});
});

test("pinned-images: a tag", async () => {
  const found = await violations({
    ...good,
    controlPlane: { image: "example.com/gateway:latest" },
  });
  expect(Object.keys(found)).toEqual(["pinned-images"]);
  expect(found["pinned-images"]?.[0]).toContain(
    "runs example.com/gateway:latest, which may change; pin it by digest",
  );
});

test.each(["Own", "Sidecar"] as const)(
  "pinned-images: an ext_proc of a Gateway's, %s",
  async (placement) => {
    const found = await violations({
      ...good,
      gateway: { expose: "LoadBalancer", extProc: { placement, image: "example.com/ext-proc:1" } },
    });
    expect(Object.keys(found)).toEqual(["pinned-images"]);
    expect(found["pinned-images"]?.[0]).toContain("runs example.com/ext-proc:1");
  },
);

test("no-wildcard-hostnames: every subdomain", async () => {
  const inputs = { ...good, routes: { chat: { ...chat, hostnames: ["*.example.com"] } } };
  expect(await violations(inputs)).toEqual({
    "no-wildcard-hostnames": [
      "AIGatewayRoute::ai-chat *.example.com takes in every subdomain; name each",
    ],
  });
});
