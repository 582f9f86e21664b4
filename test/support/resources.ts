/** Resources as a user writes them, for tests: each function gives one or more YAML documents. */

export const gatewayResource = (annotations = ""): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: default${annotations ? `, annotations: {${annotations}}` : ""}}
spec:
  gatewayClassName: aigw
  listeners: [{name: http, protocol: HTTP, port: 1975}]
`;

export interface RuleSpec {
  /** Value of the model header; absent: the rule matches everything. */
  model?: string;
  /** YAML of `backendRefs`: `[{name: a}]`. */
  backends: string;
  /** More fields of the rule, as YAML in flow style: `timeouts: {request: 1s}`. */
  more?: string;
}

export const routeResource = (rules: RuleSpec[], spec = "", name = "route"): string => `
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: AIGatewayRoute
metadata: {name: ${name}, namespace: default}
spec:
  parentRefs: [{name: gw, kind: Gateway, group: gateway.networking.k8s.io}]
  ${spec}
  rules:
${rules
  .map(({ model, backends, more }) =>
    [
      `    - backendRefs: ${backends}`,
      ...(model === undefined
        ? []
        : [`      matches: [{headers: [{type: Exact, name: x-ai-eg-model, value: "${model}"}]}]`]),
      ...(more === undefined ? [] : [`      ${more}`]),
    ].join("\n"),
  )
  .join("\n")}
`;

export interface BackendSpec {
  schema?: string;
  port: number;
  /** A name is resolved by DNS, an address comes by EDS; 127.0.0.1 when absent. */
  host?: string;
  /** More fields of the AIServiceBackend's spec, in flow style, with a leading comma. */
  more?: string;
  /** A version, where the schema has one. */
  version?: string;
  /** `credentialOverride: {…}` of the policy with the key. */
  override?: string;
  /** Value of an API key; `aws`: keys for a signature; `gcp`: a token, as the controller writes it. */
  key?:
    | { type: "APIKey" | "AnthropicAPIKey" | "AzureAPIKey"; value: string }
    | { type: "aws"; id: string; secret: string }
    | { type: "gcp"; token: string; project: string; region: string };
}

export function backendResource(name: string, spec: BackendSpec): string {
  const { schema = "OpenAI", port, host = "127.0.0.1", more = "", key, version, override } = spec;
  const versioned = version === undefined ? "" : `, version: "${version}"`;
  const endpoint = /^[\d.]+$/.test(host)
    ? `{ip: {address: ${host}, port: ${port}}}`
    : `{fqdn: {hostname: ${host}, port: ${port}}}`;
  return `
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: AIServiceBackend
metadata: {name: ${name}, namespace: default}
spec: {schema: {name: ${schema}${versioned}}, backendRef: {name: ${name}, kind: Backend, group: gateway.envoyproxy.io}${more}}
---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: Backend
metadata: {name: ${name}, namespace: default}
spec: {endpoints: [${endpoint}]}
${key === undefined ? "" : policy(name, key, override)}`;
}

function policy(name: string, key: NonNullable<BackendSpec["key"]>, override?: string): string {
  const target = `targetRefs: [{group: aigateway.envoyproxy.io, kind: AIServiceBackend, name: ${name}}]${override === undefined ? "" : `, ${override}`}`;
  const head = `---
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: BackendSecurityPolicy
metadata: {name: ${name}, namespace: default}
`;
  const secret = (entries: string): string => `---
apiVersion: v1
kind: Secret
metadata: {name: ${name}, namespace: default}
stringData: ${entries}
`;
  if (key.type === "aws") {
    const file = `[default]\\naws_access_key_id=${key.id}\\naws_secret_access_key=${key.secret}\\n`;
    return `${head}spec: {type: AWSCredentials, ${target}, awsCredentials: {region: us-east-1, credentialsFile: {secretRef: {name: ${name}}}}}
${secret(`{credentials: "${file}"}`)}`;
  }
  if (key.type === "gcp") {
    return `${head}spec: {type: GCPCredentials, ${target}, gcpCredentials: {projectName: ${key.project}, region: ${key.region}}}
---
apiVersion: v1
kind: Secret
metadata: {name: ai-eg-bsp-${name}, namespace: default}
stringData: {gcpAccessToken: "${key.token}"}
`;
  }
  const field = {
    APIKey: "apiKey",
    AnthropicAPIKey: "anthropicAPIKey",
    AzureAPIKey: "azureAPIKey",
  }[key.type];
  return `${head}spec: {type: ${key.type}, ${target}, ${field}: {secretRef: {name: ${name}}}}
${secret(`{apiKey: "${key.value}"}`)}`;
}

export const documents = (...parts: string[]): string => parts.join("\n---\n");
