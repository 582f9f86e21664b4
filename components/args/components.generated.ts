// Generated from the schemas by `npm run generate`. Do not edit.
import type { Input } from "@pulumi/pulumi";
import type {
  AIGatewayRouteSpec,
  AIServiceBackendSpec,
  BackendSecurityPolicySpec,
  GatewayConfigSpec,
  HTTPBodyMutation,
  HTTPHeaderMutation,
  LLMRequestCost,
  MCPRouteSpec,
  MCPRouteSpecSecurityPolicy,
  QuotaPolicySpec,
} from "./resources.generated.ts";
import type {
  ApiKeyCredential,
  AwsCredential,
  AzureCredential,
  BackendTls,
  ControlPlaneSettings,
  EnvoyGatewaySettings,
  Exposure,
  ExtProcSettings,
  GatewayExtProcSettings,
  GatewaySettings,
  GcpCredential,
  LimitTarget,
  ListenerSettings,
  LlmBackendSettings,
  LlmRouteRule,
  LlmRouteSettings,
  LogLevel,
  McpRouteSettings,
  McpServer,
  ModelQuota,
  ObjectMetadata,
  ObjectPatch,
  ProviderSchema,
  RetrySettings,
  ServiceQuota,
  TokenLimit,
  TokenQuotaSettings,
} from "./settings.generated.ts";

export interface AIGatewayRouteObjectArgs {
  /** What the object is called. */
  metadata?: ObjectMetadata;
  /** What the route serves, and how. */
  spec: Input<AIGatewayRouteSpec>;
}

export interface AIServiceBackendObjectArgs {
  /** What the object is called. */
  metadata?: ObjectMetadata;
  /** What the backend speaks and where it is. */
  spec: Input<AIServiceBackendSpec>;
}

/** From providers and routes to a working gateway: all that it takes, with defaults that are safe. */
export interface AiGatewayArgs {
  /** Namespace of the gateway; the component's name where left out. 1 to 63 characters. */
  namespace?: Input<string>;
  /** Whether the namespace is created. Default: `true`. */
  createNamespace?: boolean;
  /** Providers by name; routes use these names. */
  backends: Record<string, LlmBackendSettings>;
  /** Routes by name. */
  routes: Record<string, LlmRouteSettings>;
  /** MCP routes by name. */
  mcpRoutes?: Record<string, McpRouteSettings>;
  /** Quotas on backends, by name. */
  quotas?: Record<string, TokenQuotaSettings>;
  /** Envoy's pods and where they listen. */
  gateway?: GatewaySettings;
  /** Envoy Gateway, which runs the Envoys. */
  envoyGateway?: EnvoyGatewaySettings;
  /** The controller and the external processor. */
  controlPlane?: ControlPlaneSettings;
  /** Changes to the created objects, for what these inputs do not reach. Prefer the inputs: patches are not checked. */
  patches?: ObjectPatch[];
}

export interface BackendSecurityPolicyObjectArgs {
  /** What the object is called. */
  metadata?: ObjectMetadata;
  /** The credential and the backends that get it. Rule: type APIKey needs apiKey, and no other credential. Rule: type AWSCredentials needs awsCredentials, and no other credential. Rule: type AzureAPIKey needs azureAPIKey, and no other credential. Rule: type AzureCredentials needs azureCredentials, and no other credential. Rule: type GCPCredentials needs gcpCredentials, and no other credential. Rule: type AnthropicAPIKey needs anthropicAPIKey, and no other credential. */
  spec: Input<BackendSecurityPolicySpec>;
}

export interface ControlPlaneArgs {
  /** Whether it is installed; false where another stack has done so in this cluster. Default: `true`. */
  install?: boolean;
  /** Namespace of controller and external processor. 1 to 63 characters. Default: `"envoy-ai-gateway-system"`. */
  namespace?: string;
  /** Whether the namespace is created. Default: `true`. */
  createNamespace?: boolean;
  /** Whether the definitions of our kinds are installed. Default: `true`. */
  crds?: boolean;
  /** Whether the definitions, and with them every object of our kinds, outlive this stack. Default: `true`. */
  retainCrds?: boolean;
  /** Image of the controller and the external processor; pin it by digest. Where left out, the one that this version was published with. With `build`, the name under which it is pushed. Not empty. */
  image?: Input<string>;
  /** Whether the image is built from this package's sources, with Docker's buildx, and pushed. Pods then run what was built, by its digest. Default: `false`. */
  build?: boolean;
  /** Existing Secret of the namespace with which the image is pulled. 1 to 253 characters. */
  imagePullSecret?: string;
  /** Pods of the controller: one leads, all serve Envoy Gateway. 1 to 10. Default: `2`. */
  replicas?: number;
  /** CPU that each pod of the controller asks for. Default: `"100m"`. */
  cpu?: string;
  /** Memory that each pod of the controller asks for and may have. Default: `"256Mi"`. */
  memory?: string;
  /** What it logs. Default: `"info"`. */
  logLevel?: LogLevel;
  /** Whether traffic to the pods is narrowed to the ports and peers that need it. Default: `true`. */
  networkPolicies?: boolean;
  /** The only namespaces whose Secrets and ConfigMaps the controller may read; all where left out. The gateways' own must be among them. */
  secretNamespaces?: Input<string>[];
  /** Whether the controller obtains and renews tokens of cloud identities, and may write Secrets for it. Default: `true`. */
  obtainsTokens?: boolean;
  /** Whether gateways may have an external processor of their own, and the controller may write Deployments for it. Default: `true`. */
  gatewayExtProc?: boolean;
  /** Labels of all objects of controller and external processor. */
  labels?: Record<string, Input<string>>;
  /** The external processor, which translates between APIs. */
  extProc?: ExtProcSettings;
  /** Namespace of Envoy Gateway, in which its Envoys run. 1 to 63 characters. Default: `"envoy-gateway-system"`. */
  envoyGatewayNamespace?: string;
  /** Changes to the created objects, for what these inputs do not reach. Prefer the inputs: patches are not checked. */
  patches?: ObjectPatch[];
}

export interface EnvoyGatewayArgs {
  /** Whether Envoy Gateway is installed with its chart. False where the cluster has it: then its configuration must have the values of the output `values`. Default: `true`. */
  install?: boolean;
  /** Namespace of Envoy Gateway. 1 to 63 characters. Default: `"envoy-gateway-system"`. */
  namespace?: string;
  /** Whether the namespace is created where Envoy Gateway is installed, and goes with it. Default: `true`. */
  createNamespace?: boolean;
  /** Version of the chart. Default: `"1.9.0"`. */
  version?: string;
  /** The chart, for a mirror of your own. Not empty. Default: `"oci://docker.io/envoyproxy/gateway-helm"`. */
  chart?: Input<string>;
  /** Redis, as `host:port`, in which limits are counted. Limits need it. Not empty. */
  redis?: Input<string>;
  /** Further values of the chart; they go before those of this component. */
  values?: any;
  /** Namespace of the controller, which is its extension. 1 to 63 characters. Default: `"envoy-ai-gateway-system"`. */
  systemNamespace?: string;
}

export interface ExtProcArgs {
  /** Namespace of the external processor. 1 to 63 characters. Default: `"envoy-ai-gateway-system"`. */
  namespace?: string;
  /** Image of the controller and the external processor; pin it by digest. Where left out, the one that this version was published with. With `build`, the name under which it is pushed. Not empty. */
  image?: Input<string>;
  /** Whether the image is built from this package's sources, with Docker's buildx, and pushed. Pods then run what was built, by its digest. Default: `false`. */
  build?: boolean;
  /** Existing Secret of the namespace with which the image is pulled. 1 to 253 characters. */
  imagePullSecret?: string;
  /** Pods, at least; fewer than two leave requests without it during updates. 1 to 1000. Default: `2`. */
  replicas?: number;
  /** Pods, at most; with it, they follow the CPU load. 1 to 1000. */
  maxReplicas?: number;
  /** CPU that each pod asks for. Default: `"500m"`. */
  cpu?: string;
  /** Memory that each pod asks for and may have. Default: `"512Mi"`. */
  memory?: string;
  /** Processes in each pod, 1 where left out; give each a core. 1 to 64. */
  workers?: number;
  /** Seconds for which a pod that is to end waits for its streams, 600 where left out. 0 to 86400. */
  drainSeconds?: number;
  /** What it logs. Default: `"info"`. */
  logLevel?: LogLevel;
  /** Changes to the created objects, for what these inputs do not reach. Prefer the inputs: patches are not checked. */
  patches?: ObjectPatch[];
}

export interface GatewayArgs {
  /** Namespace of the created objects; `default` where left out. 1 to 63 characters. */
  namespace?: Input<string>;
  /** Name of the created objects; the component's where left out. 1 to 63 characters. */
  objectName?: string;
  /** Changes to the created objects, for what these inputs do not reach. Prefer the inputs: patches are not checked. */
  patches?: ObjectPatch[];
  /** An existing GatewayClass of Envoy Gateway; one is created where left out. 1 to 63 characters. */
  className?: string;
  /** Ports; plain HTTP on port 80 where left out. 1 to 64 items. */
  listeners?: ListenerSettings[];
  /** Who reaches the gateway: the cluster alone (ClusterIP), or the world (LoadBalancer, NodePort). Default: `"ClusterIP"`. */
  expose?: Exposure;
  /** Annotations of the gateway's Service, such as a cloud's load balancer wants them. */
  serviceAnnotations?: Record<string, Input<string>>;
  /** Annotations of the ServiceAccount of Envoy's pods, such as `eks.amazonaws.com/role-arn` for IRSA. */
  serviceAccountAnnotations?: Record<string, Input<string>>;
  /** Pods of Envoy. 1 to 1000. Default: `2`. */
  replicas?: Input<number>;
  /** CPU that each pod of Envoy asks for, as `500m`. */
  cpu?: Input<string>;
  /** Memory that each pod of Envoy asks for and may have, as `1Gi`. */
  memory?: Input<string>;
  /** Largest request body. Default: `"50Mi"`. */
  bodyLimit?: Input<string>;
  /** Numbers to compute from the usage of each request on every route. At most 36 items. */
  costs?: Input<LLMRequestCost>[];
  /** Whether Pulumi waits until Envoys serve the gateway and it has an address. False where nothing in the cluster gives load balancers addresses. Default: `true`. */
  awaitReady?: boolean;
  /** An external processor of the gateway's own, instead of the one that all share. */
  extProc?: GatewayExtProcSettings;
  /** Proxy, as `host:port`, through which all backends are reached. Not empty. */
  forwardProxy?: Input<string>;
  /** Namespace of Envoy Gateway, in which its Envoys run. 1 to 63 characters. Default: `"envoy-gateway-system"`. */
  envoyGatewayNamespace?: string;
}

export interface GatewayConfigObjectArgs {
  /** What the object is called. */
  metadata?: ObjectMetadata;
  /** Settings of the gateway. Default: `{}`. */
  spec?: Input<GatewayConfigSpec>;
}

export interface LlmBackendArgs {
  /** Namespace of the created objects; `default` where left out. 1 to 63 characters. */
  namespace?: Input<string>;
  /** Name of the created objects; the component's where left out. 1 to 63 characters. */
  objectName?: string;
  /** Changes to the created objects, for what these inputs do not reach. Prefer the inputs: patches are not checked. */
  patches?: ObjectPatch[];
  /** The API that the backend speaks. */
  schema: ProviderSchema;
  /** API version, needed for AzureOpenAI alone: its `api-version` parameter. Not empty. */
  version?: Input<string>;
  /** Start of the path for OpenAI and Anthropic; `v1` where left out. */
  prefix?: Input<string>;
  /** Host name or IP address of the provider. 1 to 253 characters. */
  host: Input<string>;
  /** Port; 443 with TLS and 80 without where left out. 1 to 65535. */
  port?: Input<number>;
  /** TLS towards a backend. */
  tls?: BackendTls;
  /** Whether the backend speaks HTTP/2 without TLS. */
  http2?: boolean;
  /** An API key, sent as the provider's schema has it: Authorization, x-api-key for Anthropic, api-key for Azure. */
  apiKey?: ApiKeyCredential;
  /** Signs requests for AWS. With a region alone, with what Envoy's pod is: IRSA, Pod Identity, instance role. */
  aws?: AwsCredential;
  /** A token of Entra, got and kept current by the controller. */
  azure?: AzureCredential;
  /** A token of GCP, got and kept current by the controller. */
  gcp?: GcpCredential;
  /** Changes to the request's headers before they reach the backend. */
  headers?: Input<HTTPHeaderMutation>;
  /** Changes to the request's JSON body before it reaches the backend. */
  body?: Input<HTTPBodyMutation>;
}

export interface LlmRouteArgs {
  /** Namespace of the created objects; `default` where left out. 1 to 63 characters. */
  namespace?: Input<string>;
  /** Name of the created objects; the component's where left out. 1 to 63 characters. */
  objectName?: string;
  /** Changes to the created objects, for what these inputs do not reach. Prefer the inputs: patches are not checked. */
  patches?: ObjectPatch[];
  /** Name of the Gateway, of the same namespace. 1 to 253 characters. */
  gateway: Input<string>;
  /** Host names that the route answers to; those of the gateway where left out. At most 16 items. */
  hostnames?: Input<string>[];
  /** Rules: the more conditions the sooner, then in this order. 1 to 15 items. */
  rules: LlmRouteRule[];
  /** Numbers to compute from the usage of each request, for limits and access logs. At most 30 items. */
  costs?: Input<LLMRequestCost>[];
  /** Limits on tokens; 429 above them. They need a Redis for Envoy Gateway's rate limit service. At most 32 items. */
  limits?: TokenLimit[];
  /** Retries. Where left out, a rule with several priorities tries each once on 429, 5xx and failed connections. */
  retry?: RetrySettings;
}

export interface MCPRouteObjectArgs {
  /** What the object is called. */
  metadata?: ObjectMetadata;
  /** The servers and who may use them. */
  spec: Input<MCPRouteSpec>;
}

export interface McpRouteArgs {
  /** Namespace of the created objects; `default` where left out. 1 to 63 characters. */
  namespace?: Input<string>;
  /** Name of the created objects; the component's where left out. 1 to 63 characters. */
  objectName?: string;
  /** Changes to the created objects, for what these inputs do not reach. Prefer the inputs: patches are not checked. */
  patches?: ObjectPatch[];
  /** Name of the Gateway, of the same namespace. 1 to 253 characters. */
  gateway: Input<string>;
  /** Path that clients call. At most 1024 characters. Default: `"/mcp"`. */
  path?: Input<string>;
  /** Host names that the route answers to; those of the gateway where left out. At most 16 items. */
  hostnames?: Input<string>[];
  /** MCP servers by name, which clients see as one. */
  servers: Record<string, McpServer>;
  /** Who may use this route. Rule: authorization by JWT needs oauth. */
  security?: Input<MCPRouteSpecSecurityPolicy>;
}

export interface QuotaPolicyObjectArgs {
  /** What the object is called. */
  metadata?: ObjectMetadata;
  /** Backends and their quotas. Default: `{}`. */
  spec?: Input<QuotaPolicySpec>;
}

export interface TokenQuotaArgs {
  /** Namespace of the created objects; `default` where left out. 1 to 63 characters. */
  namespace?: Input<string>;
  /** Name of the created objects; the component's where left out. 1 to 63 characters. */
  objectName?: string;
  /** Changes to the created objects, for what these inputs do not reach. Prefer the inputs: patches are not checked. */
  patches?: ObjectPatch[];
  /** Backends whose use is limited. 1 to 16 items. */
  backends: string[];
  /** A quota over all models. */
  total?: ServiceQuota;
  /** Quotas by model; an entry replaces `total` for its model. At most 128 items. */
  models?: ModelQuota[];
}

export interface TokenRateLimitArgs {
  /** Namespace of the created objects; `default` where left out. 1 to 63 characters. */
  namespace?: Input<string>;
  /** Name of the created objects; the component's where left out. 1 to 63 characters. */
  objectName?: string;
  /** Changes to the created objects, for what these inputs do not reach. Prefer the inputs: patches are not checked. */
  patches?: ObjectPatch[];
  /** Name of the route, or of the Gateway. 1 to 253 characters. */
  target: Input<string>;
  /** What the limits are on. A policy on a route replaces that on its Gateway. Default: `"Route"`. */
  targetKind?: LimitTarget;
  /** The limits. 1 to 32 items. */
  limits: TokenLimit[];
}
