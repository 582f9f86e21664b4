import * as pulumi from "@pulumi/pulumi";
import { AiGateway, vertexAi, vertexAnthropic } from "envoy-ai-gateway";

const config = new pulumi.Config();

const place = {
  project: config.require("project"),
  region: config.get("region") ?? "europe-west4",
};
const workloadIdentity = {
  projectNumber: config.require("projectNumber"),
  pool: config.require("pool"),
  provider: config.require("provider"),
  oidc: {
    issuer: config.require("issuer"),
    clientId: config.require("clientId"),
    clientSecret: config.requireSecret("clientSecret"),
  },
  serviceAccount: config.require("serviceAccount"),
};

const gateway = new AiGateway("vertex", {
  backends: {
    gemini: vertexAi({ ...place, workloadIdentity }),
    claude: vertexAnthropic({ ...place, workloadIdentity }),
  },
  routes: {
    chat: {
      rules: [
        { modelPattern: "gemini-.*", backends: [{ backend: "gemini" }] },
        { modelPattern: "claude-.*", backends: [{ backend: "claude" }] },
      ],
    },
  },
  controlPlane: { image: config.require("image") },
});

export const endpoint = gateway.endpoint;
