import * as pulumi from "@pulumi/pulumi";
import { AiGateway, ollama, openai, vllm } from "envoy-ai-gateway";

const config = new pulumi.Config();

const gateway = new AiGateway("models", {
  backends: {
    vllm: vllm({ host: "vllm.models.svc.cluster.local" }),
    ollama: ollama({ host: "ollama.models.svc.cluster.local" }),
    openai: openai({ apiKey: config.requireSecret("openaiKey") }),
  },
  routes: {
    chat: {
      rules: [
        {
          models: ["llama"],
          backends: [
            { backend: "vllm", model: "meta-llama/Llama-3.3-70B-Instruct" },
            { backend: "openai", model: "gpt-4o-mini", priority: 1 },
          ],
        },
        { models: ["qwen3"], backends: [{ backend: "ollama" }] },
        // An InferencePool: its endpoint picker chooses the server by load and cache.
        { models: ["pooled"], inferencePool: { name: "llama-pool" } },
      ],
    },
  },
  controlPlane: { image: config.require("image") },
});

export const endpoint = gateway.endpoint;
