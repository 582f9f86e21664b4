import type { ProviderMeta } from "../provider.ts";

export const anthropicMeta: ProviderMeta = {
  schema: "Anthropic",
  otelName: "anthropic",
  defaultPrefix: "v1",
};
