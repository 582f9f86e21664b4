/** Tokens that the controller obtains, on a real API server; the vendors' servers are stand-ins. */
import { installCrds } from "../support/cluster/crds.ts";
import { KubeError, type KubeObject } from "../support/kube/client.ts";
import { type ControlPlane, startControlPlane } from "../support/kube/control-plane.ts";
import { backendResource, gatewayResource, routeResource } from "../support/resources.ts";
import {
  AZURE_APPLICATION,
  OIDC_CLIENT,
  ROLE,
  startTokenServer,
  type TokenServer,
} from "../support/standins/tokens/server.ts";
import { documents } from "../support/yaml-resources.ts";
import { type ControllerProcess, startControllerProcess, until } from "./process.ts";

jest.setTimeout(120_000);

let plane: ControlPlane;
let controller: ControllerProcess;
let server: TokenServer;

const apply = async (...texts: string[]): Promise<void> => {
  for (const object of documents(...texts)) await plane.client.apply(object as KubeObject);
};
const start = (): Promise<ControllerProcess> =>
  startControllerProcess(plane.kubeconfig, [], {
    AWS_ENDPOINT_URL_STS: server.url,
    AZURE_AUTHORITY_HOST: server.url,
  });

beforeAll(async () => {
  server = await startTokenServer();
  plane = await startControlPlane();
  await installCrds(plane.client);
  await apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: envoy-ai-gateway-system}");
  controller = await start();
  await controller.ready();
});
afterAll(async () => {
  await controller?.end("SIGTERM");
  await plane?.stop();
  await server?.close();
});

const policy = (name: string, spec: string): string => `
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: BackendSecurityPolicy
metadata: {name: ${name}, namespace: default}
spec:
  targetRefs: [{group: aigateway.envoyproxy.io, kind: AIServiceBackend, name: ${name}}]
  ${spec}
`;
const secret = (name: string, value: string): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: "default" },
    stringData: { "client-secret": value },
  });

async function entry(policyName: string, key: string): Promise<string | undefined> {
  try {
    const object = await plane.client.get({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: `ai-eg-bsp-${policyName}`, namespace: "default" },
    });
    const data = object.data as Record<string, string>;
    return Buffer.from(data[key] ?? "", "base64").toString();
  } catch (error) {
    if (error instanceof KubeError && error.status.code === 404) return undefined;
    throw error;
  }
}

const accepted = async (name: string): Promise<string | undefined> => {
  const route = await plane.client.get({
    apiVersion: "aigateway.envoyproxy.io/v1beta1",
    kind: "AIGatewayRoute",
    metadata: { name, namespace: "default" },
  });
  const { conditions = [] } = Object(route.status) as {
    conditions?: { type: string; status: string }[];
  };
  return conditions.find(({ type }) => type === "ResolvedRefs")?.status;
};

test("a role's keys and a token of Entra become Secrets, and their backends serve", async () => {
  await apply(
    gatewayResource(),
    backendResource("aws", { schema: "AWSBedrock", port: 9 }),
    backendResource("azure", { schema: "AzureOpenAI", port: 9 }),
    secret("oidc", OIDC_CLIENT.secret),
    secret("app", AZURE_APPLICATION.secret),
    policy(
      "aws",
      `type: AWSCredentials
  awsCredentials: {region: eu-central-1, oidcExchangeToken: {awsRoleArn: "${ROLE}", oidc: {provider: {issuer: "${server.url}/issuer"}, clientID: "${OIDC_CLIENT.id}", clientSecret: {name: oidc}}}}`,
    ),
    policy(
      "azure",
      `type: AzureCredentials
  azureCredentials: {clientID: ${AZURE_APPLICATION.client}, tenantID: ${AZURE_APPLICATION.tenant}, clientSecretRef: {name: app}}`,
    ),
    routeResource([{ model: "m", backends: "[{name: aws}, {name: azure}]" }], "", "cloud"),
  );
  expect(await until(() => entry("aws", "credentials"))).toContain(
    "aws_access_key_id = ASIAEXAMPLE",
  );
  expect(await until(() => entry("azure", "azureAccessToken"))).toMatch(/^entra-\d+$/);
  await until(async () => ((await accepted("cloud")) === "True" ? true : undefined));
});

test("a token that another replica has obtained is not obtained again", async () => {
  const before = await entry("azure", "azureAccessToken");
  await controller.end("SIGTERM");
  const asked = server.asked.length;
  controller = await start();
  await controller.ready();
  // Something that only happens behind the first compile of who leads.
  await apply(routeResource([{ model: "n", backends: "[{name: azure}]" }], "", "later"));
  await until(async () => ((await accepted("later")) === "True" ? true : undefined));
  expect(await entry("azure", "azureAccessToken")).toBe(before);
  expect(server.asked.length).toBe(asked);
});

test("a refusal is told in an Event, without the secret", async () => {
  await apply(secret("app", "wrong-canary"));
  const event = await until(async () => {
    const { items } = (await plane.client.get({
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      metadata: { name: "", namespace: "default" },
    })) as unknown as { items: { reason: string; note: string }[] };
    return items.find(({ reason }) => reason === "RotationFailed");
  });
  expect(event.note).toBe("Entra answered with status 401 (invalid_client)");
  expect(controller.text()).not.toContain("wrong-canary");
  expect(await entry("azure", "azureAccessToken")).toMatch(/^entra-\d+$/);
});
