import { ADMIN_PORT } from "./names.ts";
import { type Resources, type RuntimeOptions, selectorOf } from "./options.ts";

/** The image's user, of distroless: nobody in particular. */
const USER = 65_532;

/** Paths of the image; its entrypoint is Node. */
export const CONTROLLER_SCRIPT = "controller.mjs";
export const EXT_PROC_SCRIPT = "ext-proc.mjs";

export const podSecurity = {
  runAsNonRoot: true,
  runAsUser: USER,
  runAsGroup: USER,
  fsGroup: USER,
  seccompProfile: { type: "RuntimeDefault" },
};

export const containerSecurity = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ["ALL"] },
};

/** Programs listen on their Pod's own address, and say so in their arguments. */
export const podEnvironment = [
  { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
  { name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
  { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
];

/** Memory is bounded at what is asked for; CPU is not, since a throttled proxy is a slow one. */
export const resourcesOf = ({ cpu, memory }: Resources) => ({
  requests: { cpu, memory },
  limits: { memory },
});

export const probes = {
  startupProbe: {
    httpGet: { path: "/health", port: "admin" },
    periodSeconds: 1,
    failureThreshold: 60,
  },
  livenessProbe: {
    httpGet: { path: "/health", port: "admin" },
    periodSeconds: 10,
    timeoutSeconds: 5,
    failureThreshold: 6,
  },
  readinessProbe: {
    httpGet: { path: "/ready", port: "admin" },
    periodSeconds: 2,
    timeoutSeconds: 2,
  },
};

export const adminPort = { name: "admin", containerPort: ADMIN_PORT };

/** One machine or zone that goes takes as few Pods along as can be. */
export const spreadOf = (name: string) =>
  ["kubernetes.io/hostname", "topology.kubernetes.io/zone"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: selectorOf(name) },
  }));

export const pullSecretsOf = ({
  imagePullSecrets = [],
}: Pick<RuntimeOptions, "imagePullSecrets">) =>
  imagePullSecrets.length === 0
    ? {}
    : { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) };
