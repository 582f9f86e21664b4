import * as pulumi from "@pulumi/pulumi";
import { AiGateway, anthropic, azureOpenai, bedrock } from "envoy-ai-gateway";

const config = new pulumi.Config();

const gateway = new AiGateway("failover", {
  backends: {
    east: azureOpenai({
      resource: "contoso-east",
      version: "2025-01-01-preview",
      apiKey: config.requireSecret("azureEastKey"),
    }),
    west: azureOpenai({
      resource: "contoso-west",
      version: "2025-01-01-preview",
      apiKey: config.requireSecret("azureWestKey"),
    }),
    claude: anthropic({ apiKey: config.requireSecret("anthropicKey") }),
    nova: bedrock({ region: "eu-central-1" }),
  },
  routes: {
    chat: {
      rules: [
        {
          models: ["smart"],
          endpoints: ["chat-completions"],
          backends: [
            // Two regions share the traffic; a request that fails in both goes on to Anthropic.
            { backend: "east", model: "gpt-4o", weight: 3 },
            { backend: "west", model: "gpt-4o", weight: 1 },
            { backend: "claude", model: "claude-sonnet-4-6", priority: 1 },
            { backend: "nova", model: "us.amazon.nova-pro-v1:0", priority: 2 },
          ],
          timeout: "120s",
          attemptTimeout: "40s",
        },
      ],
      retry: { attempts: 3, attemptsPerPriority: 1, backoff: "25ms" },
    },
  },
  controlPlane: { image: config.require("image") },
});

export const endpoint = gateway.endpoint;
