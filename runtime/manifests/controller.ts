import {
  ACCOUNTING_PORT,
  ADMIN_PORT,
  CONTROLLER,
  EXT_PROC,
  EXT_PROC_PORT,
  EXTENSION_PORT,
  serviceHost,
} from "./names.ts";
import {
  type ExtProcSettings,
  type Manifest,
  metadataOf,
  namespaceOf,
  type RuntimeOptions,
  selectorOf,
} from "./options.ts";
import {
  adminPort,
  CONTROLLER_SCRIPT,
  containerSecurity,
  podEnvironment,
  podSecurity,
  probes,
  pullSecretsOf,
  resourcesOf,
  spreadOf,
} from "./pod.ts";

const DEFAULT_RESOURCES = { cpu: "100m", memory: "512Mi" };

/** Every replica serves Envoy Gateway; one of them writes. */
export function controllerManifests(options: RuntimeOptions): Manifest[] {
  const { replicas = 2 } = options.controller ?? {};
  const metadata = metadataOf(CONTROLLER, options);
  const matchLabels = selectorOf(CONTROLLER);
  return [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        replicas,
        selector: { matchLabels },
        // Envoy Gateway freezes while nobody answers its hooks.
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: { metadata: { labels: metadata.labels }, spec: podSpec(options) },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: {
        selector: matchLabels,
        ports: [
          { name: "extension", port: EXTENSION_PORT, targetPort: "extension" },
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
  ];
}

function podSpec(options: RuntimeOptions) {
  const { resources = DEFAULT_RESOURCES, logLevel = "info" } = options.controller ?? {};
  return {
    serviceAccountName: CONTROLLER,
    ...pullSecretsOf(options),
    securityContext: podSecurity,
    topologySpreadConstraints: spreadOf(CONTROLLER),
    terminationGracePeriodSeconds: 30,
    containers: [
      {
        name: "controller",
        image: options.image,
        args: [
          CONTROLLER_SCRIPT,
          "--extension-host=$(POD_IP)",
          `--extension-port=${EXTENSION_PORT}`,
          "--admin-host=$(POD_IP)",
          `--admin-port=${ADMIN_PORT}`,
          `--ext-proc-host=${serviceHost(EXT_PROC, namespaceOf(options))}`,
          `--ext-proc-port=${EXT_PROC_PORT}`,
          `--accounting-port=${ACCOUNTING_PORT}`,
          `--log-level=${logLevel}`,
          ...gatewayExtProcArgument(options),
        ],
        // An image may be known later than the text around it, so that it has a variable to itself.
        env: [...podEnvironment, { name: "EXT_PROC_IMAGE", value: options.image }],
        ports: [{ name: "extension", containerPort: EXTENSION_PORT }, adminPort],
        ...probes,
        // Envoy Gateway waits for whom it has asked: one that hangs is to go soon.
        livenessProbe: { ...probes.livenessProbe, periodSeconds: 5, failureThreshold: 4 },
        // Envoy Gateway still calls a Pod for a moment after it is taken out of the Service.
        lifecycle: { preStop: { sleep: { seconds: 3 } } },
        resources: resourcesOf(resources),
        securityContext: containerSecurity,
      },
    ],
  };
}

/** What the ext_proc of a Gateway's own is made from. */
function gatewayExtProcArgument({
  gatewayExtProc = true,
  imagePullSecrets,
  labels,
  extProc,
}: RuntimeOptions): string[] {
  const settings: ExtProcSettings = {
    ...(imagePullSecrets === undefined ? {} : { imagePullSecrets }),
    ...(labels === undefined ? {} : { labels }),
    ...(extProc === undefined ? {} : { extProc }),
  };
  return gatewayExtProc ? [`--gateway-ext-proc=${JSON.stringify(settings)}`] : [];
}
