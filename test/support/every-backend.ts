/** A strict stand-in for every provider that converses, and resources that route models to them. */
import { backendResource, documents, gatewayResource, routeResource } from "./resources.ts";
import { ANTHROPIC_KEY, startAnthropic } from "./standins/anthropic/server.ts";
import { AZURE_KEY, startAzure } from "./standins/azure/server.ts";
import { BEDROCK_CREDENTIALS, startBedrock } from "./standins/bedrock/server.ts";
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
} as const satisfies Record<string, { vendor: Vendor; model: string; reasoning: string }>;

type Vendor = "openai" | "azure" | "anthropic" | "bedrock" | "google";
export type BackendName = keyof typeof BACKENDS;

export interface EveryBackend {
  /** Gateway, route and backends, as YAML. */
  resources: string;
  standIn(backend: BackendName): StandIn;
  close(): Promise<void>;
}

export async function startEveryBackend(): Promise<EveryBackend> {
  const [openai, azure, anthropic, bedrock, google] = await Promise.all([
    startOpenAi(),
    startAzure(),
    startAnthropic(),
    startBedrock(),
    startGoogle(),
  ]);
  const standIns: Record<Vendor, StandIn> = { openai, azure, anthropic, bedrock, google };
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
  const resources = documents(
    gatewayResource(),
    routeResource(rules, "llmRequestCosts: [{metadataKey: out, type: OutputToken}]"),
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
