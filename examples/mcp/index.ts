import * as pulumi from "@pulumi/pulumi";
import { AiGateway, openai } from "envoy-ai-gateway";

const config = new pulumi.Config();

const gateway = new AiGateway("tools", {
  backends: { openai: openai({ apiKey: config.requireSecret("openaiKey") }) },
  routes: { chat: { rules: [{ models: ["gpt-4o"], backends: [{ backend: "openai" }] }] } },
  mcpRoutes: {
    tools: {
      path: "/mcp",
      servers: {
        github: {
          host: "api.githubcopilot.com",
          path: "/mcp/readonly",
          tools: { includeRegex: [".*pull_requests?.*", ".*issues?.*"] },
          apiKey: { value: config.requireSecret("githubToken") },
        },
        kiwi: { host: "mcp.kiwi.com", path: "/" },
      },
      security: {
        oauth: {
          issuer: config.require("issuer"),
          audiences: ["https://ai.example.com/mcp"],
          protectedResourceMetadata: { resource: "https://ai.example.com/mcp" },
        },
        authorization: {
          defaultAction: "Deny",
          rules: [
            {
              source: { jwt: { scopes: ["tools:read"] } },
              target: { tools: [{ backend: "tools-tools-kiwi", tool: "search-flight" }] },
            },
          ],
        },
      },
    },
  },
  controlPlane: { image: config.require("image") },
});

export const endpoint = pulumi.interpolate`${gateway.endpoint}/mcp`;
