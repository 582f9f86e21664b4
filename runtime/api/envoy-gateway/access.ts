/** Envoy Gateway's settings of who may call: API keys, external authorization, JWT. */
import { z } from "zod";
import { int32, text } from "../schema/fields.ts";
import { list, mapOf } from "../schema/lists.ts";
import { named } from "../schema/names.ts";
import { exactlyOneOf, type Rule, withRules } from "../schema/rules.ts";
import {
  backendObjectReference,
  backendReference,
  duration,
  group,
  kind,
  objectName,
  secretReference,
} from "../shared/gateway-api.ts";
import { clusterSettings } from "./cluster-settings.ts";
import { REMOTE_BACKEND_RULES, remoteBackendShape } from "./oidc.ts";

const names = (about: string) => list(z.string()).describe(about).optional();

export const apiKeyAuth = named(
  "APIKeyAuth",
  z
    .object({
      credentialRefs: list(secretReference).describe(
        "Secrets that hold the keys; each entry's name is the client's id.",
      ),
      extractFrom: list(
        z
          .object({
            headers: names("Headers to look at."),
            params: names("Query parameters to look at."),
            cookies: names("Cookies to look at."),
          })
          .describe("Places of the key."),
      ).describe("Where the key is looked for; the first one found counts."),
      forwardClientIDHeader: z.string().describe("Header that gets the client's id.").optional(),
      sanitize: z
        .boolean()
        .describe("Whether the key is taken away before the backend.")
        .optional(),
    })
    .describe("Clients show an API key."),
);

/** `inline` or `valueRef`, as `type` says. */
const inlineOrReference = (inlineType: string, inlineField: string): Rule => ({
  rule: `(self.type == '${inlineType}' && ${only(inlineField, "valueRef")}) || (self.type == 'ValueRef' && ${only("valueRef", inlineField)})`,
  message: `type ${inlineType} needs ${inlineField} alone, type ValueRef needs valueRef alone`,
});
const only = (present: string, absent: string): string =>
  `has(self.${present}) && !has(self.${absent})`;

const contextExtension = withRules(
  z.object({
    name: z.string().describe("Name of the entry."),
    type: z.enum(["Value", "ValueRef"]).default("Value").describe("Where the value stands."),
    value: z.string().describe("The value.").optional(),
    valueRef: withRules(
      z.object({
        group: group(),
        kind: kind(),
        name: objectName(),
        key: z.string().describe("Key of the value."),
      }),
      [
        {
          rule: "self.kind in ['ConfigMap', 'Secret'] && self.group in ['', 'v1']",
          message: "must be a ConfigMap or a Secret of the core group",
        },
      ],
    )
      .describe("A value of a ConfigMap or Secret.")
      .optional(),
  }),
  [inlineOrReference("Value", "value")],
).describe("An entry of what the server is told.");

const serverShape = {
  backendRef: backendObjectReference
    .describe("Backend of the server; prefer backendRefs.")
    .optional(),
  backendRefs: list(backendReference, { max: 16 }).describe("Backends of the server.").optional(),
  backendSettings: clusterSettings.optional(),
};

const SERVER_RULES: Rule[] = [
  {
    rule: "has(self.backendRef) || self.backendRefs.size() > 0",
    message: "backendRefs is required",
  },
  {
    rule: "!has(self.backendRefs) || self.backendRefs.all(ref, ref.kind in ['Service', 'ServiceImport', 'Backend'])",
    message: "backendRefs must be of kind Service, ServiceImport or Backend",
  },
  {
    rule: "!has(self.backendRefs) || self.backendRefs.all(ref, ref.group in ['', 'multicluster.x-k8s.io', 'gateway.envoyproxy.io'])",
    message:
      "backendRefs must be of the core group, multicluster.x-k8s.io or gateway.envoyproxy.io",
  },
];

const STATUSES_ON_ERROR = [
  400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 421,
  422, 423, 424, 426, 428, 429, 431, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511,
];

export const extAuth = named(
  "ExtAuth",
  withRules(
    z.object({
      grpc: withRules(z.object(serverShape), SERVER_RULES).describe("A gRPC server.").optional(),
      http: withRules(
        z.object({
          ...serverShape,
          path: z.string().describe("Prefix of the request's path towards the server.").optional(),
          pathOverride: z.string().describe("Path instead of the request's own.").optional(),
          headersToBackend: names("Headers of the server's answer that go to the backend."),
        }),
        [
          ...SERVER_RULES,
          {
            rule: "!(has(self.path) && has(self.pathOverride))",
            message: "give path or pathOverride, not both",
          },
        ],
      )
        .describe("An HTTP server.")
        .optional(),
      headersToExtAuth: names("Request headers that the server sees."),
      bodyToExtAuth: z
        .object({
          maxRequestBytes: int32({ min: 1 }).describe("Most bytes of the body that it sees."),
        })
        .describe("Shows the server the request's body.")
        .optional(),
      contextExtensions: mapOf(contextExtension, "name")
        .describe("What the server is told besides.")
        .optional(),
      failOpen: z
        .boolean()
        .default(false)
        .describe("Whether requests pass while the server cannot be reached."),
      includeRouteMetadata: z
        .boolean()
        .describe("Whether the server sees the route's metadata.")
        .optional(),
      recomputeRoute: z
        .boolean()
        .describe("Whether the route is chosen again after the server's changes.")
        .optional(),
      statusOnError: z
        .literal(STATUSES_ON_ERROR)
        .meta({ format: "int32" })
        .describe("Status of the answer while the server cannot be reached.")
        .optional(),
      timeout: duration().describe("Longest wait for the server.").optional(),
    }),
    [
      { rule: "has(self.grpc) || has(self.http)", message: "give grpc or http" },
      { rule: exactlyOneOf("grpc", "http"), message: "give one of grpc, http" },
    ],
  ).describe("A server of yours decides on each request."),
);

export const remoteJwks = named(
  "RemoteJWKS",
  withRules(
    z.object({
      ...remoteBackendShape,
      uri: text({ min: 1, max: 253 }).describe("URL of the key set."),
      cacheDuration: duration().default("300s").describe("How long it is kept."),
    }),
    REMOTE_BACKEND_RULES,
  ).describe("A key set got over HTTP."),
);

export const localJwks = named(
  "LocalJWKS",
  withRules(
    z.object({
      type: z.enum(["Inline", "ValueRef"]).default("Inline").describe("Where the key set stands."),
      inline: z.string().describe("The key set, as JSON.").optional(),
      valueRef: z
        .object({ group: group(), kind: kind(), name: objectName() })
        .describe("ConfigMap that holds the key set.")
        .optional(),
    }),
    [inlineOrReference("Inline", "inline")],
  ).describe("A key set at hand."),
);

export const claimToHeader = z
  .object({
    claim: z.string().describe("Claim of the token, with dots into nested ones."),
    header: z.string().describe("Header that gets it; a client's own is taken away."),
  })
  .describe("A claim that backends see as a header.");

export const jwtClaim = named(
  "JWTClaim",
  z
    .object({
      name: text({ min: 1, max: 253 }).describe("Name of the claim, with dots into nested ones."),
      valueType: z
        .enum(["String", "StringArray"])
        .default("String")
        .describe("Type of the claim; of an array, any value may match."),
      values: list(z.string(), { min: 1, max: 128 }).describe("Values, one of which must match."),
    })
    .describe("A claim that the token must have."),
);

export const jwtScope = () => text({ min: 1, max: 253 });

export const authorizationAction = () => z.enum(["Allow", "Deny"]);
