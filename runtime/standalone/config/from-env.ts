import type { Identified } from "./classify.ts";
import type { LoadProblem } from "./loaded.ts";
import type { Environment } from "./substitute.ts";

/** Objects as a user would write them, for the providers whose keys the environment holds. */
export interface FromEnvironment {
  objects: (Identified & Record<string, unknown>)[];
  problems: LoadProblem[];
}

const NAMESPACE = "default";
const GATEWAY = "aigw-run";
/** A gateway for people at their desks: long answers are common there. */
const REQUEST_TIMEOUT = "120s";
const AI_GROUP = "aigateway.envoyproxy.io";
const AI_VERSION = `${AI_GROUP}/v1beta1`;
const ENVOY_GROUP = "gateway.envoyproxy.io";
const GATEWAY_GROUP = "gateway.networking.k8s.io";

interface ProviderSettings {
  name: string;
  schema: { name: string; version?: string; prefix?: string };
  address: Address;
  /** The type of the BackendSecurityPolicy, and its field of that name. */
  credential: { type: string; field: string; key: string };
  headers: [name: string, value: string][];
  /** Regular expression of the models that go there. */
  models: string;
}

interface Address {
  host: string;
  isIp: boolean;
  port: number;
  tls: boolean;
  /** Without slashes at its ends. */
  path: string;
}

/**
 * The configuration that a set of provider keys asks for, with the variables of the vendors' own
 * SDKs. Azure goes before OpenAI, as those SDKs have it. With a key for Anthropic beside it, models
 * of the name claude-* go there and all others to OpenAI. Pure.
 */
export function configFromEnvironment(env: Environment): FromEnvironment {
  const problems: LoadProblem[] = [];
  const error = (message: string): undefined => {
    problems.push({ severity: "error", message });
  };
  const openAi = env.AZURE_OPENAI_API_KEY
    ? azureSettings(env, env.AZURE_OPENAI_API_KEY, error)
    : openAiSettings(env, error);
  const anthropic = anthropicSettings(env, openAi === undefined, error);
  if (openAi !== undefined && anthropic !== undefined) {
    problems.push({
      severity: "warning",
      message:
        "keys for two providers are set: models named claude-* go to Anthropic, all others to OpenAI",
    });
  }
  const providers = [anthropic, openAi].filter((settings) => settings !== undefined);
  if (providers.length === 0) {
    if (problems.length === 0) {
      error(
        "no configuration: give a file, or set OPENAI_API_KEY, AZURE_OPENAI_API_KEY or ANTHROPIC_API_KEY",
      );
    }
    return { objects: [], problems };
  }
  return { objects: [gateway(), route(providers), ...providers.flatMap(backend)], problems };
}

type Report = (message: string) => undefined;

function openAiSettings(env: Environment, error: Report): ProviderSettings | undefined {
  const key = env.OPENAI_API_KEY;
  if (!key) return undefined;
  const address = addressIn(env, "OPENAI_BASE_URL", "https://api.openai.com/v1", error);
  return (
    address && {
      name: "openai",
      schema: { name: "OpenAI", ...prefixOf(address.path) },
      address,
      credential: { type: "APIKey", field: "apiKey", key },
      headers: openAiHeaders(env),
      models: ".*",
    }
  );
}

function azureSettings(env: Environment, key: string, error: Report): ProviderSettings | undefined {
  const version = env.OPENAI_API_VERSION;
  if (!version || !env.AZURE_OPENAI_ENDPOINT) {
    return error(
      "AZURE_OPENAI_API_KEY is set, so AZURE_OPENAI_ENDPOINT and OPENAI_API_VERSION must be set too",
    );
  }
  const address = addressIn(env, "AZURE_OPENAI_ENDPOINT", "", error);
  return (
    address && {
      name: "openai",
      schema: { name: "AzureOpenAI", version },
      address,
      credential: { type: "AzureAPIKey", field: "azureAPIKey", key },
      headers: openAiHeaders(env),
      models: ".*",
    }
  );
}

function anthropicSettings(
  env: Environment,
  alone: boolean,
  error: Report,
): ProviderSettings | undefined {
  const key = env.ANTHROPIC_API_KEY;
  if (!key) return undefined;
  const address = addressIn(env, "ANTHROPIC_BASE_URL", "https://api.anthropic.com", error);
  if (address === undefined) return undefined;
  // Anthropic's SDKs put the version behind the base URL; a URL that has one already keeps it.
  const path = /(^|\/)v\d+$/.test(address.path) ? address.path : `${address.path}/v1`;
  return {
    name: "anthropic",
    schema: { name: "Anthropic", ...prefixOf(path.replace(/^\//, "")) },
    address,
    credential: { type: "AnthropicAPIKey", field: "anthropicAPIKey", key },
    headers: [],
    models: alone ? ".*" : "claude-.*",
  };
}

function openAiHeaders(env: Environment): ProviderSettings["headers"] {
  const headers: ProviderSettings["headers"] = [];
  if (env.OPENAI_ORG_ID) headers.push(["OpenAI-Organization", env.OPENAI_ORG_ID]);
  if (env.OPENAI_PROJECT_ID) headers.push(["OpenAI-Project", env.OPENAI_PROJECT_ID]);
  return headers;
}

/** `v1` is what is asked for without a prefix. */
const prefixOf = (path: string): { prefix?: string } =>
  path === "" || path === "v1" ? {} : { prefix: path };

/** The URL itself is not told in errors: it may hold a password. */
function addressIn(
  env: Environment,
  variable: string,
  fallback: string,
  error: Report,
): Address | undefined {
  const url = URL.parse(env[variable] || fallback);
  if (url === null || !["http:", "https:"].includes(url.protocol) || url.hostname === "") {
    return error(`${variable} must be a URL such as https://api.example.com/v1`);
  }
  const tls = url.protocol === "https:";
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return {
    host,
    isIp: host.includes(":") || /^\d+(\.\d+){3}$/.test(host),
    port: url.port === "" ? (tls ? 443 : 80) : Number(url.port),
    tls,
    path: url.pathname.replace(/^\/+|\/+$/g, ""),
  };
}

const named = (apiVersion: string, kind: string, name: string) => ({
  apiVersion,
  kind,
  metadata: { name, namespace: NAMESPACE },
});

const gateway = () => ({
  ...named(`${GATEWAY_GROUP}/v1`, "Gateway", GATEWAY),
  spec: {
    gatewayClassName: GATEWAY,
    listeners: [{ name: "http", protocol: "HTTP", port: 1975 }],
  },
});

const route = (providers: readonly ProviderSettings[]) => ({
  ...named(AI_VERSION, "AIGatewayRoute", GATEWAY),
  spec: {
    parentRefs: [{ name: GATEWAY, kind: "Gateway", group: GATEWAY_GROUP }],
    rules: providers.map(({ name, models }) => ({
      matches: [{ headers: [{ type: "RegularExpression", name: "x-ai-eg-model", value: models }] }],
      backendRefs: [{ name }],
      timeouts: { request: REQUEST_TIMEOUT },
    })),
    llmRequestCosts: [
      { metadataKey: "llm_input_token", type: "InputToken" },
      { metadataKey: "llm_output_token", type: "OutputToken" },
      { metadataKey: "llm_reasoning_token", type: "ReasoningToken" },
    ],
  },
});

function backend(settings: ProviderSettings): FromEnvironment["objects"] {
  const { name, schema, address, credential, headers } = settings;
  const { host, isIp, port, tls } = address;
  const secretName = `${name}-apikey`;
  return [
    {
      ...named(AI_VERSION, "AIServiceBackend", name),
      spec: {
        schema,
        backendRef: { name, kind: "Backend", group: ENVOY_GROUP },
        ...(headers.length === 0
          ? {}
          : { headerMutation: { set: headers.map(([name, value]) => ({ name, value })) } }),
      },
    },
    {
      ...named(`${ENVOY_GROUP}/v1alpha1`, "Backend", name),
      spec: {
        endpoints: [isIp ? { ip: { address: host, port } } : { fqdn: { hostname: host, port } }],
      },
    },
    ...(tls ? [tlsPolicy(name, host)] : []),
    {
      ...named(AI_VERSION, "BackendSecurityPolicy", secretName),
      spec: {
        targetRefs: [{ group: AI_GROUP, kind: "AIServiceBackend", name }],
        type: credential.type,
        [credential.field]: { secretRef: { name: secretName } },
      },
    },
    { ...named("v1", "Secret", secretName), stringData: { apiKey: credential.key } },
  ];
}

const tlsPolicy = (name: string, hostname: string) => ({
  ...named(`${GATEWAY_GROUP}/v1`, "BackendTLSPolicy", `${name}-tls`),
  spec: {
    targetRefs: [{ group: ENVOY_GROUP, kind: "Backend", name }],
    validation: { wellKnownCACertificates: "System", hostname },
  },
});
