/** Configuration of Envoy Gateway for a cluster of processes; fields given win. */
export const envoyGatewayConfig = (fields: Record<string, unknown> = {}) => ({
  apiVersion: "gateway.envoyproxy.io/v1alpha1",
  kind: "EnvoyGateway",
  gateway: { controllerName: "gateway.envoyproxy.io/gatewayclass-controller" },
  provider: {
    type: "Kubernetes",
    kubernetes: {
      // One Pod at a time: a new one need not wait until the old one's lease is over.
      leaderElection: { disable: true },
      proxyTopologyInjector: { disabled: true },
      shutdownManager: { image: "docker.io/envoyproxy/gateway:v1.9.0" },
    },
  },
  logging: { level: { default: "info" } },
  extensionApis: { enableBackend: true, enableEnvoyPatchPolicy: true },
  ...fields,
});
