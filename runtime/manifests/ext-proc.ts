import { ACCOUNTING_PORT, ADMIN_PORT, EXT_PROC, EXT_PROC_PORT } from "./names.ts";
import {
  type ExtProcOptions,
  type ExtProcTemplate,
  type Manifest,
  metadataOf,
  type RuntimeOptions,
  selectorOf,
} from "./options.ts";
import {
  adminPort,
  containerSecurity,
  EXT_PROC_SCRIPT,
  podEnvironment,
  podSecurity,
  probes,
  pullSecretsOf,
  resourcesOf,
  spreadOf,
} from "./pod.ts";

export const DEFAULT_EXT_PROC_RESOURCES = { cpu: "500m", memory: "512Mi" };
/** The longest answer that a rollout waits for. */
export const DEFAULT_DRAIN_SECONDS = 600;
/** Until every Envoy has seen that a Pod is gone from the headless Service. */
const LEAVE_SECONDS = 5;
/** For what comes after the last stream. */
const MARGIN_SECONDS = 10;
/** Load at which Pods are added: streams stay where they are, so there has to be room. */
const CPU_TARGET_PERCENT = 60;

/** ext_proc, with the accounting server beside it. It reads nothing of the cluster. */
export function extProcManifests(
  options: ExtProcTemplate & Pick<RuntimeOptions, "namespace">,
): Manifest[] {
  const { replicas = 2, maxReplicas } = options.extProc ?? {};
  const metadata = metadataOf(EXT_PROC, options);
  const matchLabels = selectorOf(EXT_PROC);
  const scaled = maxReplicas !== undefined && maxReplicas > replicas;
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata, automountServiceAccountToken: false },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        // Left to the autoscaler where there is one.
        ...(scaled ? {} : { replicas }),
        selector: { matchLabels },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: { metadata: { labels: metadata.labels }, spec: podSpec(options) },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: {
        // Headless: each Envoy knows every Pod, and spreads its streams over them.
        clusterIP: "None",
        selector: matchLabels,
        ports: [
          {
            name: "grpc",
            port: EXT_PROC_PORT,
            targetPort: "grpc",
            appProtocol: "kubernetes.io/h2c",
          },
          {
            name: "accounting",
            port: ACCOUNTING_PORT,
            targetPort: "accounting",
            appProtocol: "kubernetes.io/h2c",
          },
          { name: "admin", port: ADMIN_PORT, targetPort: "admin" },
        ],
      },
    },
    {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata,
      spec: { maxUnavailable: 1, selector: { matchLabels } },
    },
    ...(scaled ? [autoscaler(metadata, replicas, maxReplicas)] : []),
  ];
}

const autoscaler = (
  metadata: Manifest["metadata"],
  minReplicas: number,
  maxReplicas: number,
): Manifest => ({
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata,
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: EXT_PROC },
    minReplicas,
    maxReplicas,
    metrics: [
      {
        type: "Resource",
        resource: {
          name: "cpu",
          target: { type: "Utilization", averageUtilization: CPU_TARGET_PERCENT },
        },
      },
    ],
    // Removing a Pod waits for its streams: not for a dip.
    behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
  },
});

function podSpec(options: ExtProcTemplate) {
  const { resources = DEFAULT_EXT_PROC_RESOURCES, ...rest } = options.extProc ?? {};
  const { drainSeconds = DEFAULT_DRAIN_SECONDS } = rest;
  return {
    serviceAccountName: EXT_PROC,
    automountServiceAccountToken: false,
    ...pullSecretsOf(options),
    securityContext: podSecurity,
    topologySpreadConstraints: spreadOf(EXT_PROC),
    terminationGracePeriodSeconds: LEAVE_SECONDS + drainSeconds + MARGIN_SECONDS,
    containers: [
      {
        name: "ext-proc",
        image: options.image,
        args: extProcArguments(
          [
            `--listen=tcp://$(POD_IP):${EXT_PROC_PORT}`,
            `--accounting=tcp://$(POD_IP):${ACCOUNTING_PORT}`,
          ],
          rest,
        ),
        env: podEnvironment,
        ports: [
          { name: "grpc", containerPort: EXT_PROC_PORT },
          { name: "accounting", containerPort: ACCOUNTING_PORT },
          adminPort,
        ],
        ...probes,
        lifecycle: { preStop: { sleep: { seconds: LEAVE_SECONDS } } },
        resources: resourcesOf(resources),
        securityContext: containerSecurity,
      },
    ],
  };
}

/** Arguments of the image as ext_proc; `listening` says where. */
export const extProcArguments = (
  listening: readonly string[],
  { workers = 1, drainSeconds = DEFAULT_DRAIN_SECONDS, logLevel = "info" }: ExtProcOptions,
): string[] => [
  EXT_PROC_SCRIPT,
  ...listening,
  "--admin-host=$(POD_IP)",
  `--admin-port=${ADMIN_PORT}`,
  `--workers=${workers}`,
  `--drain-timeout=${drainSeconds}`,
  `--log-level=${logLevel}`,
];
