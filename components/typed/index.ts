/** What TypeScript users import: the components, with types that know the user's own backends. */
import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { AiGateway as Component } from "../ai-gateway/ai-gateway.ts";
import type { AiGatewayArgs, Backends } from "./args.ts";

export type * from "../args/components.generated.ts";
export type * from "../args/references.ts";
export * from "../args/settings.generated.ts";
export {
  AIGatewayRouteObject,
  AIServiceBackendObject,
  BackendSecurityPolicyObject,
  ControlPlane,
  EnvoyGateway,
  ExtProc,
  Gateway,
  GatewayConfigObject,
  LlmBackend,
  LlmRoute,
  MCPRouteObject,
  McpRoute,
  QuotaPolicyObject,
  TokenQuota,
  TokenRateLimit,
} from "../index.ts";
export * from "../presets/presets.ts";
export type { AiGatewayArgs } from "./args.ts";

interface AiGatewayConstructor {
  readonly prototype: Component;
  new <const B extends Backends, const R>(
    name: string,
    args: AiGatewayArgs<B, R>,
    opts?: ComponentResourceOptions,
  ): Component;
}

/** A working gateway from providers and routes, with all that it takes. */
export type AiGateway = Component;
/** A working gateway from providers and routes, with all that it takes. */
export const AiGateway = Component as unknown as AiGatewayConstructor;
