// Generated from the schemas by `npm run generate`. Do not edit.
import type { Input } from "@pulumi/pulumi";
import type {
  HTTPBodyMutation,
  HTTPHeaderMatch,
  HTTPHeaderMutation,
  LLMRequestCost,
  MCPRouteSpecBackendRefToolSelector,
  MCPRouteSpecSecurityPolicy,
} from "./resources.generated.ts";

/** An API key, sent as the provider's schema has it: Authorization, x-api-key for Anthropic, api-key for Azure. */
export interface ApiKeyCredential {
  /** The key. It is kept as a secret. Not empty. */
  value?: Input<string>;
  /** Name of an existing Secret of the same namespace that holds it under `apiKey`. 1 to 253 characters. */
  secretName?: Input<string>;
}

/** Signs requests for AWS. With a region alone, with what Envoy's pod is: IRSA, Pod Identity, instance role. */
export interface AwsCredential {
  /** AWS region, as `eu-central-1`. */
  region: Input<string>;
  /** Static key id, with secretAccessKey. Not empty. */
  accessKeyId?: Input<string>;
  /** Static secret key. It is kept as a secret. Not empty. */
  secretAccessKey?: Input<string>;
  /** Session token of temporary keys. It is kept as a secret. Not empty. */
  sessionToken?: Input<string>;
  /** Name of an existing Secret of the same namespace that holds it under `credentials`. 1 to 253 characters. */
  secretName?: Input<string>;
  /** Profile of the existing Secret's file. Not empty. */
  profile?: Input<string>;
  /** Role to assume with the OIDC token. */
  roleArn?: Input<string>;
  /** Where the controller gets an OIDC token, which it exchanges for the credential. */
  oidc?: OidcTokenSource;
}

/** A token of Entra, got and kept current by the controller. */
export interface AzureCredential {
  /** Id of the Entra tenant. Not empty. */
  tenantId: Input<string>;
  /** Id of the application in Entra. Not empty. */
  clientId: Input<string>;
  /** The application's secret. It is kept as a secret. Not empty. */
  clientSecret?: Input<string>;
  /** Name of an existing Secret of the same namespace that holds it under `client-secret`. 1 to 253 characters. */
  secretName?: Input<string>;
  /** Where the controller gets an OIDC token, which it exchanges for the credential. */
  oidc?: OidcTokenSource;
}

/** TLS towards a backend. */
export interface BackendTls {
  /** Whether the backend is reached by TLS. False only within a trusted network. Default: `true`. */
  enabled?: boolean;
  /** Name that its certificate must have; the host where left out. 1 to 253 characters. */
  hostname?: Input<string>;
  /** Certificate of the authority to trust, in PEM; the system's where left out. Not empty. */
  caCertificate?: Input<string>;
  /** Existing ConfigMap that holds that certificate under `ca.crt`. 1 to 253 characters. */
  caConfigMap?: Input<string>;
}

/** A quota of some clients. */
export interface ClientQuota {
  /** Most tokens, or most cost, within the time. At least 0. */
  tokens: Input<number>;
  /** Length of the sliding window. */
  per: Input<QuotaPeriod>;
  /** Conditions on the requests that it is for. 1 to 16 items. */
  requestHeaders?: Input<HTTPHeaderMatch>[];
  /** Header whose every value has a quota of its own. 1 to 256 characters. */
  perHeader?: Input<string>;
  /** Whether it is counted but refuses nothing. */
  shadow?: Input<boolean>;
}

/** The controller and the external processor. */
export interface ControlPlaneSettings {
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
}

export const CountedTokens = {
  Total: "Total",
  Input: "Input",
  Output: "Output",
} as const;
export type CountedTokens = (typeof CountedTokens)[keyof typeof CountedTokens];

export const Endpoint = {
  ChatCompletions: "chat-completions",
  Completions: "completions",
  Embeddings: "embeddings",
  Responses: "responses",
  ResponsesInputTokens: "responses-input-tokens",
  Speech: "speech",
  Transcriptions: "transcriptions",
  Translations: "translations",
  ImageGenerations: "image-generations",
  ImageEdits: "image-edits",
  ImageVariations: "image-variations",
  Moderations: "moderations",
  PlainRerank: "plain-rerank",
  Tokenize: "tokenize",
  Messages: "messages",
  CountTokens: "count-tokens",
  CohereChat: "cohere-chat",
  Rerank: "rerank",
  Embed: "embed",
  GenerateContent: "generate-content",
  GeminiCountTokens: "gemini-count-tokens",
} as const;
export type Endpoint = (typeof Endpoint)[keyof typeof Endpoint];

/** Envoy Gateway, which runs the Envoys. */
export interface EnvoyGatewaySettings {
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
}

export const Exposure = {
  ClusterIP: "ClusterIP",
  NodePort: "NodePort",
  LoadBalancer: "LoadBalancer",
} as const;
export type Exposure = (typeof Exposure)[keyof typeof Exposure];

export const ExtProcPlacement = {
  Own: "Own",
  Sidecar: "Sidecar",
} as const;
export type ExtProcPlacement = (typeof ExtProcPlacement)[keyof typeof ExtProcPlacement];

/** The external processor, which translates between APIs. */
export interface ExtProcSettings {
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
}

/** An external processor of the gateway's own, instead of the one that all share. */
export interface GatewayExtProcSettings {
  /** Own: pods for this gateway alone, in its namespace, in the number of the controller's choice. Sidecar: a container in each pod of Envoy. */
  placement: ExtProcPlacement;
  /** Its image; the control plane's where left out. Not empty. */
  image?: Input<string>;
  /** CPU that each asks for, as `500m`. */
  cpu?: Input<string>;
  /** Memory that each asks for and may have, as `512Mi`. */
  memory?: Input<string>;
}

/** Envoy's pods and where they listen. */
export interface GatewaySettings {
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
}

/** A token of GCP, got and kept current by the controller. */
export interface GcpCredential {
  /** Name of the GCP project. Not empty. */
  project: Input<string>;
  /** GCP region, as `europe-west4`, or `global`. Not empty. */
  region: Input<string>;
  /** JSON key of a service account. It is kept as a secret. Not empty. */
  serviceAccountKey?: Input<string>;
  /** Name of an existing Secret of the same namespace that holds it under `service_account.json`. 1 to 253 characters. */
  secretName?: Input<string>;
  /** A token of GCP for an OIDC token. */
  workloadIdentity?: GcpWorkloadIdentity;
}

/** A token of GCP for an OIDC token. */
export interface GcpWorkloadIdentity {
  /** Number or id of the project that owns the pool. Not empty. */
  projectNumber: Input<string>;
  /** Name of the workload identity pool. Not empty. */
  pool: Input<string>;
  /** Name of the provider in that pool. Not empty. */
  provider: Input<string>;
  /** Where the controller gets an OIDC token, which it exchanges for the credential. */
  oidc: OidcTokenSource;
  /** Service account to act as. Not empty. */
  serviceAccount?: Input<string>;
}

/** Model servers of your own, chosen by an endpoint picker. */
export interface InferencePoolReference {
  /** Name of the InferencePool. 1 to 253 characters. */
  name: Input<string>;
  /** Its namespace; the route's where left out. 1 to 63 characters. */
  namespace?: Input<string>;
  /** Model to ask for, instead of the client's. Not empty. */
  model?: Input<string>;
}

export const LimitPeriod = {
  Second: "Second",
  Minute: "Minute",
  Hour: "Hour",
  Day: "Day",
  Month: "Month",
  Year: "Year",
} as const;
export type LimitPeriod = (typeof LimitPeriod)[keyof typeof LimitPeriod];

export const LimitTarget = {
  Route: "Route",
  Gateway: "Gateway",
} as const;
export type LimitTarget = (typeof LimitTarget)[keyof typeof LimitTarget];

/** A port on which the gateway listens. */
export interface ListenerSettings {
  /** Name, unique in the gateway; `http` or `https` where left out. 1 to 63 characters. */
  name?: string;
  /** Port; 443 with TLS and 80 without where left out. 1 to 65535. */
  port?: Input<number>;
  /** Host name that clients ask for; any where left out. 1 to 253 characters. */
  hostname?: Input<string>;
  /** Secret of type kubernetes.io/tls with the certificate; HTTPS with it. 1 to 253 characters. */
  tlsSecretName?: Input<string>;
  /** Namespaces whose routes may use the listener. Default: `"Same"`. */
  routesFrom?: RoutesFrom;
}

/** A provider: the API that it speaks, where it is, and the credential that it wants. */
export interface LlmBackendSettings {
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

/** A backend of a rule. */
export interface LlmRouteBackend {
  /** Name of the backend. 1 to 253 characters. */
  backend: string;
  /** Model to ask this backend for, instead of the one that the client named. Not empty. */
  model?: Input<string>;
  /** Share of the traffic among backends of the same priority; 0 sends none. At least 0. Default: `1`. */
  weight?: Input<number>;
  /** Order of failover: backends of a higher number serve when the lower ones fail. At least 0. Default: `0`. */
  priority?: Input<number>;
  /** Changes to the request's headers before they reach the backend. */
  headers?: Input<HTTPHeaderMutation>;
  /** Changes to the request's JSON body before it reaches the backend. */
  body?: Input<HTTPBodyMutation>;
}

/** Requests and the backends that serve them. */
export interface LlmRouteRule {
  /** Name, unique in the route. 1 to 253 characters. */
  name?: string;
  /** Models, as clients name them. Any model where both models and modelPattern are left out. 1 to 128 items. */
  models?: Input<string>[];
  /** RE2 expression over the whole name of the model, as `claude-.*`. 1 to 4096 characters. */
  modelPattern?: Input<string>;
  /** Further conditions on the request, all of which must hold. At most 15 items. */
  requestHeaders?: Input<HTTPHeaderMatch>[];
  /** Backends that serve the requests, by weight and priority. At most 128 items. */
  backends?: LlmRouteBackend[];
  /** Model servers of your own, chosen by an endpoint picker. */
  inferencePool?: InferencePoolReference;
  /** Endpoints that every backend of this rule must be able to serve; checked in preview. At least 1 items. */
  endpoints?: Endpoint[];
  /** Longest time for a whole request, as `120s`. 60 seconds where left out. */
  timeout?: Input<string>;
  /** Longest time for one attempt at one backend. */
  attemptTimeout?: Input<string>;
  /** Longest silence of a backend. Before the first byte, the next backend is tried; after it, the answer ends. */
  streamIdleTimeout?: Input<string>;
  /** `owned_by` of the models in the answer of `/v1/models`. Not empty. */
  ownedBy?: Input<string>;
  /** `created` of the models in the answer of `/v1/models`. */
  createdAt?: Input<string>;
}

/** Which models clients find at the gateway, and the backends that serve them. */
export interface LlmRouteSettings {
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

export const LogLevel = {
  Error: "error",
  Warn: "warn",
  Info: "info",
  Debug: "debug",
} as const;
export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel];

/** Several MCP servers behind one endpoint. */
export interface McpRouteSettings {
  /** Path that clients call. At most 1024 characters. Default: `"/mcp"`. */
  path?: Input<string>;
  /** Host names that the route answers to; those of the gateway where left out. At most 16 items. */
  hostnames?: Input<string>[];
  /** MCP servers by name, which clients see as one. */
  servers: Record<string, McpServer>;
  /** Who may use this route. Rule: authorization by JWT needs oauth. */
  security?: Input<MCPRouteSpecSecurityPolicy>;
}

/** An MCP server. */
export interface McpServer {
  /** Host name or IP address of the server. 1 to 253 characters. */
  host: Input<string>;
  /** Port; 443 with TLS and 80 without where left out. 1 to 65535. */
  port?: Input<number>;
  /** Path of its MCP endpoint. 1 to 1024 characters. Default: `"/mcp"`. */
  path?: Input<string>;
  /** Whether it is reached by TLS. Default: `true`. */
  tls?: boolean;
  /** Tools of this server that clients see; all where left out. Rule: give include or includeRegex, not both. Rule: give exclude or excludeRegex, not both. Rule: give at least one of include, includeRegex, exclude, excludeRegex. */
  tools?: Input<MCPRouteSpecBackendRefToolSelector>;
  /** An API key. */
  apiKey?: ApiKeyCredential;
  /** Header that carries the key; Authorization, after `Bearer `, where left out. Not empty. */
  apiKeyHeader?: Input<string>;
  /** Headers of the client that go to this server, such as its own token. At most 32 items. */
  forwardHeaders?: Input<string>[];
}

/** The quota of one model. */
export interface ModelQuota {
  /** The model, as the backend knows it. Not empty. */
  model: Input<string>;
  /** Most tokens, or most cost, within the time. At least 0. */
  tokens?: Input<number>;
  /** Length of the sliding window. */
  per?: Input<QuotaPeriod>;
  /** CEL expression of a request's cost; `total_tokens` where left out. Not empty. */
  cost?: Input<string>;
  /** Quotas of some clients. At most 32 items. */
  clients?: ClientQuota[];
}

/** What the object is called. */
export interface ObjectMetadata {
  /** Name; the resource's where left out. 1 to 63 characters. */
  name?: Input<string>;
  /** Namespace; `default` where left out. 1 to 63 characters. */
  namespace?: Input<string>;
  /** Labels. */
  labels?: Record<string, Input<string>>;
  /** Annotations. */
  annotations?: Record<string, Input<string>>;
}

/** A change to created objects, for what the inputs do not reach. */
export interface ObjectPatch {
  /** Kind of the object, as `Deployment`. Not empty. */
  kind: string;
  /** Name of the object; all objects of the kind where left out. Not empty. */
  name?: string;
  /** JSON merge patch (RFC 7386): objects are merged, null takes a field away, all else replaces. */
  patch: any;
}

/** Where the controller gets an OIDC token, which it exchanges for the credential. */
export interface OidcTokenSource {
  /** URL of the issuer. Not empty. */
  issuer: Input<string>;
  /** URL of the token endpoint; as the issuer publishes it where left out. Not empty. */
  tokenEndpoint?: Input<string>;
  /** Client id. Not empty. */
  clientId: Input<string>;
  /** Client secret. It is kept as a secret. Not empty. */
  clientSecret?: Input<string>;
  /** Name of an existing Secret of the same namespace that holds it under `client-secret`. 1 to 253 characters. */
  secretName?: Input<string>;
  /** Scopes to ask for. */
  scopes?: Input<string>[];
  /** Audience of the token. Not empty. */
  audience?: Input<string>;
  /** Grant type of the token request. Not empty. */
  grantType?: Input<string>;
}

export const ProviderSchema = {
  OpenAI: "OpenAI",
  Cohere: "Cohere",
  AWSBedrock: "AWSBedrock",
  AzureOpenAI: "AzureOpenAI",
  GCPVertexAI: "GCPVertexAI",
  GCPAnthropic: "GCPAnthropic",
  Anthropic: "Anthropic",
  AWSAnthropic: "AWSAnthropic",
} as const;
export type ProviderSchema = (typeof ProviderSchema)[keyof typeof ProviderSchema];

export const QuotaPeriod = {
  _1s: "1s",
  _1m: "1m",
  _1h: "1h",
  _1d: "1d",
} as const;
export type QuotaPeriod = (typeof QuotaPeriod)[keyof typeof QuotaPeriod];

/** Retries. Where left out, a rule with several priorities tries each once on 429, 5xx and failed connections. */
export interface RetrySettings {
  /** Attempts after the first. 0 to 20. */
  attempts?: Input<number>;
  /** Statuses of a backend that are tried again; 429 and 500 to 504 where left out. At most 32 items. */
  statusCodes?: Input<number>[];
  /** Attempts at one priority before the next one. 1 to 20. */
  attemptsPerPriority?: Input<number>;
  /** Longest time for one attempt. */
  perAttemptTimeout?: Input<string>;
  /** Pause before the second attempt; it grows. */
  backoff?: Input<string>;
}

export const RoutesFrom = {
  Same: "Same",
  All: "All",
} as const;
export type RoutesFrom = (typeof RoutesFrom)[keyof typeof RoutesFrom];

/** A quota over all models. */
export interface ServiceQuota {
  /** Most tokens, or most cost, within the time. At least 0. */
  tokens: Input<number>;
  /** Length of the sliding window. */
  per: Input<QuotaPeriod>;
  /** CEL expression of a request's cost; `total_tokens` where left out. Not empty. */
  cost?: Input<string>;
}

/** A limit on tokens. */
export interface TokenLimit {
  /** Most tokens within the time. At least 1. */
  tokens: Input<number>;
  /** The time. */
  per: Input<LimitPeriod>;
  /** Which tokens are counted. Default: `"Total"`. */
  counted?: CountedTokens;
  /** Count this cost of the route, by its metadataKey, instead of tokens. Not empty. */
  cost?: string;
  /** Header whose every value has a limit of its own, as `x-user-id`. Let your authentication set it: clients can write what they like. 1 to 256 characters. */
  perHeader?: Input<string>;
  /** Models that share this limit; all where left out. 1 to 64 items. */
  models?: Input<string>[];
  /** Conditions on the requests that are counted. At most 16 items. */
  requestHeaders?: Input<HTTPHeaderMatch>[];
}

/** How much of a provider may be used, whoever asks. */
export interface TokenQuotaSettings {
  /** Backends whose use is limited. 1 to 16 items. */
  backends: string[];
  /** A quota over all models. */
  total?: ServiceQuota;
  /** Quotas by model; an entry replaces `total` for its model. At most 128 items. */
  models?: ModelQuota[];
}
