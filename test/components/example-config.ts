/** Stack configuration of the examples: every key that their programs ask for. */
const COMMON = { image: "registry.example.com/envoy-ai-gateway@sha256:0" };

const BY_EXAMPLE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "azure-entra": { resource: "contoso", tenantId: "t", clientId: "c", clientSecret: "s" },
  "bedrock-irsa": { roleArn: "arn:aws:iam::123456789012:role/gateway" },
  "bring-your-own-cluster": { platformStack: "organization/platform/dev" },
  failover: { azureEastKey: "k", azureWestKey: "k", anthropicKey: "k" },
  mcp: { openaiKey: "k", githubToken: "t", issuer: "https://login.example.com" },
  "multi-tenant": { redKey: "k", blueKey: "k", redis: "redis.redis.svc.cluster.local:6379" },
  quickstart: {
    openaiKey: "k",
    anthropicKey: "k",
    awsAccessKeyId: "AKIAEXAMPLE",
    awsSecretAccessKey: "k",
  },
  "self-hosted": { openaiKey: "k" },
  "token-quota": { openaiKey: "k", redis: "redis.redis.svc.cluster.local:6379" },
  "vertex-wif": {
    project: "p",
    projectNumber: "1",
    pool: "pool",
    provider: "oidc",
    issuer: "https://login.example.com",
    clientId: "c",
    clientSecret: "s",
    serviceAccount: "gateway@p.iam.gserviceaccount.com",
  },
};

export const configOf = (example: string): Record<string, string> => ({
  ...COMMON,
  ...BY_EXAMPLE[example],
});
