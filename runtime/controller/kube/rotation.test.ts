import { generateKeyPairSync } from "node:crypto";
import {
  AZURE_APPLICATION,
  OIDC_CLIENT,
  ROLE,
  startTokenServer,
  type TokenServer,
} from "../../../test/support/standins/tokens/server.ts";
import { snapshot } from "../../../test/support/yaml-resources.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { createRotation, EXPIRY_ANNOTATION, type Rotation } from "./rotation.ts";
import { askServer } from "./token-servers.ts";

let server: TokenServer;
let rotation: Rotation | undefined;
let written: KubeObject[];
let failures: string[];
/** Wakes those who wait for something to be written, or to fail. */
let wake: () => void = () => undefined;

beforeEach(async () => {
  server = await startTokenServer();
  [written, failures] = [[], []];
});
afterEach(async () => {
  rotation?.rest();
  await server.close();
});

const start = (): Rotation => {
  rotation = createRotation({
    ask: askServer,
    endpoints: {
      sts: () => server.url,
      azureAuthority: server.url,
      googleSts: server.url,
      googleIam: server.url,
    },
    write: async (secret) => void written.push(secret),
    obtained: () => wake(),
    failed: (_, message) => {
      failures.push(message);
      wake();
    },
  });
  return rotation;
};

async function until(count: number, of: () => readonly unknown[]): Promise<void> {
  while (of().length < count) await new Promise<void>((resolve) => (wake = resolve));
}

const policy = (spec: string): string => `
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: BackendSecurityPolicy
metadata: {name: cloud, namespace: default, uid: u-1}
spec:
  ${spec}
`;
const secret = (name: string, data: Record<string, string>, version = "1"): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: "default", uid: name, resourceVersion: version },
    stringData: data,
  });
const exchange = (): string =>
  `oidc: {provider: {issuer: "${server.url}/issuer"}, clientID: "${OIDC_CLIENT.id}", clientSecret: {name: oidc}}`;
const oidc = secret("oidc", { "client-secret": OIDC_CLIENT.secret });

const entriesOf = (object: KubeObject | undefined): Record<string, string> =>
  Object.fromEntries(
    Object.entries(Object(object?.data) as Record<string, string>).map(([name, value]) => [
      name,
      Buffer.from(value, "base64").toString(),
    ]),
  );

async function obtained(...texts: string[]): Promise<Record<string, string>> {
  start().desire(snapshot(...texts));
  await until(1, () => [...written, ...failures]);
  if (failures.length > 0) throw new Error(failures[0]);
  return entriesOf(written[0]);
}

test("keys of a role of AWS, for an OIDC token", async () => {
  const spec = `type: AWSCredentials\n  awsCredentials: {region: eu-central-1, oidcExchangeToken: {awsRoleArn: "${ROLE}", ${exchange()}}}`;
  expect(await obtained(policy(spec), oidc)).toEqual({
    credentials: [
      "[default]",
      "aws_access_key_id = ASIAEXAMPLE",
      "aws_secret_access_key = secret/key",
      "aws_session_token = session-2/+=&",
      "region = eu-central-1",
      "",
    ].join("\n"),
  });
  expect(written[0]).toMatchObject({
    kind: "Secret",
    metadata: {
      name: "ai-eg-bsp-cloud",
      namespace: "default",
      ownerReferences: [{ kind: "BackendSecurityPolicy", name: "cloud", uid: "u-1" }],
    },
  });
  const expiry = Date.parse(String(written[0]?.metadata.annotations?.[EXPIRY_ANNOTATION]));
  expect(Math.abs(expiry - Date.now() - 3_600_000)).toBeLessThan(10_000);
});

const AZURE = `type: AzureCredentials\n  azureCredentials: {clientID: ${AZURE_APPLICATION.client}, tenantID: ${AZURE_APPLICATION.tenant}`;
const azureBySecret = policy(`${AZURE}, clientSecretRef: {name: app}}`);
const app = (value = AZURE_APPLICATION.secret, version = "1") =>
  secret("app", { "client-secret": value }, version);

test("a token of Entra, for an application's secret and for an OIDC token", async () => {
  expect(await obtained(azureBySecret, app())).toEqual({ azureAccessToken: "entra-1" });
  rotation?.rest();
  written = [];
  expect(await obtained(policy(`${AZURE}, oidcExchangeToken: {${exchange()}}}`), oidc)).toEqual({
    azureAccessToken: "entra-3",
  });
});

test("a token of Google, for the key of a service account", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  server.serviceAccountKey = publicKey.export({ type: "spki", format: "pem" }).toString();
  const file = JSON.stringify({
    client_email: "sa@p.iam.gserviceaccount.com",
    private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
    token_uri: `${server.url}/google/token`,
  });
  const spec =
    "type: GCPCredentials\n  gcpCredentials: {projectName: p, region: r, credentialsFile: {secretRef: {name: sa}}}";
  expect(await obtained(policy(spec), secret("sa", { "service_account.json": file }))).toEqual({
    gcpAccessToken: "google-1",
  });
});

test.each([
  ["of the pool", "", "federated-2"],
  [
    "of an account that is impersonated",
    ", serviceAccountImpersonation: {serviceAccountName: caller}",
    "impersonated-3",
  ],
])("a token of Google by workload identity federation, %s", async (_, more, token) => {
  const spec = `type: GCPCredentials\n  gcpCredentials: {projectName: project, region: r, workloadIdentityFederationConfig: {projectID: "12", workloadIdentityPoolName: pool, workloadIdentityProviderName: issuer, oidcExchangeToken: {${exchange()}}${more}}}`;
  expect(await obtained(policy(spec), oidc)).toEqual({ gcpAccessToken: token });
});

test("what is wrong is told by its code, and never with a secret", async () => {
  start().desire(snapshot(azureBySecret, app("wrong-canary")));
  await until(1, () => failures);
  expect(failures).toEqual(["Entra answered with status 401 (invalid_client)"]);
  expect(written).toEqual([]);
});

test("a Secret that is missing is named; once it is there, it goes on at once", async () => {
  const own = start();
  own.desire(snapshot(azureBySecret));
  await until(1, () => failures);
  expect(failures[0]).toContain("Secret default/app does not exist");
  own.desire(snapshot(azureBySecret, app()));
  await until(1, () => written);
  expect(entriesOf(written[0])).toEqual({ azureAccessToken: "entra-1" });
});

/** The snapshot once what was written has come back from the API server. */
const seen = (...texts: string[]): Snapshot => snapshot(...texts, JSON.stringify(written.at(-1)));

test("renewed before it ends, again and again; not as long as it is good", async () => {
  server.lifetime = 1;
  const own = start();
  own.desire(snapshot(azureBySecret, app()));
  await until(1, () => written);
  own.desire(seen(azureBySecret, app()));
  await until(2, () => written);
  server.lifetime = 3600;
  own.desire(seen(azureBySecret, app()));
  await until(3, () => written);
  const asked = server.asked.length;
  for (let n = 0; n < 5; n += 1) own.desire(seen(azureBySecret, app()));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(server.asked.length).toBe(asked);
  expect(written.map((each) => entriesOf(each).azureAccessToken)).toEqual([
    "entra-1",
    "entra-2",
    "entra-3",
  ]);
});

test("another secret, or a Secret that was deleted, makes another token", async () => {
  const own = start();
  own.desire(snapshot(azureBySecret, app()));
  await until(1, () => written);
  own.desire(seen(azureBySecret, app()));
  own.desire(seen(azureBySecret, app(AZURE_APPLICATION.secret, "2")));
  await until(2, () => written);
  own.desire(seen(azureBySecret, app(AZURE_APPLICATION.secret, "2")));
  own.desire(snapshot(azureBySecret, app(AZURE_APPLICATION.secret, "2")));
  await until(3, () => written);
  expect(written).toHaveLength(3);
});

test("what another leader has obtained is kept, and what somebody else keeps is left alone", async () => {
  start().desire(snapshot(azureBySecret, app()));
  await until(1, () => written);
  const kept = seen(azureBySecret, app());
  rotation?.rest();
  const asked = server.asked.length;
  start().desire(kept);
  rotation?.rest();
  start().desire(
    snapshot(azureBySecret, app(), secret("ai-eg-bsp-cloud", { azureAccessToken: "of a user" })),
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(server.asked.length).toBe(asked);
});

test("who leads no more writes no more", async () => {
  const own = start();
  own.desire(snapshot(azureBySecret, app()));
  await new Promise<void>((resolve) => setImmediate(resolve));
  own.rest();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(written).toEqual([]);
});
