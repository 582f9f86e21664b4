import type { ProviderMeta } from "../provider.ts";

export const awsAnthropicMeta: ProviderMeta = {
  schema: "AWSAnthropic",
  otelName: "aws.bedrock",
  defaultPrefix: "",
};
