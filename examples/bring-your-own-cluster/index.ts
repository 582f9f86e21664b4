import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  ControlPlane,
  EnvoyGateway,
  Gateway,
  LlmBackend,
  LlmRoute,
  openai,
} from "envoy-ai-gateway";

const config = new pulumi.Config();

// The cluster belongs to another stack: `platform/dev` exports its kubeconfig.
const platform = new pulumi.StackReference(config.require("platformStack"));
const provider = new k8s.Provider("cluster", {
  kubeconfig: platform.requireOutput("kubeconfig").apply(String),
});
const options = { provider };

const controlPlane = new ControlPlane("ai", { image: config.require("image") }, options);

// Nothing is installed: the output tells which configuration the cluster's Envoy Gateway must have.
const envoyGateway = new EnvoyGateway("eg", { install: false }, options);
export const envoyGatewayValues = envoyGateway.values;

const namespace = "inference";
const gateway = new Gateway(
  "ai",
  { namespace, className: "eg", expose: "LoadBalancer" },
  { ...options, dependsOn: controlPlane },
);
const backend = new LlmBackend(
  "openai",
  { namespace, ...openai({ secretName: "openai-key" }) },
  { ...options, dependsOn: gateway },
);
const route = new LlmRoute(
  "chat",
  {
    namespace,
    gateway: gateway.gatewayName,
    rules: [{ models: ["gpt-4o-mini"], backends: [{ backend: "openai" }] }],
  },
  { ...options, dependsOn: backend },
);

export const models = route.models;
