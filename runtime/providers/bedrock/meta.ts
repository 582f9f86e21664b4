import type { ProviderMeta } from "../provider.ts";

export const bedrockMeta: ProviderMeta = {
  schema: "AWSBedrock",
  otelName: "aws.bedrock",
  defaultPrefix: "",
};
