// Generated from the schemas by `npm run generate`. Do not edit.
import type { Input } from "@pulumi/pulumi";

/** What the route serves, and how. */
export interface AIGatewayRouteSpec {
  /** Gateways that serve this route. At most 16 items. Rule: only a Gateway can be a parent. */
  parentRefs?: Input<Input<ParentReference>[]>;
  /** Host names that this route answers to; those of the listeners where left out. At most 16 items. */
  hostnames?: Input<Input<string>[]>;
  /** Rules, chosen by the precedence of the Gateway API: the more header conditions the sooner, then in this order. At most 15 items. Rule: names of rules must be unique in the route. */
  rules: Input<Input<AIGatewayRouteSpecRule>[]>;
  /** Numbers to compute from the usage of each request, for rate limits and access logs. They replace those of the GatewayConfig that have the same metadataKey. At most 36 items. */
  llmRequestCosts?: Input<Input<LLMRequestCost>[]>;
}

/** Requests and the backends that serve them. */
export interface AIGatewayRouteSpecRule {
  /** Name of the rule, unique in the route; `route-not-found` is taken. 1 to 253 characters. */
  name?: Input<string>;
  /** Where the requests go: several AIServiceBackends, or one InferencePool. At most 128 items. */
  backendRefs?: Input<Input<AIGatewayRouteSpecRuleBackendRef>[]>;
  /** Requests that this rule serves: those of any match; all where left out. At most 128 items. */
  matches?: Input<Input<AIGatewayRouteSpecRuleMatch>[]>;
  /** Time limits. A whole request may take 60 seconds where `request` is left out. Rule: backendRequest must not be longer than request. */
  timeouts?: Input<HTTPRouteTimeouts>;
  /** Longest silence of a backend. Before the first byte, the next backend is tried; after it, the answer ends. No limit where left out. */
  streamIdleTimeout?: Input<string>;
  /** `owned_by` of this rule's models in the answer of `/v1/models`. Default: `"Envoy AI Gateway"`. */
  modelsOwnedBy?: Input<string>;
  /** `created` of this rule's models in the answer of `/v1/models`; the route's own creation time where left out. */
  modelsCreatedAt?: Input<string>;
}

/** A backend of the rule. */
export interface AIGatewayRouteSpecRuleBackendRef {
  /** Name of the AIServiceBackend, or of the object that group and kind name. Not empty. */
  name: Input<string>;
  /** Namespace of the object; the namespace of this resource where left out. Another namespace must permit the reference with a ReferenceGrant. 1 to 63 characters. */
  namespace?: Input<string>;
  /** `inference.networking.k8s.io` for an InferencePool; left out otherwise. At most 253 characters. */
  group?: Input<string>;
  /** `InferencePool`; left out for an AIServiceBackend. At most 63 characters. */
  kind?: Input<string>;
  /** Model to ask this backend for, instead of the one that the client named. */
  modelNameOverride?: Input<string>;
  /** Changes to headers for this backend; goes before those of the AIServiceBackend. */
  headerMutation?: Input<HTTPHeaderMutation>;
  /** Changes to the body for this backend; goes before those of the AIServiceBackend. */
  bodyMutation?: Input<HTTPBodyMutation>;
  /** Share of the traffic among backends of the same priority, relative to the sum of their weights. 0 sends none. At least 0. Default: `1`. */
  weight?: Input<number>;
  /** Order of failover: backends of a higher number serve when the lower ones fail. At least 0. Default: `0`. */
  priority?: Input<number>;
}

/** Conditions on a request. */
export interface AIGatewayRouteSpecRuleMatch {
  /** Conditions on headers, all of which must hold. `x-ai-eg-model` holds the model that the request's body names. At most 16 items. */
  headers?: Input<Input<HTTPHeaderMatch>[]>;
}

/** What the backend speaks and where it is. */
export interface AIServiceBackendSpec {
  /** The API that this backend speaks; requests and answers are translated where the client speaks another. */
  schema: Input<VersionedAPISchema>;
  /** The Backend of Envoy Gateway that holds the address, or a Service and its port. Outside a cluster there are only Backends. Rule: port is required where a Service is referenced. Rule: backendRef must name a Backend of gateway.envoyproxy.io or a Service. */
  backendRef: Input<BackendObjectReference>;
  /** Changes to the request's headers before they reach the backend. */
  headerMutation?: Input<HTTPHeaderMutation>;
  /** Changes to the request's JSON body before it reaches the backend. */
  bodyMutation?: Input<HTTPBodyMutation>;
}

/** Clients show an API key. */
export interface APIKeyAuth {
  /** Secrets that hold the keys; each entry's name is the client's id. */
  credentialRefs: Input<Input<SecretReference>[]>;
  /** Where the key is looked for; the first one found counts. */
  extractFrom: Input<Input<APIKeyAuthExtractFrom>[]>;
  /** Header that gets the client's id. */
  forwardClientIDHeader?: Input<string>;
  /** Whether the key is taken away before the backend. */
  sanitize?: Input<boolean>;
}

/** Places of the key. */
export interface APIKeyAuthExtractFrom {
  /** Headers to look at. */
  headers?: Input<Input<string>[]>;
  /** Query parameters to look at. */
  params?: Input<Input<string>[]>;
  /** Cookies to look at. */
  cookies?: Input<Input<string>[]>;
}

/** The Backend of Envoy Gateway that holds the address, or a Service and its port. Outside a cluster there are only Backends. */
export interface BackendObjectReference {
  /** API group of the object; empty for the core group. At most 253 characters. Default: `""`. */
  group?: Input<string>;
  /** Kind of the object. 1 to 63 characters. Default: `"Service"`. */
  kind?: Input<string>;
  /** Name of the object. 1 to 253 characters. */
  name: Input<string>;
  /** Namespace of the object; the namespace of this resource where left out. Another namespace must permit the reference with a ReferenceGrant. 1 to 63 characters. */
  namespace?: Input<string>;
  /** Port of the Service; required for a Service. 1 to 65535. */
  port?: Input<number>;
}

/** A backend and its share of the traffic. */
export interface BackendReference {
  /** API group of the object; empty for the core group. At most 253 characters. Default: `""`. */
  group?: Input<string>;
  /** Kind of the object. 1 to 63 characters. Default: `"Service"`. */
  kind?: Input<string>;
  /** Name of the object. 1 to 253 characters. */
  name: Input<string>;
  /** Namespace of the object; the namespace of this resource where left out. Another namespace must permit the reference with a ReferenceGrant. 1 to 63 characters. */
  namespace?: Input<string>;
  /** Port of the Service; required for a Service. 1 to 65535. */
  port?: Input<number>;
  /** Share of the traffic, relative to the sum of all weights. 0 to 1000000. Default: `1`. */
  weight?: Input<number>;
  /** Whether this backend serves only while the others are unhealthy. */
  fallback?: Input<boolean>;
}

/** The credential and the backends that get it. */
export interface BackendSecurityPolicySpec {
  /** Backends that get the credential. A backend may have one policy. At most 16 items. Rule: targetRefs must be AIServiceBackends or InferencePools. */
  targetRefs?: Input<Input<LocalPolicyTargetReference>[]>;
  /** Sort of credential; the field of the same name configures it. */
  type: Input<BackendSecurityPolicySpecType>;
  /** A key, sent in the Authorization header. */
  apiKey?: Input<BackendSecurityPolicySpecApiKey>;
  /** Signs requests for AWS. Without credentialsFile and oidcExchangeToken, credentials come from the environment: variables, pod identity, web identity, instance or task role. */
  awsCredentials?: Input<BackendSecurityPolicySpecAwsCredentials>;
  /** A key, sent in the api-key header. */
  azureAPIKey?: Input<BackendSecurityPolicySpecAzureAPIKey>;
  /** A token of Entra, got by the controller. Rule: give one of clientSecretRef, oidcExchangeToken. */
  azureCredentials?: Input<BackendSecurityPolicySpecAzureCredentials>;
  /** A token of GCP, got by the controller. Rule: give credentialsFile or workloadIdentityFederationConfig, not both. */
  gcpCredentials?: Input<BackendSecurityPolicySpecGcpCredentials>;
  /** A key, sent in the x-api-key header. */
  anthropicAPIKey?: Input<BackendSecurityPolicySpecAnthropicAPIKey>;
  /** A credential that each request brings along. */
  credentialOverride?: Input<BackendSecurityPolicySpecCredentialOverride>;
}

/** A key, sent in the x-api-key header. */
export interface BackendSecurityPolicySpecAnthropicAPIKey {
  /** Secret that holds the key under `apiKey`. */
  secretRef: Input<SecretReference>;
}

/** A key, sent in the Authorization header. */
export interface BackendSecurityPolicySpecApiKey {
  /** Secret that holds the key under `apiKey`. */
  secretRef: Input<SecretReference>;
}

/** Signs requests for AWS. Without credentialsFile and oidcExchangeToken, credentials come from the environment: variables, pod identity, web identity, instance or task role. */
export interface BackendSecurityPolicySpecAwsCredentials {
  /** AWS region, as `eu-central-1`. Not empty. */
  region: Input<string>;
  /** Static credentials. */
  credentialsFile?: Input<BackendSecurityPolicySpecAwsCredentialsCredentialsFile>;
  /** Credentials of a role, got for an OIDC token. */
  oidcExchangeToken?: Input<BackendSecurityPolicySpecAwsCredentialsOidcExchangeToken>;
}

/** Static credentials. */
export interface BackendSecurityPolicySpecAwsCredentialsCredentialsFile {
  /** Secret that holds an AWS credentials file under `credentials`. */
  secretRef: Input<SecretReference>;
  /** Profile of that file. Default: `"default"`. */
  profile?: Input<string>;
}

/** Credentials of a role, got for an OIDC token. */
export interface BackendSecurityPolicySpecAwsCredentialsOidcExchangeToken {
  /** The server that issues the token, and the client that asks for it. Rule: give one of clientID, clientIDRef. Rule: forwardIDToken.header must not be Authorization where forwardAccessToken is true. */
  oidc: Input<OIDC>;
  /** Grant type of the token request. */
  grantType?: Input<string>;
  /** Audience of the token. */
  aud?: Input<string>;
  /** ARN of the role to assume with the token. Not empty. */
  awsRoleArn: Input<string>;
}

/** A key, sent in the api-key header. */
export interface BackendSecurityPolicySpecAzureAPIKey {
  /** Secret that holds the key under `apiKey`. */
  secretRef: Input<SecretReference>;
}

/** A token of Entra, got by the controller. */
export interface BackendSecurityPolicySpecAzureCredentials {
  /** Id of the application in Entra. Not empty. */
  clientID: Input<string>;
  /** Id of the Entra tenant. Not empty. */
  tenantID: Input<string>;
  /** Secret that holds the application's secret under `client-secret`. */
  clientSecretRef?: Input<SecretReference>;
  /** An OIDC token that stands for the application. */
  oidcExchangeToken?: Input<BackendSecurityPolicySpecAzureCredentialsOidcExchangeToken>;
}

/** An OIDC token that stands for the application. */
export interface BackendSecurityPolicySpecAzureCredentialsOidcExchangeToken {
  /** The server that issues the token, and the client that asks for it. Rule: give one of clientID, clientIDRef. Rule: forwardIDToken.header must not be Authorization where forwardAccessToken is true. */
  oidc: Input<OIDC>;
  /** Grant type of the token request. */
  grantType?: Input<string>;
  /** Audience of the token. */
  aud?: Input<string>;
}

/** A credential that each request brings along. */
export interface BackendSecurityPolicySpecCredentialOverride {
  /** Read from headers, which are taken away before the backend. Clients can set headers: use this only behind a filter that overwrites them. */
  fromRequestHeaders?: Input<BackendSecurityPolicySpecCredentialOverrideFromRequestHeaders>;
  /** Read from dynamic metadata, which no client can set. */
  fromDynamicMetadata?: Input<BackendSecurityPolicySpecCredentialOverrideFromDynamicMetadata>;
}

/** Read from dynamic metadata, which no client can set. */
export interface BackendSecurityPolicySpecCredentialOverrideFromDynamicMetadata {
  /** Namespace of the metadata. Not empty. */
  namespace: Input<string>;
  /** Key of the metadata; the same names as for headers where left out, and x-aigw-aws-credentials for AWSCredentials. Its value is text, but for AWSCredentials a struct of accessKeyId, secretAccessKey and sessionToken. */
  key?: Input<string>;
  /** Whether the policy's own credential serves where the request brings none; 401 if not. Default: `true`. */
  fallbackToConfigured?: Input<boolean>;
}

/** Read from headers, which are taken away before the backend. Clients can set headers: use this only behind a filter that overwrites them. */
export interface BackendSecurityPolicySpecCredentialOverrideFromRequestHeaders {
  /** Header that carries the credential. Where left out: x-aigw-api-key, x-aigw-anthropic-api-key, x-aigw-azure-api-key, x-aigw-azure-access-token or x-aigw-gcp-access-token. For AWSCredentials the start of three headers, `x-aigw-aws-` where left out: access-key-id, secret-access-key, session-token. */
  header?: Input<string>;
  /** Whether the policy's own credential serves where the request brings none; 401 if not. Default: `true`. */
  fallbackToConfigured?: Input<boolean>;
}

/** A token of GCP, got by the controller. */
export interface BackendSecurityPolicySpecGcpCredentials {
  /** Name of the GCP project. Not empty. */
  projectName: Input<string>;
  /** GCP region, as `europe-west4`. Not empty. */
  region: Input<string>;
  /** Key of a service account. */
  credentialsFile?: Input<BackendSecurityPolicySpecGcpCredentialsCredentialsFile>;
  /** A token of GCP, got for an OIDC token. */
  workloadIdentityFederationConfig?: Input<BackendSecurityPolicySpecGcpCredentialsWorkloadIdentityFederationConfig>;
}

/** Key of a service account. */
export interface BackendSecurityPolicySpecGcpCredentialsCredentialsFile {
  /** Secret that holds a service account's JSON under `service_account.json`. */
  secretRef: Input<SecretReference>;
}

/** A token of GCP, got for an OIDC token. */
export interface BackendSecurityPolicySpecGcpCredentialsWorkloadIdentityFederationConfig {
  /** Id of the project that owns the pool. Not empty. */
  projectID: Input<string>;
  /** Name of the workload identity pool. Not empty. */
  workloadIdentityPoolName: Input<string>;
  /** Name of the provider in that pool. Not empty. */
  workloadIdentityProviderName: Input<string>;
  /** The OIDC token to exchange. */
  oidcExchangeToken: Input<BackendSecurityPolicySpecGcpCredentialsWorkloadIdentityFederationConfigOidcExchangeToken>;
  /** Service account to act as. */
  serviceAccountImpersonation?: Input<BackendSecurityPolicySpecGcpCredentialsWorkloadIdentityFederationConfigServiceAccountImpersonation>;
}

/** The OIDC token to exchange. */
export interface BackendSecurityPolicySpecGcpCredentialsWorkloadIdentityFederationConfigOidcExchangeToken {
  /** The server that issues the token, and the client that asks for it. Rule: give one of clientID, clientIDRef. Rule: forwardIDToken.header must not be Authorization where forwardAccessToken is true. */
  oidc: Input<OIDC>;
  /** Grant type of the token request. */
  grantType?: Input<string>;
  /** Audience of the token. */
  aud?: Input<string>;
}

/** Service account to act as. */
export interface BackendSecurityPolicySpecGcpCredentialsWorkloadIdentityFederationConfigServiceAccountImpersonation {
  /** Name of the service account. Not empty. */
  serviceAccountName: Input<string>;
}

export const BackendSecurityPolicySpecType = {
  APIKey: "APIKey",
  AWSCredentials: "AWSCredentials",
  AzureAPIKey: "AzureAPIKey",
  AzureCredentials: "AzureCredentials",
  GCPCredentials: "GCPCredentials",
  AnthropicAPIKey: "AnthropicAPIKey",
} as const;
export type BackendSecurityPolicySpecType = (typeof BackendSecurityPolicySpecType)[keyof typeof BackendSecurityPolicySpecType];

/** How the backend is reached. */
export interface ClusterSettings {
  /** Limits above which requests fail at once. */
  circuitBreaker?: Input<ClusterSettingsCircuitBreaker>;
  /** Settings of connections. */
  connection?: Input<ClusterSettingsConnection>;
  /** Name resolution. */
  dns?: Input<ClusterSettingsDns>;
  /** How unhealthy hosts are found. */
  healthCheck?: Input<HealthCheck>;
  /** HTTP/2 settings. */
  http2?: Input<ClusterSettingsHttp2>;
  /** Choice of the host. Rule: consistentHash must be set for type ConsistentHash, and for no other. Rule: backendUtilization must be set for type BackendUtilization, and for no other. Rule: dynamicModule must be set for type DynamicModule, and for no other. Rule: slowStart needs type RoundRobin, LeastRequest or BackendUtilization. Rule: zoneAware.preferLocal is not for type ConsistentHash or BackendUtilization; use weightedZones. Rule: zoneAware and endpointOverride are not for type DynamicModule. Rule: zoneAware has preferLocal or weightedZones, not both. */
  loadBalancer?: Input<LoadBalancer>;
  /** PROXY protocol towards the backend. */
  proxyProtocol?: Input<ClusterSettingsProxyProtocol>;
  /** Retries. */
  retry?: Input<ClusterSettingsRetry>;
  /** TCP keepalive. */
  tcpKeepalive?: Input<ClusterSettingsTcpKeepalive>;
  /** Time limits. */
  timeout?: Input<ClusterSettingsTimeout>;
}

/** Limits above which requests fail at once. */
export interface ClusterSettingsCircuitBreaker {
  /** Most connections. 0 to 4294967295. Default: `1024`. */
  maxConnections?: Input<number>;
  /** Most requests that wait for a connection. 0 to 4294967295. Default: `1024`. */
  maxPendingRequests?: Input<number>;
  /** Most requests at once. 0 to 4294967295. Default: `1024`. */
  maxParallelRequests?: Input<number>;
  /** Most retries at once. 0 to 4294967295. Default: `1024`. */
  maxParallelRetries?: Input<number>;
  /** Most requests over one connection; no limit where left out. 0 to 4294967295. */
  maxRequestsPerConnection?: Input<number>;
  /** Limits of each host. */
  perEndpoint?: Input<ClusterSettingsCircuitBreakerPerEndpoint>;
  /** Limit of retries that follows the load. */
  retryBudget?: Input<ClusterSettingsCircuitBreakerRetryBudget>;
}

/** Limits of each host. */
export interface ClusterSettingsCircuitBreakerPerEndpoint {
  /** Most connections with one host. 0 to 4294967295. Default: `1024`. */
  maxConnections?: Input<number>;
}

/** Limit of retries that follows the load. */
export interface ClusterSettingsCircuitBreakerRetryBudget {
  /** Most retries, as a fraction of the requests at once. Rule: numerator must not be greater than denominator. */
  percent: Input<ClusterSettingsCircuitBreakerRetryBudgetPercent>;
  /** Retries that are always permitted. */
  minRetryConcurrency?: Input<number>;
}

/** Most retries, as a fraction of the requests at once. */
export interface ClusterSettingsCircuitBreakerRetryBudgetPercent {
  /** Upper part of the fraction. At least 0. */
  numerator: Input<number>;
  /** Lower part of the fraction. At least 1. Default: `100`. */
  denominator?: Input<number>;
}

/** Settings of connections. */
export interface ClusterSettingsConnection {
  /** Most bytes held for a connection. */
  bufferLimit?: Input<string>;
  /** Most bytes held by its socket. */
  socketBufferLimit?: Input<string>;
  /** Connections opened before they are needed. */
  preconnect?: Input<ClusterSettingsConnectionPreconnect>;
}

/** Connections opened before they are needed. */
export interface ClusterSettingsConnectionPreconnect {
  /** Connections to hold for each host, in percent of those needed. 100 to 300. */
  perEndpointPercent?: Input<number>;
  /** Connections to hold over all hosts, in percent of those needed. At least 100. */
  predictivePercent?: Input<number>;
}

/** Name resolution. */
export interface ClusterSettingsDns {
  /** Time between two look-ups. */
  dnsRefreshRate?: Input<string>;
  /** Which addresses are looked up. */
  lookupFamily?: Input<ClusterSettingsDnsLookupFamily>;
  /** Whether the record's own lifetime sets the refresh rate. */
  respectDnsTtl?: Input<boolean>;
}

export const ClusterSettingsDnsLookupFamily = {
  IPv4: "IPv4",
  IPv6: "IPv6",
  IPv4Preferred: "IPv4Preferred",
  IPv6Preferred: "IPv6Preferred",
  IPv4AndIPv6: "IPv4AndIPv6",
} as const;
export type ClusterSettingsDnsLookupFamily = (typeof ClusterSettingsDnsLookupFamily)[keyof typeof ClusterSettingsDnsLookupFamily];

/** HTTP/2 settings. */
export interface ClusterSettingsHttp2 {
  /** First window of a stream, in bytes. */
  initialStreamWindowSize?: Input<string>;
  /** First window of a connection, in bytes. */
  initialConnectionWindowSize?: Input<string>;
  /** Most streams at once over one connection. 1 to 2147483647. */
  maxConcurrentStreams?: Input<number>;
  /** What a malformed message ends: `TerminateStream` or `TerminateConnection`. */
  onInvalidMessage?: Input<string>;
  /** Pings that keep a connection. Rule: timeout must be shorter than interval. */
  connectionKeepalive?: Input<ClusterSettingsHttp2ConnectionKeepalive>;
}

/** Pings that keep a connection. */
export interface ClusterSettingsHttp2ConnectionKeepalive {
  /** Time between two pings. */
  interval?: Input<string>;
  /** Idle time after which a ping goes before the next request. */
  idleInterval?: Input<string>;
  /** Random part of the interval, in percent. 0 to 100. */
  intervalJitter?: Input<number>;
  /** Longest wait for a ping's answer. */
  timeout?: Input<string>;
}

/** PROXY protocol towards the backend. */
export interface ClusterSettingsProxyProtocol {
  /** Version to send. */
  version: Input<ClusterSettingsProxyProtocolVersion>;
}

export const ClusterSettingsProxyProtocolVersion = {
  V1: "V1",
  V2: "V2",
} as const;
export type ClusterSettingsProxyProtocolVersion = (typeof ClusterSettingsProxyProtocolVersion)[keyof typeof ClusterSettingsProxyProtocolVersion];

/** Retries. */
export interface ClusterSettingsRetry {
  /** Most retries of a request. At least 0. Default: `2`. */
  numRetries?: Input<number>;
  /** Attempts at one priority before the next is tried. */
  numAttemptsPerPriority?: Input<number>;
  /** Failures that are retried. */
  retryOn?: Input<ClusterSettingsRetryRetryOn>;
  /** Settings of each attempt. */
  perRetry?: Input<ClusterSettingsRetryPerRetry>;
}

/** Settings of each attempt. */
export interface ClusterSettingsRetryPerRetry {
  /** Longest time of one attempt. */
  timeout?: Input<string>;
  /** Waits between attempts. */
  backOff?: Input<ClusterSettingsRetryPerRetryBackOff>;
}

/** Waits between attempts. */
export interface ClusterSettingsRetryPerRetryBackOff {
  /** Wait before the first retry. */
  baseInterval?: Input<string>;
  /** Longest wait before a retry. */
  maxInterval?: Input<string>;
}

/** Failures that are retried. */
export interface ClusterSettingsRetryRetryOn {
  /** Sorts of failure. */
  triggers?: Input<Input<ClusterSettingsRetryRetryOnTrigger>[]>;
  /** Statuses that count as retriable-status-codes. */
  httpStatusCodes?: Input<Input<number>[]>;
}

export const ClusterSettingsRetryRetryOnTrigger = {
  _5xx: "5xx",
  GatewayError: "gateway-error",
  Reset: "reset",
  ResetBeforeRequest: "reset-before-request",
  ConnectFailure: "connect-failure",
  Retriable4xx: "retriable-4xx",
  RefusedStream: "refused-stream",
  RetriableStatusCodes: "retriable-status-codes",
  Cancelled: "cancelled",
  DeadlineExceeded: "deadline-exceeded",
  Internal: "internal",
  ResourceExhausted: "resource-exhausted",
  Unavailable: "unavailable",
} as const;
export type ClusterSettingsRetryRetryOnTrigger = (typeof ClusterSettingsRetryRetryOnTrigger)[keyof typeof ClusterSettingsRetryRetryOnTrigger];

/** TCP keepalive. */
export interface ClusterSettingsTcpKeepalive {
  /** Probes without an answer that end a connection. */
  probes?: Input<number>;
  /** Idle time before the first probe. */
  idleTime?: Input<string>;
  /** Time between two probes. */
  interval?: Input<string>;
}

/** Time limits. */
export interface ClusterSettingsTimeout {
  /** Time limits of connecting. */
  tcp?: Input<ClusterSettingsTimeoutTcp>;
  /** Time limits of requests. */
  http?: Input<ClusterSettingsTimeoutHttp>;
}

/** Time limits of requests. */
export interface ClusterSettingsTimeoutHttp {
  /** Idle time after which a connection is closed. */
  connectionIdleTimeout?: Input<string>;
  /** Longest life of a connection. */
  maxConnectionDuration?: Input<string>;
  /** Longest life of a stream. */
  maxStreamDuration?: Input<string>;
  /** Longest time for the whole answer. */
  requestTimeout?: Input<string>;
  /** Longest silence on a stream. */
  streamIdleTimeout?: Input<string>;
}

/** Time limits of connecting. */
export interface ClusterSettingsTimeoutTcp {
  /** Longest time to connect. */
  connectTimeout?: Input<string>;
}

/** A server of yours decides on each request. */
export interface ExtAuth {
  /** A gRPC server. Rule: backendRefs is required. Rule: backendRefs must be of kind Service, ServiceImport or Backend. Rule: backendRefs must be of the core group, multicluster.x-k8s.io or gateway.envoyproxy.io. */
  grpc?: Input<ExtAuthGrpc>;
  /** An HTTP server. Rule: backendRefs is required. Rule: backendRefs must be of kind Service, ServiceImport or Backend. Rule: backendRefs must be of the core group, multicluster.x-k8s.io or gateway.envoyproxy.io. Rule: give path or pathOverride, not both. */
  http?: Input<ExtAuthHttp>;
  /** Request headers that the server sees. */
  headersToExtAuth?: Input<Input<string>[]>;
  /** Shows the server the request's body. */
  bodyToExtAuth?: Input<ExtAuthBodyToExtAuth>;
  /** What the server is told besides. */
  contextExtensions?: Input<Input<ExtAuthContextExtension>[]>;
  /** Whether requests pass while the server cannot be reached. Default: `false`. */
  failOpen?: Input<boolean>;
  /** Whether the server sees the route's metadata. */
  includeRouteMetadata?: Input<boolean>;
  /** Whether the route is chosen again after the server's changes. */
  recomputeRoute?: Input<boolean>;
  /** Status of the answer while the server cannot be reached. */
  statusOnError?: Input<ExtAuthStatusOnError>;
  /** Longest wait for the server. */
  timeout?: Input<string>;
}

/** Shows the server the request's body. */
export interface ExtAuthBodyToExtAuth {
  /** Most bytes of the body that it sees. At least 1. */
  maxRequestBytes: Input<number>;
}

/** An entry of what the server is told. */
export interface ExtAuthContextExtension {
  /** Name of the entry. */
  name: Input<string>;
  /** Where the value stands. Default: `"Value"`. */
  type?: Input<ExtAuthContextExtensionType>;
  /** The value. */
  value?: Input<string>;
  /** A value of a ConfigMap or Secret. Rule: must be a ConfigMap or a Secret of the core group. */
  valueRef?: Input<ExtAuthContextExtensionValueRef>;
}

export const ExtAuthContextExtensionType = {
  Value: "Value",
  ValueRef: "ValueRef",
} as const;
export type ExtAuthContextExtensionType = (typeof ExtAuthContextExtensionType)[keyof typeof ExtAuthContextExtensionType];

/** A value of a ConfigMap or Secret. */
export interface ExtAuthContextExtensionValueRef {
  /** API group of the object; empty for the core group. At most 253 characters. */
  group: Input<string>;
  /** Kind of the object. 1 to 63 characters. */
  kind: Input<string>;
  /** Name of the object. 1 to 253 characters. */
  name: Input<string>;
  /** Key of the value. */
  key: Input<string>;
}

/** A gRPC server. */
export interface ExtAuthGrpc {
  /** Backend of the server; prefer backendRefs. Rule: port is required where a Service is referenced. */
  backendRef?: Input<BackendObjectReference>;
  /** Backends of the server. At most 16 items. */
  backendRefs?: Input<Input<BackendReference>[]>;
  /** How the backend is reached. Rule: connection.preconnect.predictivePercent needs loadBalancer.type Random or RoundRobin. */
  backendSettings?: Input<ClusterSettings>;
}

/** An HTTP server. */
export interface ExtAuthHttp {
  /** Backend of the server; prefer backendRefs. Rule: port is required where a Service is referenced. */
  backendRef?: Input<BackendObjectReference>;
  /** Backends of the server. At most 16 items. */
  backendRefs?: Input<Input<BackendReference>[]>;
  /** How the backend is reached. Rule: connection.preconnect.predictivePercent needs loadBalancer.type Random or RoundRobin. */
  backendSettings?: Input<ClusterSettings>;
  /** Prefix of the request's path towards the server. */
  path?: Input<string>;
  /** Path instead of the request's own. */
  pathOverride?: Input<string>;
  /** Headers of the server's answer that go to the backend. */
  headersToBackend?: Input<Input<string>[]>;
}

export const ExtAuthStatusOnError = {
  _400: 400,
  _401: 401,
  _402: 402,
  _403: 403,
  _404: 404,
  _405: 405,
  _406: 406,
  _407: 407,
  _408: 408,
  _409: 409,
  _410: 410,
  _411: 411,
  _412: 412,
  _413: 413,
  _414: 414,
  _415: 415,
  _416: 416,
  _417: 417,
  _421: 421,
  _422: 422,
  _423: 423,
  _424: 424,
  _426: 426,
  _428: 428,
  _429: 429,
  _431: 431,
  _500: 500,
  _501: 501,
  _502: 502,
  _503: 503,
  _504: 504,
  _505: 505,
  _506: 506,
  _507: 507,
  _508: 508,
  _510: 510,
  _511: 511,
} as const;
export type ExtAuthStatusOnError = (typeof ExtAuthStatusOnError)[keyof typeof ExtAuthStatusOnError];

/** Settings of the gateway. */
export interface GatewayConfigSpec {
  /** The external processor. */
  extProc?: Input<GatewayConfigSpecExtProc>;
  /** Numbers to compute from the usage of each request on every route; a route's own entry with the same metadataKey goes before. */
  globalLLMRequestCosts?: Input<Input<LLMRequestCost>[]>;
  /** Proxy through which all backends are reached. */
  forwardProxy?: Input<GatewayConfigSpecForwardProxy>;
}

/** The external processor. */
export interface GatewayConfigSpecExtProc {
  /** The container that it runs in. Rule: give image or imageRepository, not both. */
  kubernetes?: Input<KubernetesContainer>;
}

/** Proxy through which all backends are reached. */
export interface GatewayConfigSpecForwardProxy {
  /** The proxy, as `host:port`. TLS with the backend stays end to end, through an HTTP CONNECT tunnel. Not empty. */
  address: Input<string>;
}

/** Changes to the body for this backend; goes before those of the AIServiceBackend. */
export interface HTTPBodyMutation {
  /** Fields to set; a field that the body already has is overwritten. At most 16 items. */
  set?: Input<Input<HTTPBodyMutationSet>[]>;
  /** Names of top-level fields to take away. At most 16 items. */
  remove?: Input<Input<string>[]>;
}

/** A top-level field of the body and its value. */
export interface HTTPBodyMutationSet {
  /** Name of a top-level field of the JSON body. Not empty. */
  path: Input<string>;
  /** The value, written as JSON: text in its own double quotes, a number, `true`, `null`, a list, an object. */
  value: Input<string>;
}

/** A header and its value. */
export interface HTTPHeader {
  /** Name of the header; upper and lower case are the same. 1 to 256 characters. */
  name: Input<string>;
  /** Value that the header gets. 1 to 4096 characters. */
  value: Input<string>;
}

/** A condition on one request header. */
export interface HTTPHeaderMatch {
  /** How the value is compared: in full, or as an RE2 expression over all of it. Default: `"Exact"`. */
  type?: Input<HTTPHeaderMatchType>;
  /** Name of the header; upper and lower case are the same. 1 to 256 characters. */
  name: Input<string>;
  /** Value or expression to compare with. 1 to 4096 characters. */
  value: Input<string>;
}

export const HTTPHeaderMatchType = {
  Exact: "Exact",
  RegularExpression: "RegularExpression",
} as const;
export type HTTPHeaderMatchType = (typeof HTTPHeaderMatchType)[keyof typeof HTTPHeaderMatchType];

/** Changes to headers for this backend; goes before those of the AIServiceBackend. */
export interface HTTPHeaderMutation {
  /** Headers to set; a header that the request already has is overwritten. At most 16 items. */
  set?: Input<Input<HTTPHeader>[]>;
  /** Names of headers to take away; upper and lower case are the same. At most 16 items. */
  remove?: Input<Input<string>[]>;
}

/** Time limits. A whole request may take 60 seconds where `request` is left out. */
export interface HTTPRouteTimeouts {
  /** Longest time for a whole request, streamed answer included. `0s` is no limit. */
  request?: Input<string>;
  /** Longest time for one attempt at one backend. `0s` is no limit. */
  backendRequest?: Input<string>;
}

/** How unhealthy hosts are found. */
export interface HealthCheck {
  /** Checks by asking. Rule: http must be set for type HTTP, and for no other. Rule: tcp must be set for type TCP, and for no other. Rule: grpc may be set for type GRPC alone. */
  active?: Input<HealthCheckActive>;
  /** Checks by watching the traffic. */
  passive?: Input<HealthCheckPassive>;
  /** Healthy hosts in percent, below which all hosts serve. 0 to 100. */
  panicThreshold?: Input<number>;
}

/** Checks by asking. */
export interface HealthCheckActive {
  /** How a host is asked. */
  type: Input<HealthCheckActiveType>;
  /** Longest wait for an answer. Default: `"1s"`. */
  timeout?: Input<string>;
  /** Time between two checks. Default: `"3s"`. */
  interval?: Input<string>;
  /** Most random delay of the first check. */
  initialJitter?: Input<string>;
  /** Failures in a row that make a host unhealthy. At least 1. Default: `3`. */
  unhealthyThreshold?: Input<number>;
  /** Successes in a row that make a host healthy. At least 1. Default: `1`. */
  healthyThreshold?: Input<number>;
  /** An HTTP check. */
  http?: Input<HealthCheckActiveHttp>;
  /** A TCP check. */
  tcp?: Input<HealthCheckActiveTcp>;
  /** A gRPC health check. */
  grpc?: Input<HealthCheckActiveGrpc>;
  /** Where to check, if not at the serving address. */
  overrides?: Input<HealthCheckActiveOverrides>;
}

/** A gRPC health check. */
export interface HealthCheckActiveGrpc {
  /** Service to ask about. */
  service?: Input<string>;
}

/** An HTTP check. */
export interface HealthCheckActiveHttp {
  /** Path to ask for. 1 to 1024 characters. */
  path: Input<string>;
  /** Host header of the check. 1 to 253 characters. */
  hostname?: Input<string>;
  /** Method; GET where left out. */
  method?: Input<string>;
  /** Statuses of a healthy host; 200 where left out. */
  expectedStatuses?: Input<Input<number>[]>;
  /** Statuses that count towards unhealthyThreshold. */
  retriableStatuses?: Input<Input<number>[]>;
  /** Text that the answer must hold. Rule: text must be set for type Text, and for no other. Rule: binary must be set for type Binary, and for no other. */
  expectedResponse?: Input<HealthCheckActiveHttpExpectedResponse>;
}

/** Text that the answer must hold. */
export interface HealthCheckActiveHttpExpectedResponse {
  /** Which of the fields holds the payload. */
  type: Input<HealthCheckActiveHttpExpectedResponseType>;
  /** Payload as text. */
  text?: Input<string>;
  /** Payload as base64. */
  binary?: Input<string>;
}

export const HealthCheckActiveHttpExpectedResponseType = {
  Text: "Text",
  Binary: "Binary",
} as const;
export type HealthCheckActiveHttpExpectedResponseType = (typeof HealthCheckActiveHttpExpectedResponseType)[keyof typeof HealthCheckActiveHttpExpectedResponseType];

/** Where to check, if not at the serving address. */
export interface HealthCheckActiveOverrides {
  /** Port to check instead of the serving one. 1 to 65535. */
  port?: Input<number>;
}

/** A TCP check. */
export interface HealthCheckActiveTcp {
  /** What is sent; a mere connection where left out. Rule: text must be set for type Text, and for no other. Rule: binary must be set for type Binary, and for no other. */
  send?: Input<HealthCheckActiveTcpSend>;
  /** What must come back. Rule: text must be set for type Text, and for no other. Rule: binary must be set for type Binary, and for no other. */
  receive?: Input<HealthCheckActiveTcpReceive>;
}

/** What must come back. */
export interface HealthCheckActiveTcpReceive {
  /** Which of the fields holds the payload. */
  type: Input<HealthCheckActiveTcpReceiveType>;
  /** Payload as text. */
  text?: Input<string>;
  /** Payload as base64. */
  binary?: Input<string>;
}

export const HealthCheckActiveTcpReceiveType = {
  Text: "Text",
  Binary: "Binary",
} as const;
export type HealthCheckActiveTcpReceiveType = (typeof HealthCheckActiveTcpReceiveType)[keyof typeof HealthCheckActiveTcpReceiveType];

/** What is sent; a mere connection where left out. */
export interface HealthCheckActiveTcpSend {
  /** Which of the fields holds the payload. */
  type: Input<HealthCheckActiveTcpSendType>;
  /** Payload as text. */
  text?: Input<string>;
  /** Payload as base64. */
  binary?: Input<string>;
}

export const HealthCheckActiveTcpSendType = {
  Text: "Text",
  Binary: "Binary",
} as const;
export type HealthCheckActiveTcpSendType = (typeof HealthCheckActiveTcpSendType)[keyof typeof HealthCheckActiveTcpSendType];

export const HealthCheckActiveType = {
  HTTP: "HTTP",
  TCP: "TCP",
  GRPC: "GRPC",
} as const;
export type HealthCheckActiveType = (typeof HealthCheckActiveType)[keyof typeof HealthCheckActiveType];

/** Checks by watching the traffic. */
export interface HealthCheckPassive {
  /** Whether errors of the connection count apart from errors of the host. Default: `false`. */
  splitExternalLocalOriginErrors?: Input<boolean>;
  /** Time between two reviews. Default: `"3s"`. */
  interval?: Input<string>;
  /** Connection failures in a row that eject a host. Default: `5`. */
  consecutiveLocalOriginFailures?: Input<number>;
  /** 502, 503 or 504 in a row that eject a host. */
  consecutiveGatewayErrors?: Input<number>;
  /** 5xx in a row that eject a host. Default: `5`. */
  consecutive5XxErrors?: Input<number>;
  /** How long a host is ejected, times the number of its ejections. Default: `"30s"`. */
  baseEjectionTime?: Input<string>;
  /** Most hosts that may be ejected at once, in percent. 0 to 100. Default: `10`. */
  maxEjectionPercent?: Input<number>;
  /** Failures in percent that eject a host. 0 to 100. */
  failurePercentageThreshold?: Input<number>;
  /** Whether one host may be ejected whatever maxEjectionPercent says. Default: `false`. */
  alwaysEjectOneEndpoint?: Input<boolean>;
}

/** A claim that the token must have. */
export interface JWTClaim {
  /** Name of the claim, with dots into nested ones. 1 to 253 characters. */
  name: Input<string>;
  /** Type of the claim; of an array, any value may match. Default: `"String"`. */
  valueType?: Input<JWTClaimValueType>;
  /** Values, one of which must match. 1 to 128 items. */
  values: Input<Input<string>[]>;
}

export const JWTClaimValueType = {
  String: "String",
  StringArray: "StringArray",
} as const;
export type JWTClaimValueType = (typeof JWTClaimValueType)[keyof typeof JWTClaimValueType];

/** The container that it runs in. */
export interface KubernetesContainer {
  /** Environment variables to add. */
  env?: Input<Input<KubernetesContainerEnv>[]>;
  /** CPU, memory and other resources of the container. */
  resources?: Input<KubernetesContainerResources>;
  /** Privileges of the container. */
  securityContext?: Input<KubernetesContainerSecurityContext>;
  /** Image, tag included, instead of the default one. Rule: must be an image reference, as repository:tag or repository@sha256:digest. */
  image?: Input<string>;
  /** Repository of the image; the tag stays the default one. Rule: must be a repository without a tag. */
  imageRepository?: Input<string>;
  /** Volumes of the pod to mount. */
  volumeMounts?: Input<Input<KubernetesContainerVolumeMount>[]>;
}

/** An environment variable. */
export interface KubernetesContainerEnv {
  /** Name of the variable. */
  name: Input<string>;
  /** Its value. */
  value?: Input<string>;
  /** Where the value comes from, instead of `value`. */
  valueFrom?: Input<KubernetesContainerEnvValueFrom>;
}

/** Where the value comes from, instead of `value`. */
export interface KubernetesContainerEnvValueFrom {
  /** A value of a ConfigMap. */
  configMapKeyRef?: Input<KubernetesContainerEnvValueFromConfigMapKeyRef>;
  /** A value of a Secret. */
  secretKeyRef?: Input<KubernetesContainerEnvValueFromSecretKeyRef>;
  /** A field of the pod. */
  fieldRef?: Input<KubernetesContainerEnvValueFromFieldRef>;
  /** A variable of a file. */
  fileKeyRef?: Input<KubernetesContainerEnvValueFromFileKeyRef>;
  /** A resource of a container. */
  resourceFieldRef?: Input<KubernetesContainerEnvValueFromResourceFieldRef>;
}

/** A value of a ConfigMap. */
export interface KubernetesContainerEnvValueFromConfigMapKeyRef {
  /** Name of the ConfigMap. Default: `""`. */
  name?: Input<string>;
  /** Key of the value. */
  key: Input<string>;
  /** Whether the ConfigMap or key may be absent. */
  optional?: Input<boolean>;
}

/** A field of the pod. */
export interface KubernetesContainerEnvValueFromFieldRef {
  /** Version that the path is written in. */
  apiVersion?: Input<string>;
  /** Path of the field, as `metadata.name`. */
  fieldPath: Input<string>;
}

/** A variable of a file. */
export interface KubernetesContainerEnvValueFromFileKeyRef {
  /** Volume that holds the file. */
  volumeName: Input<string>;
  /** Path of the file within the volume. */
  path: Input<string>;
  /** Variable within the file. */
  key: Input<string>;
  /** Whether the file or key may be absent. Default: `false`. */
  optional?: Input<boolean>;
}

/** A resource of a container. */
export interface KubernetesContainerEnvValueFromResourceFieldRef {
  /** Container, this one where left out. */
  containerName?: Input<string>;
  /** The resource, as `limits.memory`. */
  resource: Input<string>;
  /** Unit in which it is given; 1 where left out. */
  divisor?: Input<string>;
}

/** A value of a Secret. */
export interface KubernetesContainerEnvValueFromSecretKeyRef {
  /** Name of the Secret. Default: `""`. */
  name?: Input<string>;
  /** Key of the value. */
  key: Input<string>;
  /** Whether the Secret or key may be absent. */
  optional?: Input<boolean>;
}

/** CPU, memory and other resources of the container. */
export interface KubernetesContainerResources {
  /** The most of each resource that the container may use. */
  limits?: Input<Record<string, Input<string>>>;
  /** The least of each resource that the container needs. */
  requests?: Input<Record<string, Input<string>>>;
  /** Claims of dynamic resources that the container uses. */
  claims?: Input<Input<KubernetesContainerResourcesClaim>[]>;
}

export interface KubernetesContainerResourcesClaim {
  /** Name of an entry of the pod's resourceClaims. */
  name: Input<string>;
  /** Request within that claim. */
  request?: Input<string>;
}

/** Privileges of the container. */
export interface KubernetesContainerSecurityContext {
  /** Whether a process may gain more privileges than its parent. */
  allowPrivilegeEscalation?: Input<boolean>;
  /** AppArmor profile. */
  appArmorProfile?: Input<KubernetesContainerSecurityContextAppArmorProfile>;
  /** POSIX capabilities. */
  capabilities?: Input<KubernetesContainerSecurityContextCapabilities>;
  /** Whether the container is as root on the node. */
  privileged?: Input<boolean>;
  /** How `/proc` is mounted. */
  procMount?: Input<string>;
  /** Whether the root file system cannot be written. */
  readOnlyRootFilesystem?: Input<boolean>;
  /** Group id of the process. */
  runAsGroup?: Input<number>;
  /** Whether user id 0 is refused. */
  runAsNonRoot?: Input<boolean>;
  /** User id of the process. */
  runAsUser?: Input<number>;
  /** SELinux labels. */
  seLinuxOptions?: Input<KubernetesContainerSecurityContextSeLinuxOptions>;
  /** Seccomp profile. */
  seccompProfile?: Input<KubernetesContainerSecurityContextSeccompProfile>;
  /** Windows settings. */
  windowsOptions?: Input<KubernetesContainerSecurityContextWindowsOptions>;
}

/** AppArmor profile. */
export interface KubernetesContainerSecurityContextAppArmorProfile {
  /** `RuntimeDefault`, `Localhost` or `Unconfined`. */
  type: Input<string>;
  /** Profile of the node, for `Localhost`. */
  localhostProfile?: Input<string>;
}

/** POSIX capabilities. */
export interface KubernetesContainerSecurityContextCapabilities {
  /** Capabilities to add. */
  add?: Input<Input<string>[]>;
  /** Capabilities to take away. */
  drop?: Input<Input<string>[]>;
}

/** SELinux labels. */
export interface KubernetesContainerSecurityContextSeLinuxOptions {
  /** SELinux level. */
  level?: Input<string>;
  /** SELinux role. */
  role?: Input<string>;
  /** SELinux type. */
  type?: Input<string>;
  /** SELinux user. */
  user?: Input<string>;
}

/** Seccomp profile. */
export interface KubernetesContainerSecurityContextSeccompProfile {
  /** `RuntimeDefault`, `Localhost` or `Unconfined`. */
  type: Input<string>;
  /** Profile of the node, for `Localhost`. */
  localhostProfile?: Input<string>;
}

/** Windows settings. */
export interface KubernetesContainerSecurityContextWindowsOptions {
  /** Contents of the GMSA credential spec. */
  gmsaCredentialSpec?: Input<string>;
  /** Name of the GMSA credential spec. */
  gmsaCredentialSpecName?: Input<string>;
  /** Whether to run as a host process. */
  hostProcess?: Input<boolean>;
  /** User name of the process. */
  runAsUserName?: Input<string>;
}

/** A volume in the container. */
export interface KubernetesContainerVolumeMount {
  /** Name of the volume. */
  name: Input<string>;
  /** Where it is mounted in the container. */
  mountPath: Input<string>;
  /** How mounts pass between node and container. */
  mountPropagation?: Input<string>;
  /** Whether it cannot be written. */
  readOnly?: Input<boolean>;
  /** Whether that holds for mounts below it. */
  recursiveReadOnly?: Input<string>;
  /** Path within the volume. */
  subPath?: Input<string>;
  /** Path within the volume, with `$(VARIABLE)` filled in. */
  subPathExpr?: Input<string>;
}

/** A number computed from the usage of each request. */
export interface LLMRequestCost {
  /** Key under which the cost is stored, in the metadata namespace `io.envoy.ai_gateway`. */
  metadataKey: Input<string>;
  /** What is counted: tokens of one sort, or the outcome of the expression in `cel`. */
  type: Input<LLMRequestCostType>;
  /** Expression for type CEL; must give a whole number of 0 or more. Variables: model and backend (text; backend as `name.namespace`), input_tokens, cached_input_tokens, cache_creation_input_tokens, output_tokens, total_tokens, reasoning_tokens (unsigned integers). */
  cel?: Input<string>;
}

export const LLMRequestCostType = {
  OutputToken: "OutputToken",
  InputToken: "InputToken",
  CachedInputToken: "CachedInputToken",
  CacheCreationInputToken: "CacheCreationInputToken",
  TotalToken: "TotalToken",
  ReasoningToken: "ReasoningToken",
  CEL: "CEL",
} as const;
export type LLMRequestCostType = (typeof LLMRequestCostType)[keyof typeof LLMRequestCostType];

/** Choice of the host. */
export interface LoadBalancer {
  /** How a host is chosen. */
  type: Input<LoadBalancerType>;
  /** Requests with the same hash go to the same host. Rule: header must be set for type Header, and for no other. Rule: headers must be set for type Headers, and for no other. Rule: cookie must be set for type Cookie, and for no other. Rule: queryParams must be set for type QueryParams, and for no other. */
  consistentHash?: Input<LoadBalancerConsistentHash>;
  /** Weights by what hosts report of their load. */
  backendUtilization?: Input<LoadBalancerBackendUtilization>;
  /** A policy that a dynamic module brings. */
  dynamicModule?: Input<LoadBalancerDynamicModule>;
  /** Hosts that requests ask for themselves. */
  endpointOverride?: Input<LoadBalancerEndpointOverride>;
  /** New hosts start gently. */
  slowStart?: Input<LoadBalancerSlowStart>;
  /** How zones count. */
  zoneAware?: Input<LoadBalancerZoneAware>;
}

/** Weights by what hosts report of their load. */
export interface LoadBalancerBackendUtilization {
  /** Time after which a host's reports are first used. */
  blackoutPeriod?: Input<string>;
  /** Time after which a report is no longer used. */
  weightExpirationPeriod?: Input<string>;
  /** Time between two changes of weights. */
  weightUpdatePeriod?: Input<string>;
  /** What errors take from a host's weight, in percent. At least 0. */
  errorUtilizationPenaltyPercent?: Input<number>;
  /** Reported metrics that stand for utilization. */
  metricNamesForComputingUtilization?: Input<Input<string>[]>;
  /** Whether the reports stay in the answer's headers. Default: `false`. */
  keepResponseHeaders?: Input<boolean>;
}

/** Requests with the same hash go to the same host. */
export interface LoadBalancerConsistentHash {
  /** What is hashed. */
  type: Input<LoadBalancerConsistentHashType>;
  /** Header to hash. */
  header?: Input<LoadBalancerConsistentHashHeader>;
  /** Headers to hash. */
  headers?: Input<Input<LoadBalancerConsistentHashHeaders>[]>;
  /** Query parameters to hash. */
  queryParams?: Input<Input<LoadBalancerConsistentHashQueryParam>[]>;
  /** Cookie to hash. */
  cookie?: Input<LoadBalancerConsistentHashCookie>;
  /** Size of the hash table; a prime number. 2 to 5000011. Default: `65537`. */
  tableSize?: Input<number>;
}

/** Cookie to hash. */
export interface LoadBalancerConsistentHashCookie {
  /** Name of the cookie. */
  name: Input<string>;
  /** Lifetime of a cookie that the gateway makes. */
  ttl?: Input<string>;
  /** Attributes of a cookie that the gateway makes. */
  attributes?: Input<Record<string, Input<string>>>;
}

/** Header to hash. */
export interface LoadBalancerConsistentHashHeader {
  /** Name of the header. */
  name: Input<string>;
}

export interface LoadBalancerConsistentHashHeaders {
  /** Name of the header. */
  name: Input<string>;
}

export interface LoadBalancerConsistentHashQueryParam {
  /** Name of the parameter. */
  name: Input<string>;
}

export const LoadBalancerConsistentHashType = {
  SourceIP: "SourceIP",
  Header: "Header",
  Headers: "Headers",
  Cookie: "Cookie",
  QueryParams: "QueryParams",
} as const;
export type LoadBalancerConsistentHashType = (typeof LoadBalancerConsistentHashType)[keyof typeof LoadBalancerConsistentHashType];

/** A policy that a dynamic module brings. */
export interface LoadBalancerDynamicModule {
  /** Name of the registered module. 1 to 253 characters. */
  name: Input<string>;
  /** Policy of the module. 1 to 253 characters. */
  lbPolicyName: Input<string>;
  /** Configuration that the policy gets. */
  config?: any;
}

/** Hosts that requests ask for themselves. */
export interface LoadBalancerEndpointOverride {
  /** Where the request names its host. 1 to 10 items. */
  extractFrom: Input<Input<LoadBalancerEndpointOverrideExtractFrom>[]>;
}

export interface LoadBalancerEndpointOverrideExtractFrom {
  /** Request header. */
  header?: Input<string>;
}

/** New hosts start gently. */
export interface LoadBalancerSlowStart {
  /** Time in which a new host gets to its full share. */
  window: Input<string>;
}

export const LoadBalancerType = {
  ConsistentHash: "ConsistentHash",
  LeastRequest: "LeastRequest",
  Random: "Random",
  RoundRobin: "RoundRobin",
  BackendUtilization: "BackendUtilization",
  DynamicModule: "DynamicModule",
} as const;
export type LoadBalancerType = (typeof LoadBalancerType)[keyof typeof LoadBalancerType];

/** How zones count. */
export interface LoadBalancerZoneAware {
  /** Hosts of the own zone go first. */
  preferLocal?: Input<LoadBalancerZoneAwarePreferLocal>;
  /** Shares by zone. */
  weightedZones?: Input<Input<LoadBalancerZoneAwareWeightedZone>[]>;
}

/** Hosts of the own zone go first. */
export interface LoadBalancerZoneAwarePreferLocal {
  /** Hosts below which zones do not count. */
  minEndpointsThreshold?: Input<number>;
  /** Share of requests that this applies to, in percent. 0 to 100. */
  percentageEnabled?: Input<number>;
  /** Stay in the own zone, whatever the balance. */
  force?: Input<LoadBalancerZoneAwarePreferLocalForce>;
}

/** Stay in the own zone, whatever the balance. */
export interface LoadBalancerZoneAwarePreferLocalForce {
  /** Hosts of the own zone below which others serve too. */
  minEndpointsInZoneThreshold?: Input<number>;
}

export interface LoadBalancerZoneAwareWeightedZone {
  /** Name of the zone. */
  zone: Input<string>;
  /** Share of the zone. */
  weight: Input<number>;
}

/** A key set at hand. */
export interface LocalJWKS {
  /** Where the key set stands. Default: `"Inline"`. */
  type?: Input<LocalJWKSType>;
  /** The key set, as JSON. */
  inline?: Input<string>;
  /** ConfigMap that holds the key set. */
  valueRef?: Input<LocalJWKSValueRef>;
}

export const LocalJWKSType = {
  Inline: "Inline",
  ValueRef: "ValueRef",
} as const;
export type LocalJWKSType = (typeof LocalJWKSType)[keyof typeof LocalJWKSType];

/** ConfigMap that holds the key set. */
export interface LocalJWKSValueRef {
  /** API group of the object; empty for the core group. At most 253 characters. */
  group: Input<string>;
  /** Kind of the object. 1 to 63 characters. */
  kind: Input<string>;
  /** Name of the object. 1 to 253 characters. */
  name: Input<string>;
}

/** An object of the same namespace to which this policy applies. */
export interface LocalPolicyTargetReference {
  /** API group of the object; empty for the core group. At most 253 characters. */
  group: Input<string>;
  /** Kind of the object. 1 to 63 characters. */
  kind: Input<string>;
  /** Name of the object. 1 to 253 characters. */
  name: Input<string>;
}

/** The servers and who may use them. */
export interface MCPRouteSpec {
  /** Gateways that serve this route, of the same namespace. 1 to 16 items. Rule: only a Gateway can be a parent. */
  parentRefs: Input<Input<ParentReference>[]>;
  /** Path of the MCP endpoint that clients call. At most 1024 characters. Default: `"/mcp"`. */
  path?: Input<string>;
  /** Conditions on headers, all of which must hold. At most 16 items. */
  headers?: Input<Input<HTTPHeaderMatch>[]>;
  /** Host names that this route answers to; those of the listeners where left out. At most 16 items. */
  hostnames?: Input<Input<string>[]>;
  /** MCP servers, which clients see as one. 1 to 256 items. Rule: names of backendRefs must be unique. */
  backendRefs: Input<Input<MCPRouteSpecBackendRef>[]>;
  /** Who may use this route. Rule: authorization by JWT needs oauth. */
  securityPolicy?: Input<MCPRouteSpecSecurityPolicy>;
  /** Which backends a session gets, decided for each when it begins; all where left out. */
  backendSelector?: Input<MCPRouteSpecBackendSelector>;
}

/** An MCP server. */
export interface MCPRouteSpecBackendRef {
  /** API group of the object; empty for the core group. At most 253 characters. Default: `""`. */
  group?: Input<string>;
  /** Kind of the object. 1 to 63 characters. Default: `"Service"`. */
  kind?: Input<string>;
  /** Name of the object. 1 to 253 characters. */
  name: Input<string>;
  /** Namespace of the object; the namespace of this resource where left out. Another namespace must permit the reference with a ReferenceGrant. 1 to 63 characters. */
  namespace?: Input<string>;
  /** Port of the Service; required for a Service. 1 to 65535. */
  port?: Input<number>;
  /** Path of the server's MCP endpoint. At most 1024 characters. Default: `"/mcp"`. */
  path?: Input<string>;
  /** Tools of this server that clients see; all where left out. Rule: give include or includeRegex, not both. Rule: give exclude or excludeRegex, not both. Rule: give at least one of include, includeRegex, exclude, excludeRegex. */
  toolSelector?: Input<MCPRouteSpecBackendRefToolSelector>;
  /** The credential for this server. */
  securityPolicy?: Input<MCPRouteSpecBackendRefSecurityPolicy>;
  /** Headers of the client that go to this server, such as its own token. At most 32 items. */
  forwardHeaders?: Input<Input<MCPRouteSpecBackendRefForwardHeader>[]>;
}

export interface MCPRouteSpecBackendRefForwardHeader {
  /** Header of the client's request. Not empty. */
  name: Input<string>;
  /** Its name towards the server; the same where left out. Not empty. */
  backendHeader?: Input<string>;
}

/** The credential for this server. */
export interface MCPRouteSpecBackendRefSecurityPolicy {
  /** An API key for this server. Rule: give one of secretRef, inline. Rule: give header or queryParam, not both. */
  apiKey?: Input<MCPRouteSpecBackendRefSecurityPolicyApiKey>;
}

/** An API key for this server. */
export interface MCPRouteSpecBackendRefSecurityPolicyApiKey {
  /** Secret that holds the key under `apiKey`. */
  secretRef?: Input<SecretReference>;
  /** The key itself; anyone who may read the route sees it. */
  inline?: Input<string>;
  /** Header that carries it; Authorization, after `Bearer `, where left out. Not empty. */
  header?: Input<string>;
  /** Query parameter that carries it. URLs end up in logs: prefer a header. Not empty. */
  queryParam?: Input<string>;
}

/** Tools of this server that clients see; all where left out. */
export interface MCPRouteSpecBackendRefToolSelector {
  /** Names of tools to show. At most 32 items. */
  include?: Input<Input<string>[]>;
  /** RE2 expressions over names of tools to show. At most 32 items. */
  includeRegex?: Input<Input<string>[]>;
  /** Names of tools to hide; goes before include. At most 32 items. */
  exclude?: Input<Input<string>[]>;
  /** RE2 expressions over names of tools to hide; goes before include. At most 32 items. */
  excludeRegex?: Input<Input<string>[]>;
}

/** Which backends a session gets, decided for each when it begins; all where left out. */
export interface MCPRouteSpecBackendSelector {
  /** Rules in order; the first that matches decides. At most 32 items. */
  rules?: Input<Input<MCPRouteSpecBackendSelectorRule>[]>;
  /** What becomes of a backend that no rule matches. Default: `"Deny"`. */
  defaultAction?: Input<MCPRouteSpecBackendSelectorDefaultAction>;
}

export const MCPRouteSpecBackendSelectorDefaultAction = {
  Allow: "Allow",
  Deny: "Deny",
} as const;
export type MCPRouteSpecBackendSelectorDefaultAction = (typeof MCPRouteSpecBackendSelectorDefaultAction)[keyof typeof MCPRouteSpecBackendSelectorDefaultAction];

/** A rule on one backend. */
export interface MCPRouteSpecBackendSelectorRule {
  /** CEL condition; an error or anything but true is no match. Variables: request.method, request.path, request.headers and request.headers_all (names in lower case), request.auth.jwt.claims, request.auth.jwt.scopes, request.mcp.backend. At most 4096 characters. */
  cel?: Input<string>;
  /** What becomes of a backend that matches. Default: `"Allow"`. */
  action?: Input<MCPRouteSpecBackendSelectorRuleAction>;
}

export const MCPRouteSpecBackendSelectorRuleAction = {
  Allow: "Allow",
  Deny: "Deny",
} as const;
export type MCPRouteSpecBackendSelectorRuleAction = (typeof MCPRouteSpecBackendSelectorRuleAction)[keyof typeof MCPRouteSpecBackendSelectorRuleAction];

/** Who may use this route. */
export interface MCPRouteSpecSecurityPolicy {
  /** Clients show a token of an authorization server, as MCP has it. */
  oauth?: Input<MCPRouteSpecSecurityPolicyOauth>;
  /** Clients show an API key. */
  apiKeyAuth?: Input<APIKeyAuth>;
  /** A server of yours decides on each request. Rule: give grpc or http. Rule: give one of grpc, http. */
  extAuth?: Input<ExtAuth>;
  /** Who may call what. */
  authorization?: Input<MCPRouteSpecSecurityPolicyAuthorization>;
}

/** Who may call what. */
export interface MCPRouteSpecSecurityPolicyAuthorization {
  /** Rules in order; the first that matches decides. At most 32 items. */
  rules?: Input<Input<MCPRouteSpecSecurityPolicyAuthorizationRule>[]>;
  /** What becomes of a request that no rule matches. Default: `"Deny"`. */
  defaultAction?: Input<MCPRouteSpecSecurityPolicyAuthorizationDefaultAction>;
}

export const MCPRouteSpecSecurityPolicyAuthorizationDefaultAction = {
  Allow: "Allow",
  Deny: "Deny",
} as const;
export type MCPRouteSpecSecurityPolicyAuthorizationDefaultAction = (typeof MCPRouteSpecSecurityPolicyAuthorizationDefaultAction)[keyof typeof MCPRouteSpecSecurityPolicyAuthorizationDefaultAction];

/** A rule; all its conditions must hold. */
export interface MCPRouteSpecSecurityPolicyAuthorizationRule {
  /** Clients that the rule is about; all where left out. */
  source?: Input<MCPRouteSpecSecurityPolicyAuthorizationRuleSource>;
  /** Calls that the rule is about; all where left out. */
  target?: Input<MCPRouteSpecSecurityPolicyAuthorizationRuleTarget>;
  /** CEL condition; an error or anything but true is no match. Variables: request.method, request.path, request.headers and request.headers_all (names in lower case), request.auth.jwt.claims, request.auth.jwt.scopes, request.mcp.backend, request.mcp.method, request.mcp.tool, request.mcp.params. At most 4096 characters. */
  cel?: Input<string>;
  /** What becomes of a request that matches. Default: `"Allow"`. */
  action?: Input<MCPRouteSpecSecurityPolicyAuthorizationRuleAction>;
}

export const MCPRouteSpecSecurityPolicyAuthorizationRuleAction = {
  Allow: "Allow",
  Deny: "Deny",
} as const;
export type MCPRouteSpecSecurityPolicyAuthorizationRuleAction = (typeof MCPRouteSpecSecurityPolicyAuthorizationRuleAction)[keyof typeof MCPRouteSpecSecurityPolicyAuthorizationRuleAction];

/** Clients that the rule is about; all where left out. */
export interface MCPRouteSpecSecurityPolicyAuthorizationRuleSource {
  /** What the client's token must hold. Rule: give scopes or claims. */
  jwt: Input<MCPRouteSpecSecurityPolicyAuthorizationRuleSourceJwt>;
}

/** What the client's token must hold. */
export interface MCPRouteSpecSecurityPolicyAuthorizationRuleSourceJwt {
  /** Scopes, all of which it must have. At most 16 items. */
  scopes?: Input<Input<string>[]>;
  /** Claims, all of which must match. At most 16 items. Rule: the claim scope is read through scopes. */
  claims?: Input<Input<JWTClaim>[]>;
}

/** Calls that the rule is about; all where left out. */
export interface MCPRouteSpecSecurityPolicyAuthorizationRuleTarget {
  /** Tools. 1 to 16 items. */
  tools: Input<Input<MCPRouteSpecSecurityPolicyAuthorizationRuleTargetTool>[]>;
}

export interface MCPRouteSpecSecurityPolicyAuthorizationRuleTargetTool {
  /** Name of the backendRef. */
  backend: Input<string>;
  /** Name of its tool. */
  tool: Input<string>;
}

/** Clients show a token of an authorization server, as MCP has it. */
export interface MCPRouteSpecSecurityPolicyOauth {
  /** URL of the authorization server. */
  issuer: Input<string>;
  /** Audiences, one of which the token must be for. Leaving it out accepts any. At most 32 items. */
  audiences?: Input<Input<string>[]>;
  /** Keys that tokens are signed with; as the issuer publishes them where left out. Rule: give remoteJWKS or localJWKS. Rule: give remoteJWKS or localJWKS, not both. */
  jwks?: Input<MCPRouteSpecSecurityPolicyOauthJwks>;
  /** What clients are told of this resource (RFC 9728). */
  protectedResourceMetadata: Input<MCPRouteSpecSecurityPolicyOauthProtectedResourceMetadata>;
  /** Claims that backends see. At most 16 items. */
  claimToHeaders?: Input<Input<MCPRouteSpecSecurityPolicyOauthClaimToHeader>[]>;
}

/** A claim that backends see as a header. */
export interface MCPRouteSpecSecurityPolicyOauthClaimToHeader {
  /** Claim of the token, with dots into nested ones. */
  claim: Input<string>;
  /** Header that gets it; a client's own is taken away. */
  header: Input<string>;
}

/** Keys that tokens are signed with; as the issuer publishes them where left out. */
export interface MCPRouteSpecSecurityPolicyOauthJwks {
  /** A key set got over HTTP. Rule: use backendRefs; backendRef is not supported. Rule: backendSettings.retry.perRetry.timeout is not supported. Rule: backendSettings.retry.retryOn.httpStatusCodes is not supported. */
  remoteJWKS?: Input<RemoteJWKS>;
  /** A key set at hand. Rule: type Inline needs inline alone, type ValueRef needs valueRef alone. */
  localJWKS?: Input<LocalJWKS>;
}

/** What clients are told of this resource (RFC 9728). */
export interface MCPRouteSpecSecurityPolicyOauthProtectedResourceMetadata {
  /** URL of this route, as clients know it. */
  resource: Input<string>;
  /** Its name, for people. At most 256 characters. */
  resourceName?: Input<string>;
  /** Least scopes that a client should ask for. At most 32 items. */
  scopesSupported?: Input<Input<string>[]>;
  /** Signature algorithms, as `RS256`. 1 to 16 items. */
  resourceSigningAlgValuesSupported?: Input<Input<string>[]>;
  /** URL of its documentation. */
  resourceDocumentation?: Input<string>;
  /** URL of its policy. */
  resourcePolicyUri?: Input<string>;
}

/** The server that issues the token, and the client that asks for it. */
export interface OIDC {
  /** The server that issues tokens. Rule: use backendRefs; backendRef is not supported. Rule: backendSettings.retry.perRetry.timeout is not supported. Rule: backendSettings.retry.retryOn.httpStatusCodes is not supported. */
  provider: Input<OIDCProvider>;
  /** Client id. Not empty. */
  clientID?: Input<string>;
  /** Secret that holds the client id under `client-id`. */
  clientIDRef?: Input<SecretReference>;
  /** Secret that holds the client secret under `client-secret`. */
  clientSecret: Input<SecretReference>;
  /** Scopes to ask for. */
  scopes?: Input<Input<string>[]>;
  /** Resources to ask for. */
  resources?: Input<Input<string>[]>;
  /** URL that the login returns to. */
  redirectURL?: Input<string>;
  /** Path that ends the session. */
  logoutPath?: Input<string>;
  /** Whether the access token goes to the backend, in Authorization. */
  forwardAccessToken?: Input<boolean>;
  /** Sends the id token to the backend. */
  forwardIDToken?: Input<OIDCForwardIDToken>;
  /** Lifetime of a token that states none. */
  defaultTokenTTL?: Input<string>;
  /** Whether tokens are refreshed. Default: `true`. */
  refreshToken?: Input<boolean>;
  /** Lifetime of a refresh token that states none. */
  defaultRefreshTokenTTL?: Input<string>;
  /** Lifetime of the token of a login under way. */
  csrfTokenTTL?: Input<string>;
  /** Names of cookies. */
  cookieNames?: Input<OIDCCookieNames>;
  /** Attributes of cookies. */
  cookieConfig?: Input<OIDCCookieConfig>;
  /** Domain of cookies. */
  cookieDomain?: Input<string>;
  /** Whether tokens stand in cookies unencrypted. */
  disableTokenEncryption?: Input<boolean>;
  /** Whether a request that has an Authorization header skips the login. */
  passThroughAuthHeader?: Input<boolean>;
  /** Requests that get 401 rather than a redirect to the login. */
  denyRedirect?: Input<OIDCDenyRedirect>;
}

/** Attributes of cookies. */
export interface OIDCCookieConfig {
  /** SameSite of cookies. */
  sameSite?: Input<OIDCCookieConfigSameSite>;
}

export const OIDCCookieConfigSameSite = {
  Lax: "Lax",
  Strict: "Strict",
  None: "None",
} as const;
export type OIDCCookieConfigSameSite = (typeof OIDCCookieConfigSameSite)[keyof typeof OIDCCookieConfigSameSite];

/** Names of cookies. */
export interface OIDCCookieNames {
  /** Cookie of the access token. */
  accessToken?: Input<string>;
  /** Cookie of the id token. */
  idToken?: Input<string>;
}

/** Requests that get 401 rather than a redirect to the login. */
export interface OIDCDenyRedirect {
  /** Conditions on headers. 1 to 16 items. */
  headers: Input<Input<OIDCDenyRedirectHeader>[]>;
}

export interface OIDCDenyRedirectHeader {
  /** Name of the header. Not empty. */
  name: Input<string>;
  /** How the value is compared. Default: `"Exact"`. */
  type?: Input<OIDCDenyRedirectHeaderType>;
  /** What it is compared with. 1 to 1024 characters. */
  value: Input<string>;
}

export const OIDCDenyRedirectHeaderType = {
  Exact: "Exact",
  Prefix: "Prefix",
  Suffix: "Suffix",
  RegularExpression: "RegularExpression",
} as const;
export type OIDCDenyRedirectHeaderType = (typeof OIDCDenyRedirectHeaderType)[keyof typeof OIDCDenyRedirectHeaderType];

/** Sends the id token to the backend. */
export interface OIDCForwardIDToken {
  /** Header that carries it. Not empty. */
  header: Input<string>;
}

/** The server that issues tokens. */
export interface OIDCProvider {
  /** Not supported; use backendRefs. Rule: port is required where a Service is referenced. */
  backendRef?: Input<BackendObjectReference>;
  /** Backends of the server; the host of its URL where left out. At most 16 items. */
  backendRefs?: Input<Input<BackendReference>[]>;
  /** How the backend is reached. Rule: connection.preconnect.predictivePercent needs loadBalancer.type Random or RoundRobin. */
  backendSettings?: Input<ClusterSettings>;
  /** URL of the issuer. Not empty. */
  issuer: Input<string>;
  /** URL of the authorization endpoint; as the issuer publishes it where left out. */
  authorizationEndpoint?: Input<string>;
  /** URL of the token endpoint; as the issuer publishes it where left out. */
  tokenEndpoint?: Input<string>;
  /** URL of the end-session endpoint; as the issuer publishes it where left out. */
  endSessionEndpoint?: Input<string>;
}

/** A Gateway that serves this route. */
export interface ParentReference {
  /** API group of the object; empty for the core group. At most 253 characters. Default: `"gateway.networking.k8s.io"`. */
  group?: Input<string>;
  /** Kind of the object. 1 to 63 characters. Default: `"Gateway"`. */
  kind?: Input<string>;
  /** Namespace of the object; the namespace of this resource where left out. Another namespace must permit the reference with a ReferenceGrant. 1 to 63 characters. */
  namespace?: Input<string>;
  /** Name of the object. 1 to 253 characters. */
  name: Input<string>;
  /** Listener of the Gateway to attach to; all of them where left out. 1 to 253 characters. */
  sectionName?: Input<string>;
  /** Port of the listeners to attach to; any where left out. 1 to 65535. */
  port?: Input<number>;
}

/** Backends and their quotas. */
export interface QuotaPolicySpec {
  /** Backends whose use is limited. At most 16 items. Rule: targetRefs must be AIServiceBackends. */
  targetRefs?: Input<Input<LocalPolicyTargetReference>[]>;
  /** Quota over all models; an entry of perModelQuotas replaces it for its model. */
  serviceQuota?: Input<QuotaPolicySpecServiceQuota>;
  /** Quotas by model. Of several policies for one backend and model, the first by namespace and name counts. At most 128 items. */
  perModelQuotas?: Input<Input<QuotaPolicySpecPerModelQuota>[]>;
}

/** The quota of one model. */
export interface QuotaPolicySpecPerModelQuota {
  /** The model, as the backend knows it. Not empty. */
  modelName: Input<string>;
  /** What a request costs and the quotas that it is charged to. */
  quota: Input<QuotaPolicySpecPerModelQuotaQuota>;
}

/** What a request costs and the quotas that it is charged to. */
export interface QuotaPolicySpecPerModelQuotaQuota {
  /** CEL expression of a request's cost, over the variables of llmRequestCosts; `total_tokens` where left out. */
  costExpression?: Input<string>;
  /** Shared: a request is charged to the default bucket and to every rule that it matches, and passes while any of them has quota left. Default: `"Shared"`. */
  mode?: Input<string>;
  /** The quota of all requests. */
  defaultBucket?: Input<QuotaPolicySpecPerModelQuotaQuotaDefaultBucket>;
  /** Quotas of some clients. */
  bucketRules?: Input<Input<QuotaPolicySpecPerModelQuotaQuotaBucketRule>[]>;
}

/** A quota of some clients. A request is charged to every rule that it matches. */
export interface QuotaPolicySpecPerModelQuotaQuotaBucketRule {
  /** Clients that the quota is for, by header; all where left out. At most 8 items. */
  clientSelectors?: Input<Input<RateLimitSelectCondition>[]>;
  /** The quota of these clients. */
  quota: Input<QuotaPolicySpecPerModelQuotaQuotaBucketRuleQuota>;
  /** Whether the quota is counted but refuses nothing. */
  shadowMode?: Input<boolean>;
}

/** The quota of these clients. */
export interface QuotaPolicySpecPerModelQuotaQuotaBucketRuleQuota {
  /** Most cost within the duration. */
  limit: Input<number>;
  /** Length of the sliding window: a second, minute, hour or day. */
  duration: Input<QuotaPolicySpecPerModelQuotaQuotaBucketRuleQuotaDuration>;
}

export const QuotaPolicySpecPerModelQuotaQuotaBucketRuleQuotaDuration = {
  _1s: "1s",
  _1m: "1m",
  _1h: "1h",
  _1d: "1d",
} as const;
export type QuotaPolicySpecPerModelQuotaQuotaBucketRuleQuotaDuration = (typeof QuotaPolicySpecPerModelQuotaQuotaBucketRuleQuotaDuration)[keyof typeof QuotaPolicySpecPerModelQuotaQuotaBucketRuleQuotaDuration];

/** The quota of all requests. */
export interface QuotaPolicySpecPerModelQuotaQuotaDefaultBucket {
  /** Most cost within the duration. */
  limit: Input<number>;
  /** Length of the sliding window: a second, minute, hour or day. */
  duration: Input<QuotaPolicySpecPerModelQuotaQuotaDefaultBucketDuration>;
}

export const QuotaPolicySpecPerModelQuotaQuotaDefaultBucketDuration = {
  _1s: "1s",
  _1m: "1m",
  _1h: "1h",
  _1d: "1d",
} as const;
export type QuotaPolicySpecPerModelQuotaQuotaDefaultBucketDuration = (typeof QuotaPolicySpecPerModelQuotaQuotaDefaultBucketDuration)[keyof typeof QuotaPolicySpecPerModelQuotaQuotaDefaultBucketDuration];

/** Quota over all models; an entry of perModelQuotas replaces it for its model. */
export interface QuotaPolicySpecServiceQuota {
  /** CEL expression of a request's cost, over the variables of llmRequestCosts; `total_tokens` where left out. */
  costExpression?: Input<string>;
  /** The quota of all requests. */
  quota: Input<QuotaPolicySpecServiceQuotaQuota>;
}

/** The quota of all requests. */
export interface QuotaPolicySpecServiceQuotaQuota {
  /** Most cost within the duration. */
  limit: Input<number>;
  /** Length of the sliding window: a second, minute, hour or day. */
  duration: Input<QuotaPolicySpecServiceQuotaQuotaDuration>;
}

export const QuotaPolicySpecServiceQuotaQuotaDuration = {
  _1s: "1s",
  _1m: "1m",
  _1h: "1h",
  _1d: "1d",
} as const;
export type QuotaPolicySpecServiceQuotaQuotaDuration = (typeof QuotaPolicySpecServiceQuotaQuotaDuration)[keyof typeof QuotaPolicySpecServiceQuotaQuotaDuration];

/** Conditions on the client, all of which must hold. */
export interface RateLimitSelectCondition {
  /** Conditions on headers. At most 64 items. */
  headers?: Input<Input<RateLimitSelectConditionHeader>[]>;
  /** Conditions on query parameters. At most 16 items. */
  queryParams?: Input<Input<RateLimitSelectConditionQueryParam>[]>;
  /** Methods, one of which must match. */
  methods?: Input<Input<RateLimitSelectConditionMethod>[]>;
  /** A condition on the path. */
  path?: Input<RateLimitSelectConditionPath>;
  /** A condition on the client's address. */
  sourceCIDR?: Input<RateLimitSelectConditionSourceCIDR>;
}

/** A condition on a header. */
export interface RateLimitSelectConditionHeader {
  /** How the value is compared; with Distinct, each value has a limit of its own. Default: `"Exact"`. */
  type?: Input<RateLimitSelectConditionHeaderType>;
  /** Name of the header. 1 to 256 characters. */
  name: Input<string>;
  /** Value or expression; none for Distinct. At most 1024 characters. */
  value?: Input<string>;
  /** Whether the condition is turned round. Default: `false`. */
  invert?: Input<boolean>;
}

export const RateLimitSelectConditionHeaderType = {
  Exact: "Exact",
  RegularExpression: "RegularExpression",
  Distinct: "Distinct",
} as const;
export type RateLimitSelectConditionHeaderType = (typeof RateLimitSelectConditionHeaderType)[keyof typeof RateLimitSelectConditionHeaderType];

export interface RateLimitSelectConditionMethod {
  /** Method. */
  value: Input<RateLimitSelectConditionMethodValue>;
  /** Whether the condition is turned round. Default: `false`. */
  invert?: Input<boolean>;
}

export const RateLimitSelectConditionMethodValue = {
  GET: "GET",
  HEAD: "HEAD",
  POST: "POST",
  PUT: "PUT",
  DELETE: "DELETE",
  CONNECT: "CONNECT",
  OPTIONS: "OPTIONS",
  TRACE: "TRACE",
  PATCH: "PATCH",
} as const;
export type RateLimitSelectConditionMethodValue = (typeof RateLimitSelectConditionMethodValue)[keyof typeof RateLimitSelectConditionMethodValue];

/** A condition on the path. */
export interface RateLimitSelectConditionPath {
  /** How the path is compared. Default: `"PathPrefix"`. */
  type?: Input<RateLimitSelectConditionPathType>;
  /** Path, prefix or expression. At most 1024 characters. Default: `"/"`. */
  value?: Input<string>;
  /** Whether the condition is turned round. Default: `false`. */
  invert?: Input<boolean>;
}

export const RateLimitSelectConditionPathType = {
  Exact: "Exact",
  PathPrefix: "PathPrefix",
  RegularExpression: "RegularExpression",
} as const;
export type RateLimitSelectConditionPathType = (typeof RateLimitSelectConditionPathType)[keyof typeof RateLimitSelectConditionPathType];

/** A condition on a query parameter. */
export interface RateLimitSelectConditionQueryParam {
  /** How the value is compared; with Distinct, each value has a limit of its own. Default: `"Exact"`. */
  type?: Input<RateLimitSelectConditionQueryParamType>;
  /** Name of the query parameter. 1 to 256 characters. */
  name: Input<string>;
  /** Value or expression; none for Distinct. At most 1024 characters. */
  value?: Input<string>;
  /** Whether the condition is turned round. Default: `false`. */
  invert?: Input<boolean>;
}

export const RateLimitSelectConditionQueryParamType = {
  Exact: "Exact",
  RegularExpression: "RegularExpression",
  Distinct: "Distinct",
} as const;
export type RateLimitSelectConditionQueryParamType = (typeof RateLimitSelectConditionQueryParamType)[keyof typeof RateLimitSelectConditionQueryParamType];

/** A condition on the client's address. */
export interface RateLimitSelectConditionSourceCIDR {
  /** With Distinct, each address has a limit of its own. Default: `"Exact"`. */
  type?: Input<RateLimitSelectConditionSourceCIDRType>;
  /** Range of addresses, as `10.0.0.0/8`. 1 to 256 characters. */
  value: Input<string>;
  /** Whether the condition is turned round. Default: `false`. */
  invert?: Input<boolean>;
}

export const RateLimitSelectConditionSourceCIDRType = {
  Exact: "Exact",
  Distinct: "Distinct",
} as const;
export type RateLimitSelectConditionSourceCIDRType = (typeof RateLimitSelectConditionSourceCIDRType)[keyof typeof RateLimitSelectConditionSourceCIDRType];

/** A key set got over HTTP. */
export interface RemoteJWKS {
  /** Not supported; use backendRefs. Rule: port is required where a Service is referenced. */
  backendRef?: Input<BackendObjectReference>;
  /** Backends of the server; the host of its URL where left out. At most 16 items. */
  backendRefs?: Input<Input<BackendReference>[]>;
  /** How the backend is reached. Rule: connection.preconnect.predictivePercent needs loadBalancer.type Random or RoundRobin. */
  backendSettings?: Input<ClusterSettings>;
  /** URL of the key set. 1 to 253 characters. */
  uri: Input<string>;
  /** How long it is kept. Default: `"300s"`. */
  cacheDuration?: Input<string>;
}

/** Secret that holds the key under `apiKey`. */
export interface SecretReference {
  /** API group of the object; empty for the core group. At most 253 characters. Default: `""`. */
  group?: Input<string>;
  /** Kind of the object. 1 to 63 characters. Default: `"Secret"`. */
  kind?: Input<string>;
  /** Name of the object. 1 to 253 characters. */
  name: Input<string>;
  /** Namespace of the object; the namespace of this resource where left out. Another namespace must permit the reference with a ReferenceGrant. 1 to 63 characters. */
  namespace?: Input<string>;
}

/** The API that this backend speaks; requests and answers are translated where the client speaks another. */
export interface VersionedAPISchema {
  /** The API that the backend speaks. */
  name: Input<VersionedAPISchemaName>;
  /** API version: the `api-version` parameter of AzureOpenAI, the `anthropic_version` of AWSAnthropic and GCPAnthropic. A default where left out. */
  version?: Input<string>;
  /** Start of the path for OpenAI and Anthropic, with or without a leading slash: with `v1beta/openai`, chat completions go to `/v1beta/openai/chat/completions`. `v1` where left out. */
  prefix?: Input<string>;
}

export const VersionedAPISchemaName = {
  OpenAI: "OpenAI",
  Cohere: "Cohere",
  AWSBedrock: "AWSBedrock",
  AzureOpenAI: "AzureOpenAI",
  GCPVertexAI: "GCPVertexAI",
  GCPAnthropic: "GCPAnthropic",
  Anthropic: "Anthropic",
  AWSAnthropic: "AWSAnthropic",
} as const;
export type VersionedAPISchemaName = (typeof VersionedAPISchemaName)[keyof typeof VersionedAPISchemaName];
