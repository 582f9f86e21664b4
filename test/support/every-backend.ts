/** A strict stand-in for every provider that converses, and resources that route models to them. */
import { backendResource, documents, gatewayResource, routeResource } from "./resources.ts";
import { ANTHROPIC_KEY, startAnthropic } from "./standins/anthropic/server.ts";
import { AZURE_KEY, startAzure } from "./standins/azure/server.ts";
import { BEDROCK_CREDENTIALS, startBedrock } from "./standins/bedrock/server.ts";
import { COHERE_KEY, startCohere } from "./standins/cohere/server.ts";
import {
  GOOGLE_PROJECT,
  GOOGLE_REGION,
  GOOGLE_TOKEN,
  startGoogle,
} from "./standins/google/server.ts";
import { OPENAI_KEY, startOpenAi } from "./standins/openai/server.ts";
import type { StandIn } from "./standins/standin.ts";

/** Backends by name: the models that clients ask for, and whose stand-in serves them. */
export const BACKENDS = {
  openai: { vendor: "openai", model: "gpt-4o-mini", reasoning: "o4-mini" },
  azure: { vendor: "azure", model: "team-chat", reasoning: "team-reasoning" },
  anthropic: { vendor: "anthropic", model: "claude-haiku-4-5", reasoning: "claude-sonnet-4-5" },
  bedrock: {
    vendor: "bedrock",
    model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    reasoning: "global.anthropic.claude-opus-4-6-v1",
  },
  "aws-anthropic": { vendor: "bedrock", model: "claude-on-aws", reasoning: "claude-on-aws" },
  vertex: { vendor: "google", model: "gemini-2.5-flash-lite", reasoning: "gemini-3-pro-preview" },
  "gcp-anthropic": {
    vendor: "google",
    model: "claude-sonnet-4-5@20250929",
    reasoning: "claude-sonnet-4-5@20250929",
  },
  cohere: {
    vendor: "cohere",
    model: "command-a-03-2025",
    reasoning: "command-a-reasoning-08-2025",
  },
} as const satisfies Record<string, { vendor: Vendor; model: string; reasoning: string }>;

/** Models that do other work, by backend. */
const TASK_MODELS: Partial<Record<BackendName, readonly string[]>> = {
  azure: [
    "team-embeddings",
    "team-completions",
    "team-images",
    "team-transcribe",
    "team-whisper",
    "team-speech",
  ],
  vertex: [
    "text-embedding-005",
    "gemini-embedding-2",
    "imagen-4.0-generate-001",
    "semantic-ranker-default@latest",
  ],
};

type Vendor = "openai" | "azure" | "anthropic" | "bedrock" | "google" | "cohere";
export type BackendName = keyof typeof BACKENDS;

export interface EveryBackend {
  /** Gateway, route and backends, as YAML. */
  resources: string;
  standIn(backend: BackendName): StandIn;
  close(): Promise<void>;
}

export async function startEveryBackend(): Promise<EveryBackend> {
  const [openai, azure, anthropic, bedrock, google, cohere] = await Promise.all([
    startOpenAi(),
    startAzure(),
    startAnthropic(),
    startBedrock(),
    startGoogle(),
    startCohere(),
  ]);
  const standIns: Record<Vendor, StandIn> = {
    openai,
    azure,
    anthropic,
    bedrock,
    google,
    cohere,
  };
  const aws = {
    type: "aws" as const,
    id: BEDROCK_CREDENTIALS.accessKeyId,
    secret: BEDROCK_CREDENTIALS.secretAccessKey,
  };
  const gcp = {
    type: "gcp" as const,
    token: GOOGLE_TOKEN,
    project: GOOGLE_PROJECT,
    region: GOOGLE_REGION,
  };
  const rules = Object.entries(BACKENDS).flatMap(([name, { model, reasoning }]) =>
    [...new Set([model, reasoning])].map((asked) => ({
      model: asked,
      backends: `[{name: ${name}${OVERRIDES[asked] ?? ""}}]`,
    })),
  );
  const taskRules = Object.entries(TASK_MODELS).flatMap(([name, models]) =>
    models.map((model) => ({ model, backends: `[{name: ${name}}]` })),
  );
  const costs = "llmRequestCosts: [{metadataKey: out, type: OutputToken}]";
  const resources = documents(
    gatewayResource(),
    routeResource(rules, costs),
    routeResource(taskRules, costs, "tasks"),
    backendResource("openai", { port: openai.port, key: { type: "APIKey", value: OPENAI_KEY } }),
    backendResource("azure", {
      schema: "AzureOpenAI",
      port: azure.port,
      key: { type: "AzureAPIKey", value: AZURE_KEY },
    }),
    backendResource("anthropic", {
      schema: "Anthropic",
      port: anthropic.port,
      key: { type: "AnthropicAPIKey", value: ANTHROPIC_KEY },
    }),
    backendResource("bedrock", { schema: "AWSBedrock", port: bedrock.port, key: aws }),
    backendResource("aws-anthropic", { schema: "AWSAnthropic", port: bedrock.port, key: aws }),
    backendResource("vertex", { schema: "GCPVertexAI", port: google.port, key: gcp }),
    backendResource("cohere", {
      schema: "Cohere",
      port: cohere.port,
      key: { type: "APIKey", value: COHERE_KEY },
    }),
    backendResource("gcp-anthropic", { schema: "GCPAnthropic", port: google.port, key: gcp }),
  );
  return {
    resources,
    standIn: (backend) => standIns[BACKENDS[backend].vendor],
    close: async () => {
      await Promise.all(Object.values(standIns).map((standIn) => standIn.close()));
    },
  };
}

/** Models that clients know by another name. */
const OVERRIDES: Readonly<Record<string, string>> = {
  "claude-on-aws": ', modelNameOverride: "us.anthropic.claude-sonnet-4-5-20250929-v1:0"',
};
