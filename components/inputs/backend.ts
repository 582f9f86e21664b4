import { z } from "zod";
import { text } from "../../runtime/api/schema/fields.ts";
import { named } from "../../runtime/api/schema/names.ts";
import { atMostOneOf } from "../../runtime/api/schema/rules.ts";
import { versionedApiSchema } from "../../runtime/api/shared/api-schema.ts";
import { port } from "../../runtime/api/shared/gateway-api.ts";
import { httpBodyMutation, httpHeaderMutation } from "../../runtime/api/shared/mutations.ts";
import { credentialRules, credentialShape } from "./credentials.ts";
import { choice, plain, withRules } from "./fields.ts";

const tls = named(
  "BackendTls",
  withRules(
    z.object({
      enabled: plain(z.boolean())
        .default(true)
        .describe("Whether the backend is reached by TLS. False only within a trusted network."),
      hostname: text({ min: 1, max: 253 })
        .describe("Name that its certificate must have; the host where left out.")
        .optional(),
      caCertificate: text({ min: 1 })
        .regex(/-----BEGIN CERTIFICATE-----/, { error: "must be a certificate in PEM" })
        .describe("Certificate of the authority to trust, in PEM; the system's where left out.")
        .optional(),
      caConfigMap: text({ min: 1, max: 253 })
        .describe("Existing ConfigMap that holds that certificate under `ca.crt`.")
        .optional(),
    }),
    [
      {
        rule: atMostOneOf("caCertificate", "caConfigMap"),
        message: "give caCertificate or caConfigMap, not both",
      },
    ],
  ).describe("TLS towards a backend."),
);

export const backendShape = {
  schema: choice("ProviderSchema", versionedApiSchema.shape.name.options).describe(
    "The API that the backend speaks.",
  ),
  version: text({ min: 1 })
    .describe("API version, needed for AzureOpenAI alone: its `api-version` parameter.")
    .optional(),
  prefix: z
    .string()
    .describe("Start of the path for OpenAI and Anthropic; `v1` where left out.")
    .optional(),
  host: text({ min: 1, max: 253 })
    .regex(/^([A-Za-z0-9_]([-A-Za-z0-9_.]*[A-Za-z0-9_])?|[0-9a-fA-F:]+)$/, {
      error: "must be a host name or an IP address, without scheme, port and path",
    })
    .describe("Host name or IP address of the provider."),
  port: port().describe("Port; 443 with TLS and 80 without where left out.").optional(),
  tls: tls.optional(),
  http2: plain(z.boolean()).describe("Whether the backend speaks HTTP/2 without TLS.").optional(),
  ...credentialShape,
  headers: httpHeaderMutation.optional(),
  body: httpBodyMutation.optional(),
};

export const backendRules = [
  ...credentialRules,
  {
    rule: "self.schema != 'AzureOpenAI' || has(self.version)",
    message: "AzureOpenAI needs version, its api-version, as 2025-01-01-preview",
  },
  {
    rule: "!has(self.prefix) || self.schema in ['OpenAI', 'Anthropic']",
    message: "prefix is read for the schemas OpenAI and Anthropic alone",
  },
];

export const llmBackendSettings = named(
  "LlmBackendSettings",
  withRules(z.object(backendShape), backendRules).describe(
    "A provider: the API that it speaks, where it is, and the credential that it wants.",
  ),
);
