import { anthropicMeta } from "./anthropic/meta.ts";
import { awsAnthropicMeta } from "./aws-anthropic/meta.ts";
import { azureMeta } from "./azure/meta.ts";
import { bedrockMeta } from "./bedrock/meta.ts";
import { cohereMeta } from "./cohere/meta.ts";
import { gcpAnthropicMeta } from "./gcp-anthropic/meta.ts";
import { openAiMeta } from "./openai/meta.ts";
import type { ProviderMeta } from "./provider.ts";
import { vertexMeta } from "./vertex/meta.ts";

/** Every provider by what it is, without its code: for the API, the components and the docs. */
export const providerMetas: readonly ProviderMeta[] = [
  openAiMeta,
  azureMeta,
  anthropicMeta,
  bedrockMeta,
  awsAnthropicMeta,
  vertexMeta,
  gcpAnthropicMeta,
  cohereMeta,
];
