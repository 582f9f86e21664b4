/** Credentials towards a provider: one form for each sort. */
import { z } from "zod";
import { text } from "../../runtime/api/schema/fields.ts";
import { named } from "../../runtime/api/schema/names.ts";
import { atMostOneOf, exactlyOneOf } from "../../runtime/api/schema/rules.ts";
import { withRules } from "./fields.ts";

const secretName = (entry: string) =>
  text({ min: 1, max: 253 })
    .describe(`Name of an existing Secret of the same namespace that holds it under \`${entry}\`.`)
    .optional();

const ONE_SOURCE = {
  rule: exactlyOneOf("value", "secretName"),
  message: "give either value (kept as a secret) or secretName (an existing Secret)",
};

export const apiKeyCredential = named(
  "ApiKeyCredential",
  withRules(
    z.object({
      value: text({ min: 1 }).describe("The key. It is kept as a secret.").optional(),
      secretName: secretName("apiKey"),
    }),
    [ONE_SOURCE],
  ).describe("An API key."),
);

const oidcToken = named(
  "OidcTokenSource",
  withRules(
    z.object({
      issuer: text({ min: 1 })
        .regex(/^https?:\/\//, { error: "must be a URL, as https://login.example.com" })
        .describe("URL of the issuer."),
      tokenEndpoint: text({ min: 1 })
        .describe("URL of the token endpoint; as the issuer publishes it where left out.")
        .optional(),
      clientId: text({ min: 1 }).describe("Client id."),
      clientSecret: text({ min: 1 }).describe("Client secret. It is kept as a secret.").optional(),
      secretName: secretName("client-secret"),
      scopes: z
        .array(text({ min: 1 }))
        .describe("Scopes to ask for.")
        .optional(),
      audience: text({ min: 1 }).describe("Audience of the token.").optional(),
      grantType: text({ min: 1 }).describe("Grant type of the token request.").optional(),
    }),
    [
      {
        rule: exactlyOneOf("clientSecret", "secretName"),
        message: "give either clientSecret (kept as a secret) or secretName (an existing Secret)",
      },
    ],
  ).describe("Where the controller gets an OIDC token, which it exchanges for the credential."),
);

export const awsCredential = named(
  "AwsCredential",
  withRules(
    z.object({
      region: text()
        .regex(/^[a-z]{2}(-[a-z]+)+-\d+$/, { error: "must be an AWS region, as eu-central-1" })
        .describe("AWS region, as `eu-central-1`."),
      accessKeyId: text({ min: 1 }).describe("Static key id, with secretAccessKey.").optional(),
      secretAccessKey: text({ min: 1 })
        .describe("Static secret key. It is kept as a secret.")
        .optional(),
      sessionToken: text({ min: 1 })
        .describe("Session token of temporary keys. It is kept as a secret.")
        .optional(),
      secretName: secretName("credentials"),
      profile: text({ min: 1 }).describe("Profile of the existing Secret's file.").optional(),
      roleArn: text()
        .regex(/^arn:[a-z-]+:iam::\d{12}:role\/.+$/, {
          error: "must be the ARN of a role, as arn:aws:iam::123456789012:role/gateway",
        })
        .describe("Role to assume with the OIDC token.")
        .optional(),
      oidc: oidcToken.optional(),
    }),
    [
      {
        rule: "has(self.accessKeyId) == has(self.secretAccessKey)",
        message: "accessKeyId and secretAccessKey belong together",
      },
      {
        rule: "!has(self.sessionToken) || has(self.accessKeyId)",
        message: "sessionToken belongs to accessKeyId and secretAccessKey",
      },
      { rule: "has(self.oidc) == has(self.roleArn)", message: "oidc and roleArn belong together" },
      {
        rule: "!has(self.profile) || has(self.secretName)",
        message: "profile names a section of the existing Secret's file; give secretName too",
      },
      {
        rule: `${atMostOneOf("accessKeyId", "secretName")} && ${atMostOneOf("accessKeyId", "oidc")} && ${atMostOneOf("secretName", "oidc")}`,
        message: "give one of accessKeyId, secretName and oidc; none for the pod's own identity",
      },
    ],
  ).describe(
    "Signs requests for AWS. With a region alone, with what Envoy's pod is: IRSA, Pod Identity, instance role.",
  ),
);

export const azureCredential = named(
  "AzureCredential",
  withRules(
    z.object({
      tenantId: text({ min: 1 }).describe("Id of the Entra tenant."),
      clientId: text({ min: 1 }).describe("Id of the application in Entra."),
      clientSecret: text({ min: 1 })
        .describe("The application's secret. It is kept as a secret.")
        .optional(),
      secretName: secretName("client-secret"),
      oidc: oidcToken.optional(),
    }),
    [
      {
        rule: "[has(self.clientSecret), has(self.secretName), has(self.oidc)].filter(x, x).size() == 1",
        message: "give one of clientSecret, secretName and oidc",
      },
    ],
  ).describe("A token of Entra, got and kept current by the controller."),
);

const workloadIdentity = named(
  "GcpWorkloadIdentity",
  z
    .object({
      projectNumber: text({ min: 1 }).describe("Number or id of the project that owns the pool."),
      pool: text({ min: 1 }).describe("Name of the workload identity pool."),
      provider: text({ min: 1 }).describe("Name of the provider in that pool."),
      oidc: oidcToken,
      serviceAccount: text({ min: 1 }).describe("Service account to act as.").optional(),
    })
    .describe("A token of GCP for an OIDC token."),
);

export const gcpCredential = named(
  "GcpCredential",
  withRules(
    z.object({
      project: text({ min: 1 }).describe("Name of the GCP project."),
      region: text({ min: 1 }).describe("GCP region, as `europe-west4`, or `global`."),
      serviceAccountKey: text({ min: 1 })
        .describe("JSON key of a service account. It is kept as a secret.")
        .optional(),
      secretName: secretName("service_account.json"),
      workloadIdentity: workloadIdentity.optional(),
    }),
    [
      {
        rule: "[has(self.serviceAccountKey), has(self.secretName), has(self.workloadIdentity)].filter(x, x).size() <= 1",
        message:
          "give one of serviceAccountKey, secretName and workloadIdentity; none for the pod's own identity",
      },
    ],
  ).describe("A token of GCP, got and kept current by the controller."),
);

/** Fields of a backend, at most one of which is set. */
export const credentialShape = {
  apiKey: apiKeyCredential
    .describe(
      "An API key, sent as the provider's schema has it: Authorization, x-api-key for Anthropic, api-key for Azure.",
    )
    .optional(),
  aws: awsCredential.optional(),
  azure: azureCredential.optional(),
  gcp: gcpCredential.optional(),
};

export const credentialRules = [
  {
    rule: "[has(self.apiKey), has(self.aws), has(self.azure), has(self.gcp)].filter(x, x).size() <= 1",
    message: "a backend has one credential: give one of apiKey, aws, azure and gcp",
  },
  {
    rule: "!has(self.aws) || self.schema in ['AWSBedrock', 'AWSAnthropic', 'OpenAI']",
    message: "aws signs requests of the schemas AWSBedrock, AWSAnthropic and OpenAI",
  },
  {
    rule: "!has(self.azure) || self.schema in ['AzureOpenAI', 'OpenAI']",
    message: "azure is the credential of the schemas AzureOpenAI and OpenAI",
  },
  {
    rule: "!has(self.gcp) || self.schema in ['GCPVertexAI', 'GCPAnthropic', 'OpenAI']",
    message: "gcp is the credential of the schemas GCPVertexAI, GCPAnthropic and OpenAI",
  },
  {
    rule: "!(self.schema in ['GCPVertexAI', 'GCPAnthropic']) || !has(self.apiKey)",
    message: "Vertex AI takes no API key: give gcp",
  },
];
