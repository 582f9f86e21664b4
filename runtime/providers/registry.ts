import { endpointById } from "../endpoints/registry.ts";
import { anthropic } from "./anthropic/index.ts";
import { awsAnthropic } from "./aws-anthropic/index.ts";
import { azure } from "./azure/index.ts";
import { bedrock } from "./bedrock/index.ts";
import { cohere } from "./cohere/index.ts";
import { gcpAnthropic } from "./gcp-anthropic/index.ts";
import { openAi } from "./openai/index.ts";
import type { Provider } from "./provider.ts";
import { vertex } from "./vertex/index.ts";

/** Every provider that is served; one line each. */
export const providers: readonly Provider[] = [
  openAi,
  azure,
  anthropic,
  bedrock,
  awsAnthropic,
  vertex,
  gcpAnthropic,
  cohere,
];

const bySchema = new Map(providers.map((provider) => [provider.meta.schema, provider]));

/** The provider of `spec.schema.name`. */
export const providerBySchema = (schema: string): Provider | undefined => bySchema.get(schema);

/** How an endpoint's requests reach a provider; undefined where they cannot. */
export function support(
  endpointId: string,
  schema: string,
): "passthrough" | "conversation" | "task" | undefined {
  const provider = bySchema.get(schema);
  if (provider === undefined) return undefined;
  if (provider.passthrough[endpointId] !== undefined) return "passthrough";
  const endpoint = endpointById(endpointId);
  if (endpoint?.conversation && provider.conversation) return "conversation";
  return endpoint?.task && provider.tasks?.[endpoint.task.name] ? "task" : undefined;
}

const TASKS = {
  count: "counting the tokens of a conversation",
  embeddings: "embeddings",
  images: "images",
  rerank: "reranking",
} as const;

/** What a provider lacks that cannot serve an endpoint: `has no API for embeddings`. */
export function lackOf(endpointId: string): string {
  const endpoint = endpointById(endpointId);
  if (endpoint?.conversation !== undefined) return "has no models that converse";
  const what = endpoint?.task === undefined ? endpoint?.operation : TASKS[endpoint.task.name];
  return `has no API for ${what?.replaceAll("_", " ") ?? endpointId}`;
}

/** Why requests of an endpoint cannot reach a provider, for those who have routed them there. */
export const whyUnsupported = (endpointId: string, schema: string): string =>
  bySchema.get(schema) === undefined
    ? `${schema} is not served`
    : `${schema} ${lackOf(endpointId)}`;
