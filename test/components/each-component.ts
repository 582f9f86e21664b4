/** Inputs of every component by itself, with most of what it takes. */
export const NAME = "one";

const IMAGE = `registry.example.com/envoy-ai-gateway@sha256:${"0".repeat(64)}`;

const metadata = { name: "its-own", namespace: "ai", labels: { team: "ml" } };

const parentRefs = [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "ai" }];

export const inputsOf: Readonly<Record<string, Record<string, unknown>>> = {
  AiGateway: {
    namespace: "ai",
    backends: {
      openai: { schema: "OpenAI", host: "api.openai.com", apiKey: { value: "sk-not-for-print" } },
    },
    routes: {
      chat: {
        rules: [{ models: ["gpt"], backends: [{ backend: "openai", model: "gpt-4o" }] }],
        limits: [{ tokens: 10, per: "Hour", perHeader: "x-user-id" }],
      },
    },
    mcpRoutes: { tools: { servers: { github: { host: "mcp.example.com" } } } },
    quotas: { bought: { backends: ["openai"], total: { tokens: 5, per: "1h" } } },
    gateway: { listeners: [{ hostname: "ai.example.com", port: 8080 }] },
    envoyGateway: { redis: "redis.example.com:6379" },
    controlPlane: { image: IMAGE },
  },
  EnvoyGateway: {
    namespace: "edge",
    chart: "oci://mirror.example.com/gateway-helm",
    redis: "redis.example.com:6379",
    values: { deployment: { replicas: 2 } },
  },
  ControlPlane: { namespace: "system", image: IMAGE, imagePullSecret: "pull" },
  ExtProc: { namespace: "system", image: IMAGE, cpu: "2", workers: 2 },
  Gateway: {
    namespace: "ai",
    expose: "LoadBalancer",
    listeners: [{ name: "https", hostname: "ai.example.com", tlsSecretName: "ai-tls" }],
  },
  LlmBackend: {
    namespace: "ai",
    schema: "OpenAI",
    host: "models.example.com",
    port: 8443,
    prefix: "v2",
    apiKey: { value: "sk-not-for-print" },
    tls: { hostname: "inner.example.com" },
    headers: { set: [{ name: "x-team", value: "ml" }] },
  },
  LlmRoute: {
    namespace: "ai",
    gateway: "edge",
    hostnames: ["ai.example.com"],
    rules: [
      {
        models: ["smart", "smarter"],
        backends: [
          { backend: "openai", model: "gpt-4o", weight: 3 },
          { backend: "claude", model: "claude-sonnet-4-6", priority: 1 },
        ],
        timeout: "90s",
        requestHeaders: [{ name: "x-tier", value: "gold" }],
      },
    ],
    limits: [{ tokens: 10, per: "Hour", models: ["smart", "smarter"] }],
    retry: { attempts: 2, perAttemptTimeout: "20s" },
  },
  TokenRateLimit: {
    namespace: "ai",
    target: "chat",
    limits: [{ tokens: 1000, per: "Day", counted: "Output", perHeader: "x-user-id" }],
  },
  TokenQuota: {
    namespace: "ai",
    backends: ["openai"],
    total: { tokens: 500, per: "1h" },
    models: [{ model: "gpt-4o", tokens: 50, per: "1m" }],
  },
  McpRoute: {
    namespace: "ai",
    gateway: "edge",
    path: "/tools",
    servers: {
      github: {
        host: "mcp.example.com",
        apiKey: { value: "ghp-not-for-print" },
        tools: { include: ["search"] },
      },
    },
  },
  AIGatewayRouteObject: {
    metadata,
    spec: {
      parentRefs,
      rules: [
        {
          matches: [{ headers: [{ type: "Exact", name: "x-ai-eg-model", value: "gpt" }] }],
          backendRefs: [{ name: "openai", weight: 2 }],
        },
      ],
    },
  },
  AIServiceBackendObject: {
    metadata,
    spec: {
      schema: { name: "OpenAI", prefix: "v2" },
      backendRef: { group: "gateway.envoyproxy.io", kind: "Backend", name: "openai" },
    },
  },
  BackendSecurityPolicyObject: {
    metadata,
    spec: {
      type: "APIKey",
      apiKey: { secretRef: { name: "key" } },
      targetRefs: [{ group: "aigateway.envoyproxy.io", kind: "AIServiceBackend", name: "openai" }],
    },
  },
  GatewayConfigObject: {
    metadata,
    spec: { globalLLMRequestCosts: [{ metadataKey: "all", type: "TotalToken" }] },
  },
  MCPRouteObject: {
    metadata,
    spec: {
      parentRefs,
      path: "/mcp",
      backendRefs: [{ group: "gateway.envoyproxy.io", kind: "Backend", name: "github" }],
    },
  },
  QuotaPolicyObject: {
    metadata,
    spec: {
      targetRefs: [{ group: "aigateway.envoyproxy.io", kind: "AIServiceBackend", name: "openai" }],
      serviceQuota: { quota: { limit: 5, duration: "1h" } },
    },
  },
};
