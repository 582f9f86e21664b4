/** The resources that users write: their types, and the judgement on an object. */
export type { AIGatewayRoute, AIGatewayRouteInput } from "./ai-gateway-route.ts";
export type { AIServiceBackend, AIServiceBackendInput } from "./ai-service-backend.ts";
export type {
  BackendSecurityPolicy,
  BackendSecurityPolicyInput,
} from "./backend-security-policy.ts";
export type { GatewayConfig, GatewayConfigInput } from "./gateway-config.ts";
export type { KindDefinition, KindName, KindVersion, Resource, ResourceOf } from "./kinds.ts";
export { kinds } from "./kinds.ts";
export type { MCPRoute, MCPRouteInput } from "./mcp-route.ts";
export type { QuotaPolicy, QuotaPolicyInput } from "./quota-policy.ts";
export { GROUP } from "./shared/resource.ts";
export type { Problem, Validation } from "./validate.ts";
export { validateResource } from "./validate.ts";
