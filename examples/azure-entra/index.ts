import * as pulumi from "@pulumi/pulumi";
import { AiGateway, azureOpenai } from "envoy-ai-gateway";

const config = new pulumi.Config();

const gateway = new AiGateway("azure", {
  backends: {
    azure: azureOpenai({
      resource: config.require("resource"),
      version: "2025-01-01-preview",
      entra: {
        tenantId: config.require("tenantId"),
        clientId: config.require("clientId"),
        clientSecret: config.requireSecret("clientSecret"),
      },
    }),
  },
  routes: { chat: { rules: [{ models: ["gpt-4o"], backends: [{ backend: "azure" }] }] } },
  controlPlane: { image: config.require("image") },
});

export const endpoint = gateway.endpoint;
