import type { Input } from "@pulumi/pulumi";
import type {
  ApiKeyCredential,
  AwsCredential,
  AzureCredential,
  GcpCredential,
  LlmBackendSettings,
  OidcTokenSource,
} from "../../args/settings.generated.ts";
import { compact, derive } from "../inputs.ts";
import { AI_GROUP, AI_VERSION, type ObjectTemplate, objectIn, type Place } from "./object.ts";

/** What a credential becomes: the policy's type and field, and the Secrets that hold its values. */
interface Compiled {
  type: string;
  field: string;
  value: object;
  secrets: ObjectTemplate[];
}

/** The policy that gives a backend its credential, and its Secrets; nothing where it needs none. */
export function credentialObjects(place: Place, settings: LlmBackendSettings): ObjectTemplate[] {
  const compiled = compile(place, settings);
  if (compiled === undefined) return [];
  const { type, field, value, secrets } = compiled;
  const policy = objectIn(place, AI_VERSION, "BackendSecurityPolicy", {
    spec: {
      targetRefs: [{ group: AI_GROUP, kind: "AIServiceBackend", name: place.name }],
      type,
      [field]: value,
    },
  });
  return [...secrets, policy];
}

function compile(place: Place, settings: LlmBackendSettings): Compiled | undefined {
  const { schema, apiKey, aws, azure, gcp } = settings;
  if (apiKey !== undefined) return fromApiKey(place, schema, apiKey);
  if (aws !== undefined) return fromAws(place, aws);
  if (azure !== undefined) return fromAzure(place, azure);
  if (gcp !== undefined) return fromGcp(place, gcp);
  return undefined;
}

/** A Secret of ours that holds a value, or the name of the user's. */
function held(
  place: Place,
  entry: string,
  value: Input<string> | undefined,
  secretName: Input<string> | undefined,
  suffix?: string,
): { ref: { name: Input<string> }; secrets: ObjectTemplate[] } {
  if (value === undefined) return { ref: { name: secretName ?? "" }, secrets: [] };
  const secret = objectIn(place, "v1", "Secret", { stringData: { [entry]: value } }, suffix);
  return { ref: { name: secret.metadata.name }, secrets: [secret] };
}

/** Each schema reads its key from a header of its own. */
function fromApiKey(place: Place, schema: string, key: ApiKeyCredential): Compiled {
  const [type, field] =
    schema === "Anthropic"
      ? ["AnthropicAPIKey", "anthropicAPIKey"]
      : schema === "AzureOpenAI"
        ? ["AzureAPIKey", "azureAPIKey"]
        : ["APIKey", "apiKey"];
  const { ref, secrets } = held(place, "apiKey", key.value, key.secretName);
  return { type, field, value: { secretRef: ref }, secrets };
}

function fromAws(place: Place, aws: AwsCredential): Compiled {
  const { region, accessKeyId, secretAccessKey, sessionToken, secretName, profile, oidc } = aws;
  const common = { type: "AWSCredentials", field: "awsCredentials" };
  if (oidc !== undefined) {
    const token = exchange(place, oidc);
    const oidcExchangeToken = { ...token.value, awsRoleArn: aws.roleArn };
    return { ...common, value: { region, oidcExchangeToken }, secrets: token.secrets };
  }
  if (accessKeyId === undefined && secretName === undefined) {
    return { ...common, value: { region }, secrets: [] };
  }
  const file =
    accessKeyId === undefined
      ? undefined
      : derive([accessKeyId, secretAccessKey ?? "", sessionToken], credentialsFile);
  const { ref, secrets } = held(place, "credentials", file, secretName);
  const credentialsFileRef = compact({ secretRef: ref, profile });
  return { ...common, value: { region, credentialsFile: credentialsFileRef }, secrets };
}

const credentialsFile = (id: string, key: string, session: string | undefined): string =>
  [
    "[default]",
    `aws_access_key_id = ${id}`,
    `aws_secret_access_key = ${key}`,
    ...(session === undefined ? [] : [`aws_session_token = ${session}`]),
    "",
  ].join("\n");

function fromAzure(place: Place, azure: AzureCredential): Compiled {
  const { tenantId, clientId, clientSecret, secretName, oidc } = azure;
  const ids = { clientID: clientId, tenantID: tenantId };
  const common = { type: "AzureCredentials", field: "azureCredentials" };
  if (oidc !== undefined) {
    const { value, secrets } = exchange(place, oidc);
    return { ...common, value: { ...ids, oidcExchangeToken: value }, secrets };
  }
  const { ref, secrets } = held(place, "client-secret", clientSecret, secretName);
  return { ...common, value: { ...ids, clientSecretRef: ref }, secrets };
}

function fromGcp(place: Place, gcp: GcpCredential): Compiled {
  const { project, region, serviceAccountKey, secretName, workloadIdentity } = gcp;
  const common = { type: "GCPCredentials", field: "gcpCredentials" };
  const where = { projectName: project, region };
  if (workloadIdentity !== undefined) {
    const { projectNumber, pool, provider, oidc, serviceAccount } = workloadIdentity;
    const token = exchange(place, oidc);
    const workloadIdentityFederationConfig = compact({
      projectID: projectNumber,
      workloadIdentityPoolName: pool,
      workloadIdentityProviderName: provider,
      oidcExchangeToken: token.value,
      serviceAccountImpersonation:
        serviceAccount === undefined ? undefined : { serviceAccountName: serviceAccount },
    });
    return {
      ...common,
      value: { ...where, workloadIdentityFederationConfig },
      secrets: token.secrets,
    };
  }
  if (serviceAccountKey === undefined && secretName === undefined) {
    return { ...common, value: where, secrets: [] };
  }
  const { ref, secrets } = held(place, "service_account.json", serviceAccountKey, secretName);
  return { ...common, value: { ...where, credentialsFile: { secretRef: ref } }, secrets };
}

function exchange(
  place: Place,
  source: OidcTokenSource,
): { value: object; secrets: ObjectTemplate[] } {
  const { issuer, tokenEndpoint, clientId, clientSecret, secretName, scopes, audience, grantType } =
    source;
  const { ref, secrets } = held(place, "client-secret", clientSecret, secretName, "oidc");
  const oidc = compact({
    provider: compact({ issuer, tokenEndpoint }),
    clientID: clientId,
    clientSecret: ref,
    scopes,
  });
  return { value: compact({ oidc, aud: audience, grantType }), secrets };
}
