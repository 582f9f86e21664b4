/** Resources in the shape of the reference's examples, as YAML. */

export const gatewayOf = (name: string, port = 80): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: ai-gateway}
spec: {controllerName: gateway.envoyproxy.io/gatewayclass-controller}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: ${name}, namespace: default}
spec:
  gatewayClassName: ai-gateway
  listeners: [{name: http, protocol: HTTP, port: ${port}}]
`;

export interface ProviderSpec {
  name: string;
  schema: string;
  host: string;
  port: number;
  /** Kind of credential and its value. */
  key?: { type: "APIKey" | "AnthropicAPIKey"; value: string };
}

/** An AIServiceBackend with its Backend, its policy and its Secret. */
export function providerOf({ name, schema, host, port, key }: ProviderSpec): string {
  const backend = `
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: AIServiceBackend
metadata: {name: ${name}, namespace: default}
spec:
  schema: {name: ${schema}}
  backendRef: {name: ${name}, kind: Backend, group: gateway.envoyproxy.io}
---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: Backend
metadata: {name: ${name}, namespace: default}
spec:
  endpoints: [{fqdn: {hostname: ${host}, port: ${port}}}]
`;
  if (key === undefined) return backend;
  const field = { APIKey: "apiKey", AnthropicAPIKey: "anthropicAPIKey" }[key.type];
  return `${backend}---
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: BackendSecurityPolicy
metadata: {name: ${name}-key, namespace: default}
spec:
  targetRefs: [{group: aigateway.envoyproxy.io, kind: AIServiceBackend, name: ${name}}]
  type: ${key.type}
  ${field}: {secretRef: {name: ${name}-key, namespace: default}}
---
apiVersion: v1
kind: Secret
metadata: {name: ${name}-key, namespace: default}
type: Opaque
stringData: {apiKey: "${key.value}"}
`;
}

export const routeOf = (name: string, gateway: string, rules: string, more = ""): string => `
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: AIGatewayRoute
metadata: {name: ${name}, namespace: default}
spec:
  parentRefs: [{name: ${gateway}, kind: Gateway, group: gateway.networking.k8s.io}]
  ${more}
  rules:
${rules}`;

/** One rule: requests for a model to backends, as `[{name: a}]`. */
export const ruleOf = (model: string, backendRefs: string): string => `
    - matches: [{headers: [{type: Exact, name: x-ai-eg-model, value: ${model}}]}]
      backendRefs: ${backendRefs}`;
