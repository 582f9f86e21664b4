import type { ProviderMeta } from "../provider.ts";

export const openAiMeta: ProviderMeta = {
  schema: "OpenAI",
  otelName: "openai",
  defaultPrefix: "v1",
};
