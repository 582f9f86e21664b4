/** What the plugin host serves to every language: the component classes and their Args. */
export { AiGateway } from "./ai-gateway/ai-gateway.ts";
export type * from "./args/components.generated.ts";
export type * from "./args/references.ts";
export * from "./args/resources.generated.ts";
export * from "./args/settings.generated.ts";
export { LlmBackend } from "./backend/llm-backend.ts";
export { ControlPlane } from "./control-plane/control-plane.ts";
export { EnvoyGateway } from "./envoy-gateway/envoy-gateway.ts";
export { ExtProc } from "./ext-proc/ext-proc.ts";
export { Gateway } from "./gateway/gateway.ts";
export {
  AIGatewayRouteObject,
  AIServiceBackendObject,
  BackendSecurityPolicyObject,
  GatewayConfigObject,
  MCPRouteObject,
  QuotaPolicyObject,
} from "./kinds/objects.ts";
export { McpRoute } from "./mcp/mcp-route.ts";
export { TokenQuota } from "./quota/token-quota.ts";
export { TokenRateLimit } from "./quota/token-rate-limit.ts";
export { LlmRoute } from "./route/llm-route.ts";
