/** Ports of the stand-in providers. */
export interface Ports {
  openai: number;
  anthropic: number;
  bedrock: number;
  /** Where nobody listens. */
  nobody: number;
}

/** What the stand-ins let in. */
export const KEYS = {
  openai: "sk-quickstart-openai",
  anthropic: "sk-quickstart-anthropic",
  bedrock: { accessKeyId: "AKIAQUICKSTART000000", secretAccessKey: "quickstart-secret" },
};

/** What the providers call their models. */
export const UPSTREAM_MODELS = {
  openai: "gpt-4o-mini",
  anthropic: "claude-haiku-4-5",
  bedrock: "us.amazon.nova-2-lite-v1:0",
};

/** Model names that the quickstart's gateway serves. */
export const MODELS = {
  openai: "gpt-quickstart",
  anthropic: "claude-quickstart",
  bedrock: "nova-quickstart",
  failover: "always-on",
} as const;

const backend = (
  name: string,
  schema: string,
  port: number,
  policy: string,
): string => `apiVersion: aigateway.envoyproxy.io/v1beta1
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
  endpoints: [{ip: {address: 127.0.0.1, port: ${port}}}]
---
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: BackendSecurityPolicy
metadata: {name: ${name}, namespace: default}
spec:
  targetRefs: [{group: aigateway.envoyproxy.io, kind: AIServiceBackend, name: ${name}}]
  ${policy}
---
`;

/** The resources a user would write for three providers and a route that fails over between two. */
export const quickstartConfig = (ports: Ports): string => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: quickstart, namespace: default}
spec:
  gatewayClassName: aigw
  listeners: [{name: http, protocol: HTTP, port: 1975}]
---
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: AIGatewayRoute
metadata: {name: quickstart, namespace: default}
spec:
  parentRefs: [{name: quickstart, kind: Gateway, group: gateway.networking.k8s.io}]
  llmRequestCosts:
    - {metadataKey: llm_output_token, type: OutputToken}
  rules:
    - matches: [{headers: [{type: Exact, name: x-ai-eg-model, value: ${MODELS.openai}}]}]
      backendRefs: [{name: openai, modelNameOverride: ${UPSTREAM_MODELS.openai}}]
    - matches: [{headers: [{type: Exact, name: x-ai-eg-model, value: ${MODELS.anthropic}}]}]
      backendRefs: [{name: anthropic, modelNameOverride: ${UPSTREAM_MODELS.anthropic}}]
    - matches: [{headers: [{type: Exact, name: x-ai-eg-model, value: ${MODELS.bedrock}}]}]
      backendRefs: [{name: bedrock, modelNameOverride: "${UPSTREAM_MODELS.bedrock}"}]
    - matches: [{headers: [{type: Exact, name: x-ai-eg-model, value: ${MODELS.failover}}]}]
      backendRefs:
        - {name: broken, modelNameOverride: ${UPSTREAM_MODELS.openai}}
        - {name: bedrock, priority: 1, modelNameOverride: "${UPSTREAM_MODELS.bedrock}"}
---
${backend("openai", "OpenAI", ports.openai, "type: APIKey\n  apiKey: {secretRef: {name: openai}}")}apiVersion: v1
kind: Secret
metadata: {name: openai, namespace: default}
stringData: {apiKey: ${KEYS.openai}}
---
${backend("anthropic", "Anthropic", ports.anthropic, "type: AnthropicAPIKey\n  anthropicAPIKey: {secretRef: {name: anthropic}}")}apiVersion: v1
kind: Secret
metadata: {name: anthropic, namespace: default}
stringData: {apiKey: ${KEYS.anthropic}}
---
${backend("bedrock", "AWSBedrock", ports.bedrock, "type: AWSCredentials\n  awsCredentials: {region: us-east-1, credentialsFile: {secretRef: {name: bedrock}}}")}apiVersion: v1
kind: Secret
metadata: {name: bedrock, namespace: default}
stringData:
  credentials: |
    [default]
    aws_access_key_id = ${KEYS.bedrock.accessKeyId}
    aws_secret_access_key = ${KEYS.bedrock.secretAccessKey}
---
${backend("broken", "OpenAI", ports.nobody, "type: APIKey\n  apiKey: {secretRef: {name: openai}}").replace(/---\n$/, "")}`;
