import * as pulumi from "@pulumi/pulumi";
import { AiGateway, anthropic, bedrock, openai, vllm } from "envoy-ai-gateway";

const config = new pulumi.Config();

const gateway = new AiGateway("quickstart", {
  backends: {
    openai: openai({ apiKey: config.requireSecret("openaiKey") }),
    anthropic: anthropic({ apiKey: config.requireSecret("anthropicKey") }),
    bedrock: bedrock({
      region: "us-east-1",
      accessKeyId: config.require("awsAccessKeyId"),
      secretAccessKey: config.requireSecret("awsSecretAccessKey"),
    }),
    inhouse: vllm({ host: "vllm.models.svc.cluster.local" }),
  },
  routes: {
    chat: {
      rules: [
        { models: ["gpt-4o-mini"], backends: [{ backend: "openai" }] },
        { models: ["claude"], backends: [{ backend: "anthropic", model: "claude-haiku-4-5" }] },
        {
          models: ["nova"],
          backends: [{ backend: "bedrock", model: "us.amazon.nova-2-lite-v1:0" }],
        },
        {
          // Our own model server first; when it fails, Bedrock answers.
          models: ["always-on"],
          backends: [
            { backend: "inhouse", model: "llama" },
            { backend: "bedrock", priority: 1, model: "us.amazon.nova-2-lite-v1:0" },
          ],
        },
      ],
      costs: [{ metadataKey: "llm_output_token", type: "OutputToken" }],
    },
  },
  controlPlane: { image: config.require("image") },
});

export const endpoint = gateway.endpoint;
export const models = gateway.models;
