import * as pulumi from "@pulumi/pulumi";
import { AiGateway, bedrock, bedrockAnthropic } from "envoy-ai-gateway";

const config = new pulumi.Config();
const region = config.get("region") ?? "eu-central-1";

const gateway = new AiGateway("aws", {
  backends: {
    bedrock: bedrock({ region }),
    claude: bedrockAnthropic({ region }),
  },
  routes: {
    chat: {
      rules: [
        { modelPattern: "us\\.amazon\\..*", backends: [{ backend: "bedrock" }] },
        {
          models: ["claude"],
          backends: [{ backend: "claude", model: "anthropic.claude-sonnet-4-20250514-v1:0" }],
        },
      ],
    },
  },
  gateway: {
    // Envoy signs the requests, so that the role belongs to Envoy's ServiceAccount.
    serviceAccountAnnotations: { "eks.amazonaws.com/role-arn": config.require("roleArn") },
  },
  controlPlane: { image: config.require("image") },
});

export const endpoint = gateway.endpoint;
