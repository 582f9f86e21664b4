/** Inputs that are wrong in one place each, and what their author is told. */
interface WrongInput {
  title: string;
  /** Where the right inputs are made wrong, and with what; of the inputs as a whole where empty. */
  at: string;
  value: unknown;
  /** Ends in … where the registries say how it goes on. */
  says: string;
}

export const wrongInputs: readonly WrongInput[] = [
  {
    title: "a backend that does not exist",
    at: "routes.chat.rules[0].backends[0].backend",
    value: "opnai",
    says: "routes.chat.rules[0].backends[0].backend: no backend is named opnai; did you mean openai?",
  },
  {
    title: "a backend that resembles none",
    at: "routes.chat.rules[0].backends[0].backend",
    value: "mistral-eu",
    says: "routes.chat.rules[0].backends[0].backend: no backend is named mistral-eu; there are openai, bedrock, rerank",
  },
  {
    title: "no route",
    at: "routes",
    value: {},
    says: "a gateway has at least one route",
  },
  {
    title: "a route without rules",
    at: "routes.chat.rules",
    value: [],
    says: "routes.chat.rules: must be at least 1 items",
  },
  {
    title: "a rule without backends",
    at: "routes.chat.rules[0].backends",
    value: [],
    says: "routes.chat.rules[0]: a rule has either backends, at least one, or an inferencePool",
  },
  {
    title: "a rule with backends and a pool",
    at: "routes.chat.rules[0].inferencePool",
    value: { name: "pool" },
    says: "routes.chat.rules[0]: a rule has either backends, at least one, or an inferencePool",
  },
  {
    title: "models and a pattern",
    at: "routes.chat.rules[0].modelPattern",
    value: "gpt-.*",
    says: "routes.chat.rules[0]: give models or modelPattern, not both",
  },
  {
    title: "a misspelt field",
    at: "routes.chat.rules[0].tiemout",
    value: "30s",
    says: "routes.chat.rules[0].tiemout: is no field; did you mean timeout?",
  },
  {
    title: "a field of elsewhere",
    at: "gatewayClass",
    value: "envoy",
    says: "gatewayClass: is no field",
  },
  {
    title: "no duration",
    at: "routes.chat.rules[0].timeout",
    value: "30 seconds",
    says: "routes.chat.rules[0].timeout: must be a span of time, as 500ms, 30s or 1h30m",
  },
  {
    title: "an attempt longer than its request",
    at: "routes.chat.rules[0]",
    value: { backends: [{ backend: "openai" }], timeout: "10s", attemptTimeout: "20s" },
    says: "routes.chat.rules[0]: attemptTimeout must not be longer than timeout",
  },
  {
    title: "two rules of one name",
    at: "routes.chat.rules",
    value: [
      { name: "a", backends: [{ backend: "openai" }] },
      { name: "a", backends: [{ backend: "openai" }] },
    ],
    says: "routes.chat: names of rules must be unique in the route",
  },
  {
    title: "a reserved name of a rule",
    at: "routes.chat.rules[0].name",
    value: "route-not-found",
    says: "routes.chat.rules[0]: the rule name route-not-found is reserved",
  },
  {
    title: "a negative weight",
    at: "routes.chat.rules[0].backends[0].weight",
    value: -1,
    says: "routes.chat.rules[0].backends[0].weight: must be at least 0",
  },
  {
    title: "a priority as text",
    at: "routes.chat.rules[0].backends[0].priority",
    value: "1",
    says: "routes.chat.rules[0].backends[0].priority: must be of type number",
  },
  {
    title: "an endpoint that a backend cannot serve",
    at: "routes.chat.rules[0]",
    value: { backends: [{ backend: "rerank" }], endpoints: ["image-generations"] },
    says: "routes.chat.rules[0].backends[0].backend: backend rerank speaks Cohere, which cannot serve image-generations: it has no API for images; …",
  },
  {
    title: "an endpoint that does not exist",
    at: "routes.chat.rules[0].endpoints",
    value: ["chats"],
    says: "routes.chat.rules[0].endpoints[0]: must be one of chat-completions, …",
  },
  {
    title: "an expression that is none",
    at: "routes.chat.costs",
    value: [{ metadataKey: "price", type: "CEL", cel: "input_tokens *" }],
    says: "routes.chat.costs[0].cel: not a CEL expression: Unexpected token: EOF",
  },
  {
    title: "an expression over unknown variables",
    at: "routes.chat.costs",
    value: [{ metadataKey: "price", type: "CEL", cel: "tokens * 2" }],
    says: "routes.chat.costs[0].cel: not a CEL expression: Unknown variable: tokens",
  },
  {
    title: "a header twice",
    at: "routes.chat.rules[0].backends[0].headers",
    value: {
      set: [
        { name: "x-a", value: "1" },
        { name: "x-a", value: "2" },
      ],
    },
    says: 'routes.chat.rules[0].backends[0].headers.set[1]: Duplicate value: "x-a"',
  },
  {
    title: "a regular expression that is none",
    at: "routes.chat.rules[0]",
    value: { modelPattern: "gpt-(", backends: [{ backend: "openai" }] },
    says: 'routes.chat.rules[0]: "gpt-(" is not a regular expression (RE2)',
  },
  {
    title: "a wildcard in the middle",
    at: "routes.chat.hostnames",
    value: ["ai.*.example.com"],
    says: "routes.chat.hostnames[0]: must be a host name, as ai.example.com or *.example.com",
  },
  {
    title: "a limit on a cost that is not computed",
    at: "routes.chat.limits",
    value: [{ tokens: 10, per: "Hour", cost: "price" }],
    says: "has 2 problems:\n  - routes.chat.limits[0].cost: no cost of the route has the metadataKey price; add it to routes.chat.costs\n  - routes.chat.limits: limits are counted in a Redis; give its address in envoyGateway.redis",
  },
  {
    title: "limits without a Redis",
    at: "routes.chat.limits",
    value: [{ tokens: 10, per: "Hour" }],
    says: "routes.chat.limits: limits are counted in a Redis; give its address in envoyGateway.redis",
  },
  {
    title: "a limit per week",
    at: "routes.chat.limits",
    value: [{ tokens: 10, per: "Week" }],
    says: "routes.chat.limits[0].per: must be one of Second, Minute, Hour, Day, Month, Year",
  },
  {
    title: "a limit of nothing",
    at: "routes.chat.limits",
    value: [{ tokens: 0, per: "Hour" }],
    says: "routes.chat.limits[0].tokens: must be at least 1",
  },
  {
    title: "a URL for a host",
    at: "backends.openai.host",
    value: "https://api.openai.com/v1",
    says: "backends.openai.host: must be a host name or an IP address, without scheme, port and path",
  },
  {
    title: "a port out of range",
    at: "backends.openai.port",
    value: 70000,
    says: "backends.openai.port: must be at most 65535",
  },
  {
    title: "an unknown schema",
    at: "backends.openai.schema",
    value: "openai",
    says: "backends.openai.schema: must be one of OpenAI, Cohere, AWSBedrock, AzureOpenAI, GCPVertexAI, GCPAnthropic, Anthropic, AWSAnthropic",
  },
  {
    title: "two credentials",
    at: "backends.openai.aws",
    value: { region: "us-east-1" },
    says: "backends.openai: a backend has one credential: give one of apiKey, aws, azure and gcp",
  },
  {
    title: "a key and a Secret",
    at: "backends.openai.apiKey",
    value: { value: "sk-x", secretName: "key" },
    says: "backends.openai.apiKey: give either value (kept as a secret) or secretName (an existing Secret)",
  },
  {
    title: "neither key nor Secret",
    at: "backends.openai.apiKey",
    value: {},
    says: "backends.openai.apiKey: give either value (kept as a secret) or secretName (an existing Secret)",
  },
  {
    title: "an AWS credential for Anthropic",
    at: "backends.openai",
    value: { schema: "Anthropic", host: "api.anthropic.com", aws: { region: "us-east-1" } },
    says: "backends.openai: aws signs requests of the schemas AWSBedrock, AWSAnthropic and OpenAI",
  },
  {
    title: "half of the AWS keys",
    at: "backends.bedrock.aws",
    value: { region: "us-east-1", accessKeyId: "AKIAEXAMPLE" },
    says: "backends.bedrock.aws: accessKeyId and secretAccessKey belong together",
  },
  {
    title: "a role without a token",
    at: "backends.bedrock.aws",
    value: { region: "us-east-1", roleArn: "arn:aws:iam::123456789012:role/gateway" },
    says: "backends.bedrock.aws: oidc and roleArn belong together",
  },
  {
    title: "no region",
    at: "backends.bedrock.aws",
    value: { region: "Frankfurt" },
    says: "backends.bedrock.aws.region: must be an AWS region, as eu-central-1",
  },
  {
    title: "Azure without its version",
    at: "backends.openai",
    value: { schema: "AzureOpenAI", host: "r.openai.azure.com", apiKey: { value: "k" } },
    says: "backends.openai: AzureOpenAI needs version, its api-version, as 2025-01-01-preview",
  },
  {
    title: "an API key for Vertex AI",
    at: "backends.openai",
    value: { schema: "GCPVertexAI", host: "aiplatform.googleapis.com", apiKey: { value: "k" } },
    says: "backends.openai: Vertex AI takes no API key: give gcp",
  },
  {
    title: "a certificate that is none",
    at: "backends.openai.tls",
    value: { caCertificate: "ca.pem" },
    says: "backends.openai.tls.caCertificate: must be a certificate in PEM",
  },
  {
    title: "TLS with an address and no name",
    at: "backends.openai.host",
    value: "10.0.0.7",
    says: "backends.openai.tls.hostname: is required where host is an IP address: the name that its certificate has",
  },
  {
    title: "a name that Kubernetes refuses",
    at: "backends",
    value: { My_Backend: { schema: "OpenAI", host: "api.openai.com" } },
    says: "backends.My_Backend: is no name: lower case letters, digits and dashes, as `openai-eu`",
  },
  {
    title: "a quota on no backend of ours",
    at: "quotas",
    value: { q: { backends: ["opnai"], total: { tokens: 5, per: "1h" } } },
    says: "quotas.q.backends[0]: no backend is named opnai; did you mean openai?",
  },
  {
    title: "a quota without an amount",
    at: "quotas",
    value: { q: { backends: ["openai"] } },
    says: "quotas.q: give total, models or both",
  },
  {
    title: "two listeners of one name",
    at: "gateway",
    value: { listeners: [{ name: "a" }, { name: "a", port: 81 }] },
    says: "gateway: names of listeners must be unique",
  },
  {
    title: "an exposure that does not exist",
    at: "gateway",
    value: { expose: "Public" },
    says: "gateway.expose: must be one of ClusterIP, NodePort, LoadBalancer",
  },
  {
    title: "a proxy as URL",
    at: "gateway",
    value: { forwardProxy: "http://proxy:3128" },
    says: "gateway.forwardProxy: must be host:port, as proxy.example.com:3128",
  },
  {
    title: "an MCP route without servers",
    at: "mcpRoutes",
    value: { tools: { servers: {} } },
    says: "mcpRoutes.tools: an MCP route has at least one server",
  },
  {
    title: "an MCP tool shown and hidden by nothing",
    at: "mcpRoutes",
    value: { tools: { servers: { github: { host: "mcp.example.com", tools: {} } } } },
    says: "mcpRoutes.tools.servers.github.tools: give at least one of include, includeRegex, exclude, excludeRegex",
  },
  {
    title: "a null where a value is needed",
    at: "backends.openai.host",
    value: null,
    says: "backends.openai.host: is required",
  },
  {
    title: "no image",
    at: "controlPlane",
    value: {},
    says: "controlPlane.image: is required, since no image was published with this version: give one that you built, by its digest, or with `build: true` the name under which Pulumi is to push what it builds",
  },
  {
    title: "a build without a name",
    at: "controlPlane",
    value: { build: true },
    says: "controlPlane.image: is required: the name under which the image that is built is pushed",
  },
  {
    title: "a patch that comes later as a whole",
    at: "patches",
    value: [{ kind: "EnvoyProxy", patch: Promise.resolve({}) }],
    says: "patches[0]: patch and its metadata must be objects; the values in them may be outputs",
  },
  {
    title: "a patch of an object that is not there",
    at: "patches",
    value: [{ kind: "EnvoyProxy", name: "ia", patch: {} }],
    says: "patches[0]: changes no object: there are ai",
  },
  {
    title: "a patch of a kind that is not there",
    at: "patches",
    value: [{ kind: "Deploymnet", patch: {} }],
    says: "patches[0]: changes no object: no Deploymnet is created",
  },
  {
    title: "an ext_proc beside Envoy without an image",
    at: "",
    value: { controlPlane: { install: false }, gateway: { extProc: { placement: "Sidecar" } } },
    says: "gateway.extProc.image: is required: the image of the external processor that runs beside Envoy",
  },
];
