import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { stringify } from "yaml";
import type { KubeClient, KubeObject } from "../kube/client.ts";

export const ENVOY_GATEWAY_NAMESPACE = "envoy-gateway-system";
export const ENVOY_GATEWAY_IMAGE = "docker.io/envoyproxy/gateway:v1.9.0";
const NAME = "envoy-gateway";
const LABELS = { "control-plane": NAME };
const PORTS = { grpc: 18000, ratelimit: 18001, wasm: 18002, metrics: 19001 };

/** Envoy Gateway about as its chart deploys it. */
export async function deployEnvoyGateway(
  client: KubeClient,
  config: object,
  binary: string,
  kubeconfig: string,
): Promise<void> {
  await client.apply({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: ENVOY_GATEWAY_NAMESPACE },
  });
  const certificates = promisify(execFile)(binary, ["certgen", "--disable-topology-injector"], {
    env: { ...process.env, KUBECONFIG: kubeconfig, ENVOY_GATEWAY_NAMESPACE },
  });
  await Promise.all([certificates, ...manifests(config).map((object) => client.apply(object))]);
}

const meta = (name: string) => ({ name, namespace: ENVOY_GATEWAY_NAMESPACE });

const configMap = (config: object): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: meta("envoy-gateway-config"),
  data: { "envoy-gateway.yaml": stringify(config) },
});

const manifests = (config: object): KubeObject[] => [
  configMap(config),
  { apiVersion: "v1", kind: "ServiceAccount", metadata: meta(NAME) },
  {
    // Its chart's roles are not what is under test here.
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: NAME },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ kind: "ServiceAccount", ...meta(NAME) }],
  },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: meta(NAME),
    spec: {
      selector: LABELS,
      ports: Object.entries(PORTS).map(([name, port]) => ({ name, port })),
    },
  },
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: meta(NAME),
    spec: {
      selector: { matchLabels: LABELS },
      template: { metadata: { labels: LABELS }, spec: podSpec() },
    },
  },
];

const probe = (path: string, periodSeconds: number) => ({
  httpGet: { path, port: 8081 },
  periodSeconds,
});

const podSpec = () => ({
  serviceAccountName: NAME,
  terminationGracePeriodSeconds: 10,
  containers: [
    {
      name: NAME,
      image: ENVOY_GATEWAY_IMAGE,
      args: ["server", "--config-path=/config/envoy-gateway.yaml"],
      env: [
        {
          name: "ENVOY_GATEWAY_NAMESPACE",
          valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } },
        },
        { name: "KUBERNETES_CLUSTER_DOMAIN", value: "cluster.local" },
        { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
      ],
      startupProbe: { ...probe("/healthz", 1), failureThreshold: 60 },
      readinessProbe: probe("/readyz", 10),
      livenessProbe: probe("/healthz", 20),
      volumeMounts: [
        { name: "config", mountPath: "/config" },
        { name: "certs", mountPath: "/certs" },
      ],
    },
  ],
  volumes: [
    { name: "config", configMap: { name: "envoy-gateway-config" } },
    { name: "certs", secret: { secretName: NAME } },
  ],
});
