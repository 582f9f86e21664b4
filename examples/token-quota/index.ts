import * as pulumi from "@pulumi/pulumi";
import { AiGateway, openai } from "envoy-ai-gateway";

const config = new pulumi.Config();

const gateway = new AiGateway("metered", {
  backends: { openai: openai({ apiKey: config.requireSecret("openaiKey") }) },
  routes: {
    chat: {
      rules: [{ models: ["gpt-4o", "gpt-4o-mini"], backends: [{ backend: "openai" }] }],
      costs: [
        // In thousandths of a cent, say: answers cost four times what questions do.
        { metadataKey: "price", type: "CEL", cel: "input_tokens + output_tokens * 4u" },
      ],
      limits: [
        // Each user, all models.
        { tokens: 100_000, per: "Day", perHeader: "x-user-id" },
        // The dear model, by price.
        { tokens: 50_000, per: "Hour", cost: "price", models: ["gpt-4o"], perHeader: "x-user-id" },
      ],
    },
  },
  quotas: {
    // What we have bought of OpenAI, whoever asks.
    openai: {
      backends: ["openai"],
      models: [{ model: "gpt-4o", tokens: 2_000_000, per: "1m" }],
    },
  },
  envoyGateway: { redis: config.require("redis") },
  controlPlane: { image: config.require("image") },
});

export const endpoint = gateway.endpoint;
