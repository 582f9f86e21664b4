import type { ProviderMeta } from "../provider.ts";

export const cohereMeta: ProviderMeta = {
  schema: "Cohere",
  otelName: "cohere",
  defaultPrefix: "",
};
