export type { AIGatewayRoute, AIGatewayRouteInput } from "./ai-gateway-route.ts";
export { aiGatewayRoute } from "./ai-gateway-route.ts";
export type { AIServiceBackend, AIServiceBackendInput } from "./ai-service-backend.ts";
export { aiServiceBackend } from "./ai-service-backend.ts";
export type {
  BackendSecurityPolicy,
  BackendSecurityPolicyInput,
} from "./backend-security-policy.ts";
export { backendSecurityPolicy } from "./backend-security-policy.ts";
export type { GatewayConfig, GatewayConfigInput } from "./gateway-config.ts";
export { gatewayConfig } from "./gateway-config.ts";
