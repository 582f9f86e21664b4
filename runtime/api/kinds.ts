import type { z } from "zod";
import { aiGatewayRoute } from "./ai-gateway-route.ts";
import { aiServiceBackend } from "./ai-service-backend.ts";
import { backendSecurityPolicy, backendSecurityPolicyV1alpha1 } from "./backend-security-policy.ts";
import { gatewayConfig } from "./gateway-config.ts";
import { mcpRoute } from "./mcp-route.ts";
import { quotaPolicy } from "./quota-policy.ts";

/** A served version of a kind. */
export interface KindVersion<S extends z.ZodObject = z.ZodObject> {
  name: "v1alpha1" | "v1beta1";
  /** Whether objects are stored in this version; true of exactly one. */
  storage: boolean;
  /** Whether users are told to move on. */
  deprecated: boolean;
  schema: S;
}

/** What every kind is made of; CRDs, validation and the reference are derived from it. */
export interface KindDefinition<S extends z.ZodObject = z.ZodObject> {
  kind: string;
  plural: string;
  shortNames: readonly string[];
  scope: "Namespaced";
  /** Labels of the CRD itself. */
  labels: Readonly<Record<string, string>>;
  /** The one that is stored comes first. */
  versions: readonly [KindVersion<S>, ...KindVersion[]];
}

const beta = <S extends z.ZodObject>(schema: S): KindVersion<S> => ({
  name: "v1beta1",
  storage: true,
  deprecated: false,
  schema,
});

const deprecatedAlpha = (schema: z.ZodObject): KindVersion => ({
  name: "v1alpha1",
  storage: false,
  deprecated: true,
  schema,
});

/** Marks a policy that attaches to its targets themselves (Gateway API, direct attachment). */
const DIRECT_POLICY = { "gateway.networking.k8s.io/policy": "direct" };

const common = { shortNames: [], scope: "Namespaced", labels: {} } as const;

/** All kinds, by name. */
export const kinds = {
  AIGatewayRoute: {
    ...common,
    kind: "AIGatewayRoute",
    plural: "aigatewayroutes",
    versions: [beta(aiGatewayRoute), deprecatedAlpha(aiGatewayRoute)],
  },
  AIServiceBackend: {
    ...common,
    kind: "AIServiceBackend",
    plural: "aiservicebackends",
    versions: [beta(aiServiceBackend), deprecatedAlpha(aiServiceBackend)],
  },
  BackendSecurityPolicy: {
    ...common,
    kind: "BackendSecurityPolicy",
    plural: "backendsecuritypolicies",
    labels: DIRECT_POLICY,
    versions: [beta(backendSecurityPolicy), deprecatedAlpha(backendSecurityPolicyV1alpha1)],
  },
  GatewayConfig: {
    ...common,
    kind: "GatewayConfig",
    plural: "gatewayconfigs",
    shortNames: ["gwconfig"],
    versions: [beta(gatewayConfig), deprecatedAlpha(gatewayConfig)],
  },
  MCPRoute: {
    ...common,
    kind: "MCPRoute",
    plural: "mcproutes",
    versions: [beta(mcpRoute), deprecatedAlpha(mcpRoute)],
  },
  QuotaPolicy: {
    ...common,
    kind: "QuotaPolicy",
    plural: "quotapolicies",
    labels: DIRECT_POLICY,
    versions: [{ name: "v1alpha1", storage: true, deprecated: false, schema: quotaPolicy }],
  },
} as const satisfies Record<string, KindDefinition>;

export type KindName = keyof typeof kinds;

/** A valid object of a kind, with its defaults. */
export type ResourceOf<K extends KindName> = z.output<(typeof kinds)[K]["versions"][0]["schema"]>;

/** A valid object of any of our kinds. */
export type Resource = { [K in KindName]: ResourceOf<K> }[KindName];
