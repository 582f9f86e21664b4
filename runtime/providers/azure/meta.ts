import type { ProviderMeta } from "../provider.ts";

export const azureMeta: ProviderMeta = {
  schema: "AzureOpenAI",
  otelName: "azure.ai.openai",
  defaultPrefix: "openai",
};
