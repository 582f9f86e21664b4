import { backend, gateway, route, snapshot } from "../../test/support/yaml-resources.ts";
import { compile } from "../controller/compile/compile.ts";
import { decodeProgram } from "../program/program.ts";

const policy = (spec: string): string => `
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: BackendSecurityPolicy
metadata: {name: cloud, namespace: default}
spec:
  targetRefs: [{group: aigateway.envoyproxy.io, kind: AIServiceBackend, name: b}]
  ${spec}
`;
const secret = (data: string): string => `
apiVersion: v1
kind: Secret
metadata: {name: ai-eg-bsp-cloud, namespace: default}
stringData: {${data}}
`;
const GCP = policy(
  "type: GCPCredentials\n  gcpCredentials: {projectName: our-project, region: europe-west4}",
);
const AZURE = policy(
  "type: AzureCredentials\n  azureCredentials: {clientID: c, tenantID: t, clientSecretRef: {name: s}}",
);
const AWS = policy(
  "type: AWSCredentials\n  awsCredentials: {region: eu-central-1, oidcExchangeToken: {awsRoleArn: 'arn:aws:iam::1:role/r', oidc: {provider: {issuer: 'https://issuer.example.com'}, clientID: c, clientSecret: {name: s}}}}",
);

const planOf = (schema: string, ...texts: string[]) => {
  const plan = compile(
    snapshot(gateway, backend("b", schema), route("[{backendRefs: [{name: b}]}]"), ...texts),
    { platform: "standalone" },
  );
  return { plan, of: plan.gateways[0]?.rules[0]?.backends[0] };
};
const programOf = (text: string | undefined) => {
  const decoded = decodeProgram(text ?? "");
  if (!decoded.ok) throw new Error(decoded.message);
  return decoded.program;
};

test.each([
  ["GCPVertexAI", GCP, "gcpAccessToken"],
  ["AzureOpenAI", AZURE, "azureAccessToken"],
])("%s gets the token that the controller wrote", (schema, text, entry) => {
  const { plan, of } = planOf(schema, text, secret(`${entry}: token-canary`));
  expect(plan.problems).toEqual([]);
  expect(of?.credential).toMatchObject({ kind: "header", header: "authorization" });
  expect([...(plan.gateways[0]?.secrets.values() ?? [])]).toEqual(["Bearer token-canary"]);
  expect(of?.program).not.toContain("canary");
});

test("the paths of a Google account begin with its project and region", () => {
  const { of } = planOf("GCPVertexAI", GCP, secret("gcpAccessToken: t"));
  expect(programOf(of?.program).prefix).toBe("v1/projects/our-project/locations/europe-west4");
});

test("a role's keys sign", () => {
  const file =
    "credentials: '[default]\n\n  aws_access_key_id = AKIA\n\n  aws_secret_access_key = s'";
  const { plan, of } = planOf("AWSAnthropic", AWS, secret(file));
  expect(plan.problems).toEqual([]);
  expect(of?.credential).toMatchObject({ kind: "aws-sigv4", accessKeyId: "AKIA" });
});

test.each([GCP, AZURE, AWS])("without its Secret, a backend is left out", (text) => {
  const { plan, of } = planOf("GCPVertexAI", text);
  expect(of).toBeUndefined();
  expect(plan.problems).toContainEqual(
    expect.objectContaining({
      reason: "SecretNotFound",
      message: expect.stringContaining("ai-eg-bsp-cloud"),
    }),
  );
});

test("what no header may hold is no token", () => {
  const { plan } = planOf("GCPVertexAI", GCP, secret('gcpAccessToken: "a\\nb"'));
  expect(plan.problems).toContainEqual(expect.objectContaining({ reason: "SecretInvalid" }));
  expect(JSON.stringify(plan.problems)).not.toContain("a\\nb");
});
