import * as pulumi from "@pulumi/pulumi";
import { AiGateway, type AiGatewayArgs } from "../../components/index.ts";
import { type Evaluation, evaluate } from "../../components/render/evaluate.ts";

/** Inputs with two providers, failover between them, and a limit. */
export const twoProviders = (): AiGatewayArgs => ({
  backends: {
    openai: {
      schema: "OpenAI",
      host: "api.openai.com",
      apiKey: { value: pulumi.secret("sk-not-for-print") },
    },
    bedrock: {
      schema: "AWSBedrock",
      host: "bedrock-runtime.us-east-1.amazonaws.com",
      aws: { region: "us-east-1", accessKeyId: "AKIAEXAMPLE", secretAccessKey: "not-for-print" },
    },
  },
  routes: {
    chat: {
      rules: [
        {
          models: ["gpt-4o-mini"],
          backends: [
            { backend: "openai" },
            { backend: "bedrock", priority: 1, model: "us.amazon.nova-pro-v1:0" },
          ],
        },
      ],
      limits: [{ tokens: 1000, per: "Hour", perHeader: "x-user-id" }],
    },
  },
  // The definitions take longer than all else; each component's test has them.
  controlPlane: { image: "registry.example.com/envoy-ai-gateway@sha256:0", crds: false },
  envoyGateway: { redis: "redis.example.com:6379" },
});

export const evaluateGateway = (
  args: unknown,
  options?: Parameters<typeof evaluate>[1],
): Promise<Evaluation<AiGateway>> =>
  evaluate(() => new AiGateway("ai", args as AiGatewayArgs), options);
