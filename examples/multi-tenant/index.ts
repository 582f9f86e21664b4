import * as pulumi from "@pulumi/pulumi";
import { AiGateway, openai } from "envoy-ai-gateway";

const config = new pulumi.Config();

/** Tenants and the tokens that each may use in a day. */
const tenants = { red: 1_000_000, blue: 200_000 } as const;
type Tenant = keyof typeof tenants;
const names = Object.keys(tenants) as Tenant[];

const gateway = new AiGateway("shared", {
  backends: {
    red: openai({ apiKey: config.requireSecret("redKey") }),
    blue: openai({ apiKey: config.requireSecret("blueKey") }),
  },
  routes: Object.fromEntries(
    names.map((tenant) => [
      tenant,
      {
        hostnames: [`${tenant}.ai.example.com`],
        rules: [{ models: ["gpt-4o-mini"], backends: [{ backend: tenant }] }],
        limits: [{ tokens: tenants[tenant], per: "Day" as const }],
      },
    ]),
  ),
  gateway: {
    expose: "LoadBalancer",
    listeners: [{ hostname: "*.ai.example.com", tlsSecretName: "ai-example-com" }],
  },
  envoyGateway: { redis: config.require("redis") },
  controlPlane: { image: config.require("image") },
});

export const models = gateway.models;
