/** Known providers as backends: plain functions, whose outcome may be changed like any object. */

import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { BackendOf, Overrides } from "./backend.ts";
import {
  type AwsIdentity,
  type AzureIdentity,
  apiKeyOf,
  type GcpIdentity,
  type KeyOrSecret,
} from "./credentials.ts";

type WithKey = KeyOrSecret & { overrides?: Overrides };

/** OpenAI. */
export const openai = (settings: WithKey): BackendOf<"OpenAI"> => ({
  schema: "OpenAI",
  host: "api.openai.com",
  ...apiKeyOf(settings),
  ...settings.overrides,
});

/** Anthropic. */
export const anthropic = (settings: WithKey): BackendOf<"Anthropic"> => ({
  schema: "Anthropic",
  host: "api.anthropic.com",
  ...apiKeyOf(settings),
  ...settings.overrides,
});

/** Cohere's own API. */
export const cohere = (settings: WithKey): BackendOf<"Cohere"> => ({
  schema: "Cohere",
  host: "api.cohere.com",
  ...apiKeyOf(settings),
  ...settings.overrides,
});

interface AzureSettings {
  /** Name of the Azure OpenAI resource; its host is `<resource>.openai.azure.com`. */
  resource: Input<string>;
  /** The `api-version`, as `2025-01-01-preview`. */
  version: Input<string>;
  overrides?: Overrides;
}

/** Azure OpenAI, by API key or as an application of Entra. */
export function azureOpenai(
  settings: AzureSettings &
    (
      | (KeyOrSecret & { entra?: never })
      | { entra: AzureIdentity; apiKey?: never; secretName?: never }
    ),
): BackendOf<"AzureOpenAI"> {
  const common = {
    schema: "AzureOpenAI",
    host: pulumi.interpolate`${settings.resource}.openai.azure.com`,
    version: settings.version,
  } as const;
  return settings.entra === undefined
    ? { ...common, ...apiKeyOf(settings), ...azureOverrides(settings) }
    : { ...common, azure: settings.entra, ...azureOverrides(settings) };
}

const azureOverrides = ({ overrides, version }: AzureSettings) => ({
  ...overrides,
  version: overrides?.version ?? version,
});

interface AwsSettings {
  /** AWS region, as `eu-central-1`. */
  region: Input<string>;
  overrides?: Overrides;
}

const bedrockOf = <S extends "AWSBedrock" | "AWSAnthropic">(
  schema: S,
  { region, overrides, ...identity }: AwsSettings & AwsIdentity,
) => ({
  schema,
  host: pulumi.interpolate`bedrock-runtime.${region}.amazonaws.com`,
  aws: { region, ...identity },
  ...overrides,
});

/** AWS Bedrock's Converse API. Without keys, with the identity of Envoy's pods. */
export const bedrock = (settings: AwsSettings & AwsIdentity): BackendOf<"AWSBedrock"> =>
  bedrockOf("AWSBedrock", settings);

/** Anthropic's models at AWS Bedrock, in Anthropic's own format. */
export const bedrockAnthropic = (settings: AwsSettings & AwsIdentity): BackendOf<"AWSAnthropic"> =>
  bedrockOf("AWSAnthropic", settings);

interface GcpSettings {
  /** Name of the GCP project. */
  project: Input<string>;
  /** GCP region, as `europe-west4`, or `global`. */
  region: Input<string>;
  overrides?: Overrides;
}

const vertexOf = <S extends "GCPVertexAI" | "GCPAnthropic">(
  schema: S,
  { project, region, overrides, ...identity }: GcpSettings & GcpIdentity,
) => ({
  schema,
  host: pulumi
    .output(region)
    .apply((where) => (where === "global" ? "" : `${where}-`))
    .apply((prefix) => `${prefix}aiplatform.googleapis.com`),
  gcp: { project, region, ...identity },
  ...overrides,
});

/** Gemini models at Vertex AI. */
export const vertexAi = (settings: GcpSettings & GcpIdentity): BackendOf<"GCPVertexAI"> =>
  vertexOf("GCPVertexAI", settings);

/** Anthropic's models at Vertex AI. */
export const vertexAnthropic = (settings: GcpSettings & GcpIdentity): BackendOf<"GCPAnthropic"> =>
  vertexOf("GCPAnthropic", settings);

/** Providers that speak OpenAI's API: where they are, and the start of their paths. */
const COMPATIBLE = {
  cohere: { host: "api.cohere.ai", prefix: "compatibility/v1" },
  deepinfra: { host: "api.deepinfra.com", prefix: "v1/openai" },
  deepseek: { host: "api.deepseek.com", prefix: "v1" },
  gemini: { host: "generativelanguage.googleapis.com", prefix: "v1beta/openai" },
  grok: { host: "api.x.ai", prefix: "v1" },
  groq: { host: "api.groq.com", prefix: "openai/v1" },
  hunyuan: { host: "api.hunyuan.cloud.tencent.com", prefix: "v1" },
  mistral: { host: "api.mistral.ai", prefix: "v1" },
  sambanova: { host: "api.sambanova.ai", prefix: "v1" },
  tetrate: { host: "api.router.tetrate.ai", prefix: "v1" },
  together: { host: "api.together.xyz", prefix: "v1" },
} as const;

/** Names of the providers that `compatible` knows. */
export type CompatibleProvider = keyof typeof COMPATIBLE;

/** A known provider that speaks OpenAI's API: `compatible("groq", { apiKey })`. */
export const compatible = (
  provider: CompatibleProvider,
  settings: WithKey,
): BackendOf<"OpenAI"> => ({
  schema: "OpenAI",
  ...COMPATIBLE[provider],
  ...apiKeyOf(settings),
  ...settings.overrides,
});

interface OwnSettings {
  /** Host name or IP address. */
  host: Input<string>;
  port?: Input<number>;
  /** Start of the path; `v1` where left out. */
  prefix?: Input<string>;
  /** Whether it is reached by TLS. */
  tls?: boolean;
  overrides?: Overrides;
}

/** Any other server that speaks OpenAI's API, with a key or without one. */
export function openaiCompatible(
  settings: OwnSettings & (KeyOrSecret | { apiKey?: never; secretName?: never }),
): BackendOf<"OpenAI"> {
  const { host, port, prefix, tls = true, apiKey, secretName, overrides } = settings;
  const common = {
    schema: "OpenAI",
    host,
    ...(port === undefined ? {} : { port }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(tls ? {} : { tls: { enabled: false } }),
  } as const;
  const key =
    apiKey !== undefined
      ? { apiKey: { value: apiKey } }
      : secretName !== undefined
        ? { apiKey: { secretName } }
        : {};
  return { ...common, ...key, ...overrides };
}

/** vLLM in the cluster, without TLS: `vllm({ host: "vllm.models.svc.cluster.local" })`. */
export const vllm = (settings: Omit<OwnSettings, "prefix">): BackendOf<"OpenAI"> =>
  openaiCompatible({ port: 8000, tls: false, ...settings });

/** Ollama in the cluster, without TLS: `ollama({ host: "ollama.models.svc.cluster.local" })`. */
export const ollama = (settings: Omit<OwnSettings, "prefix">): BackendOf<"OpenAI"> =>
  openaiCompatible({ port: 11434, tls: false, ...settings });
