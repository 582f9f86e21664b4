import { z } from "zod";
import { oidc } from "./envoy-gateway/oidc.ts";
import { text } from "./schema/fields.ts";
import { list } from "./schema/lists.ts";
import { atMostOneOf, exactlyOneOf, type Rule, withFieldCount, withRules } from "./schema/rules.ts";
import { localPolicyTargetReference, secretReference } from "./shared/gateway-api.ts";
import { resourceOf } from "./shared/resource.ts";
import { conditionsStatus } from "./shared/status.ts";

const apiKeyIn = (header: string) =>
  z
    .object({
      secretRef: secretReference.describe("Secret that holds the key under `apiKey`."),
    })
    .describe(`A key, sent in the ${header} header.`);

const tokenExchangeShape = {
  oidc,
  grantType: z.string().describe("Grant type of the token request.").optional(),
  aud: z.string().describe("Audience of the token.").optional(),
};

const awsCredentials = z
  .object({
    region: text({ min: 1 }).describe("AWS region, as `eu-central-1`."),
    credentialsFile: z
      .object({
        secretRef: secretReference.describe(
          "Secret that holds an AWS credentials file under `credentials`.",
        ),
        profile: z.string().default("default").describe("Profile of that file."),
      })
      .describe("Static credentials.")
      .optional(),
    oidcExchangeToken: z
      .object({
        ...tokenExchangeShape,
        awsRoleArn: text({ min: 1 }).describe("ARN of the role to assume with the token."),
      })
      .describe("Credentials of a role, got for an OIDC token.")
      .optional(),
  })
  .describe(
    "Signs requests for AWS. Without credentialsFile and oidcExchangeToken, credentials come from the environment: variables, pod identity, web identity, instance or task role.",
  );

const azureCredentials = withRules(
  z.object({
    clientID: text({ min: 1 }).describe("Id of the application in Entra."),
    tenantID: text({ min: 1 }).describe("Id of the Entra tenant."),
    clientSecretRef: secretReference
      .describe("Secret that holds the application's secret under `client-secret`.")
      .optional(),
    oidcExchangeToken: z
      .object(tokenExchangeShape)
      .describe("An OIDC token that stands for the application.")
      .optional(),
  }),
  [
    {
      rule: exactlyOneOf("clientSecretRef", "oidcExchangeToken"),
      message: "give one of clientSecretRef, oidcExchangeToken",
    },
  ],
).describe("A token of Entra, got by the controller.");

const workloadIdentityFederation = z
  .object({
    projectID: text({ min: 1 }).describe("Id of the project that owns the pool."),
    workloadIdentityPoolName: text({ min: 1 }).describe("Name of the workload identity pool."),
    workloadIdentityProviderName: text({ min: 1 }).describe("Name of the provider in that pool."),
    oidcExchangeToken: z.object(tokenExchangeShape).describe("The OIDC token to exchange."),
    serviceAccountImpersonation: z
      .object({
        serviceAccountName: text({ min: 1 }).describe("Name of the service account."),
      })
      .describe("Service account to act as.")
      .optional(),
  })
  .describe("A token of GCP, got for an OIDC token.");

const gcpCredentials = (rule: Rule) =>
  withRules(
    z.object({
      projectName: text({ min: 1 }).describe("Name of the GCP project."),
      region: text({ min: 1 }).describe("GCP region, as `europe-west4`."),
      credentialsFile: z
        .object({
          secretRef: secretReference.describe(
            "Secret that holds a service account's JSON under `service_account.json`.",
          ),
        })
        .describe("Key of a service account.")
        .optional(),
      workloadIdentityFederationConfig: workloadIdentityFederation.optional(),
    }),
    [rule],
  ).describe("A token of GCP, got by the controller.");

const fallback = z
  .boolean()
  .default(true)
  .describe(
    "Whether the policy's own credential serves where the request brings none; 401 if not.",
  );

const credentialOverride = withFieldCount(
  z.object({
    fromRequestHeaders: z
      .object({
        header: z
          .string()
          .describe(
            "Header that carries the credential. Where left out: x-aigw-api-key, x-aigw-anthropic-api-key, x-aigw-azure-api-key, x-aigw-azure-access-token or x-aigw-gcp-access-token. For AWSCredentials the start of three headers, `x-aigw-aws-` where left out: access-key-id, secret-access-key, session-token.",
          )
          .optional(),
        fallbackToConfigured: fallback,
      })
      .describe(
        "Read from headers, which are taken away before the backend. Clients can set headers: use this only behind a filter that overwrites them.",
      )
      .optional(),
    fromDynamicMetadata: z
      .object({
        namespace: text({ min: 1 }).describe("Namespace of the metadata."),
        key: z
          .string()
          .describe(
            "Key of the metadata; the same names as for headers where left out, and x-aigw-aws-credentials for AWSCredentials. Its value is text, but for AWSCredentials a struct of accessKeyId, secretAccessKey and sessionToken.",
          )
          .optional(),
        fallbackToConfigured: fallback,
      })
      .describe("Read from dynamic metadata, which no client can set.")
      .optional(),
  }),
  { min: 1, max: 1 },
).describe("A credential that each request brings along.");

/** Every type of credential and the field that configures it. */
const FIELD_OF_TYPE = {
  APIKey: "apiKey",
  AWSCredentials: "awsCredentials",
  AzureAPIKey: "azureAPIKey",
  AzureCredentials: "azureCredentials",
  GCPCredentials: "gcpCredentials",
  AnthropicAPIKey: "anthropicAPIKey",
} as const;

const ownFieldAlone: Rule[] = Object.entries(FIELD_OF_TYPE).map(([type, field]) => {
  const others = Object.values(FIELD_OF_TYPE).filter((other) => other !== field);
  const absent = others.map((other) => `!has(self.${other})`).join(" && ");
  return {
    rule: `self.type != '${type}' || (has(self.${field}) && ${absent})`,
    message: `type ${type} needs ${field}, and no other credential`,
  };
});

const specShape = (gcp: ReturnType<typeof gcpCredentials>) => ({
  targetRefs: withRules(list(localPolicyTargetReference, { max: 16 }), [
    {
      rule: "self.all(ref, (ref.group == 'aigateway.envoyproxy.io' && ref.kind == 'AIServiceBackend') || (ref.group == 'inference.networking.k8s.io' && ref.kind == 'InferencePool'))",
      message: "targetRefs must be AIServiceBackends or InferencePools",
    },
  ])
    .describe("Backends that get the credential. A backend may have one policy.")
    .optional(),
  type: z
    .enum(
      Object.keys(FIELD_OF_TYPE) as [keyof typeof FIELD_OF_TYPE, ...(keyof typeof FIELD_OF_TYPE)[]],
    )
    .describe("Sort of credential; the field of the same name configures it."),
  apiKey: apiKeyIn("Authorization").optional(),
  awsCredentials: awsCredentials.optional(),
  azureAPIKey: apiKeyIn("api-key").optional(),
  azureCredentials: azureCredentials.optional(),
  gcpCredentials: gcp.optional(),
  anthropicAPIKey: apiKeyIn("x-api-key").optional(),
});

const spec = withRules(
  withFieldCount(
    z.object({
      ...specShape(
        gcpCredentials({
          rule: atMostOneOf("credentialsFile", "workloadIdentityFederationConfig"),
          message: "give credentialsFile or workloadIdentityFederationConfig, not both",
        }),
      ),
      credentialOverride: credentialOverride.optional(),
    }),
    { max: 4 },
  ),
  ownFieldAlone,
).describe("The credential and the backends that get it.");

// The older version knows no override, nor the credentials that GCP's environment provides.
const specV1alpha1 = withRules(
  withFieldCount(
    z.object(
      specShape(
        gcpCredentials({
          rule: exactlyOneOf("credentialsFile", "workloadIdentityFederationConfig"),
          message: "give one of credentialsFile, workloadIdentityFederationConfig",
        }),
      ),
    ),
    { max: 3 },
  ),
  ownFieldAlone,
).describe("The credential and the backends that get it.");

const ABOUT = "The credential with which backends are called.";

export const backendSecurityPolicy = resourceOf(
  "BackendSecurityPolicy",
  spec,
  conditionsStatus,
).describe(ABOUT);

export const backendSecurityPolicyV1alpha1 = resourceOf(
  "BackendSecurityPolicy",
  specV1alpha1,
  conditionsStatus,
).describe(ABOUT);

/** A valid policy, with its defaults. */
export type BackendSecurityPolicy = z.output<typeof backendSecurityPolicy>;
/** A policy as a user writes it. */
export type BackendSecurityPolicyInput = z.input<typeof backendSecurityPolicy>;
