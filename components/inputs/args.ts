/** The inputs of each component; their Args interfaces are generated from these. */
import { z } from "zod";
import { type KindName, kinds } from "../../runtime/api/index.ts";
import { text } from "../../runtime/api/schema/fields.ts";
import { list } from "../../runtime/api/schema/lists.ts";
import { ENVOY_GATEWAY_NAMESPACE, SYSTEM_NAMESPACE } from "../../runtime/manifests/names.ts";
import { backendRules, backendShape, llmBackendSettings } from "./backend.ts";
import { byName, choice, objectName, patches, plain, withRules } from "./fields.ts";
import { gatewayRules, gatewaySettings, gatewayShape } from "./gateway.ts";
import {
  controlPlaneSettings,
  controlPlaneShape,
  envoyGatewaySettings,
  envoyGatewayShape,
  extProcSettings,
  extProcShape,
} from "./install.ts";
import { quotaRules, quotaShape, tokenLimit, tokenQuotaSettings } from "./limits.ts";
import { mcpRouteSettings, mcpRules, mcpShape } from "./mcp.ts";
import { llmRouteSettings, routeRules, routeShape } from "./route.ts";

const inNamespace = {
  namespace: objectName("Namespace of the created objects; `default` where left out.").optional(),
  objectName: plain(
    objectName("Name of the created objects; the component's where left out."),
  ).optional(),
  patches,
};

const gatewayRef = {
  gateway: text({ min: 1, max: 253 }).describe("Name of the Gateway, of the same namespace."),
};

const aiGateway = withRules(
  z.object({
    namespace: objectName(
      "Namespace of the gateway; the component's name where left out.",
    ).optional(),
    createNamespace: plain(z.boolean()).default(true).describe("Whether the namespace is created."),
    backends: byName(llmBackendSettings).describe("Providers by name; routes use these names."),
    routes: byName(llmRouteSettings).describe("Routes by name."),
    mcpRoutes: byName(mcpRouteSettings).describe("MCP routes by name.").optional(),
    quotas: byName(tokenQuotaSettings).describe("Quotas on backends, by name.").optional(),
    gateway: gatewaySettings.optional(),
    envoyGateway: envoyGatewaySettings.optional(),
    controlPlane: controlPlaneSettings.optional(),
    patches,
  }),
  [{ rule: "self.routes.size() > 0", message: "a gateway has at least one route" }],
).describe(
  "From providers and routes to a working gateway: all that it takes, with defaults that are safe.",
);

const objectArgs = (kind: KindName) =>
  z.object({
    metadata: z
      .object({
        name: objectName("Name; the resource's where left out.").optional(),
        namespace: objectName("Namespace; `default` where left out.").optional(),
        labels: z.record(z.string(), z.string()).describe("Labels.").optional(),
        annotations: z.record(z.string(), z.string()).describe("Annotations.").optional(),
      })
      .meta({ "x-type-name": "ObjectMetadata" })
      .describe("What the object is called.")
      .optional(),
    spec: kinds[kind].versions[0].schema.shape.spec.meta({ "x-type-name": `${kind}Spec` }),
  });

const envoyGatewayNamespace = plain(
  objectName("Namespace of Envoy Gateway, in which its Envoys run."),
).default(ENVOY_GATEWAY_NAMESPACE);

/** Every component by name. */
export const componentInputs = {
  AiGateway: aiGateway,
  EnvoyGateway: z.object({
    ...envoyGatewayShape,
    systemNamespace: plain(
      objectName("Namespace of the controller, which is its extension."),
    ).default(SYSTEM_NAMESPACE),
  }),
  ExtProc: z.object({ ...extProcShape, patches }),
  ControlPlane: z.object({
    ...controlPlaneShape,
    extProc: extProcSettings.optional(),
    envoyGatewayNamespace,
    patches,
  }),
  Gateway: withRules(
    z.object({ ...inNamespace, ...gatewayShape, envoyGatewayNamespace }),
    gatewayRules,
  ),
  LlmBackend: withRules(z.object({ ...inNamespace, ...backendShape }), backendRules),
  LlmRoute: withRules(z.object({ ...inNamespace, ...gatewayRef, ...routeShape }), routeRules),
  TokenRateLimit: z.object({
    ...inNamespace,
    target: text({ min: 1, max: 253 }).describe("Name of the route, or of the Gateway."),
    targetKind: choice("LimitTarget", ["Route", "Gateway"])
      .default("Route")
      .describe("What the limits are on. A policy on a route replaces that on its Gateway."),
    limits: list(tokenLimit, { min: 1, max: 32 }).describe("The limits."),
  }),
  TokenQuota: withRules(z.object({ ...inNamespace, ...quotaShape }), quotaRules),
  McpRoute: withRules(z.object({ ...inNamespace, ...gatewayRef, ...mcpShape }), mcpRules),
  AIGatewayRouteObject: objectArgs("AIGatewayRoute"),
  AIServiceBackendObject: objectArgs("AIServiceBackend"),
  BackendSecurityPolicyObject: objectArgs("BackendSecurityPolicy"),
  GatewayConfigObject: objectArgs("GatewayConfig"),
  MCPRouteObject: objectArgs("MCPRoute"),
  QuotaPolicyObject: objectArgs("QuotaPolicy"),
} as const satisfies Record<string, z.ZodObject>;

export type ComponentName = keyof typeof componentInputs;
