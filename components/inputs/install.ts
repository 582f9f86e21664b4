/** What is installed once for a cluster: Envoy Gateway, the controller, the external processor. */
import { z } from "zod";
import { int32, text } from "../../runtime/api/schema/fields.ts";
import { named } from "../../runtime/api/schema/names.ts";
import { ENVOY_GATEWAY_NAMESPACE, SYSTEM_NAMESPACE } from "../../runtime/manifests/names.ts";
import { anything, choice, objectName, plain, quantityText } from "./fields.ts";

const namespace = (what: string, fallback: string) =>
  plain(objectName(`Namespace of ${what}.`)).default(fallback);

export const ENVOY_GATEWAY_VERSION = "1.9.0";

export const envoyGatewayShape = {
  install: plain(z.boolean())
    .default(true)
    .describe(
      "Whether Envoy Gateway is installed with its chart. False where the cluster has it: then its configuration must have the values of the output `values`.",
    ),
  namespace: namespace("Envoy Gateway", ENVOY_GATEWAY_NAMESPACE),
  createNamespace: plain(z.boolean())
    .default(true)
    .describe(
      "Whether the namespace is created where Envoy Gateway is installed, and goes with it.",
    ),
  version: plain(
    text().regex(/^v?\d+\.\d+\.\d+(-[\w.]+)?$/, { error: "must be a version, as 1.9.0" }),
  )
    .default(ENVOY_GATEWAY_VERSION)
    .describe("Version of the chart."),
  chart: text({ min: 1 })
    .default("oci://docker.io/envoyproxy/gateway-helm")
    .describe("The chart, for a mirror of your own."),
  redis: text({ min: 1 })
    .regex(/^[^\s/]+:\d+$/, { error: "must be host:port, as redis.example.com:6379" })
    .describe("Redis, as `host:port`, in which limits are counted. Limits need it.")
    .optional(),
  values: anything(
    "Further values of the chart; they go before those of this component.",
  ).optional(),
};

export const envoyGatewaySettings = named(
  "EnvoyGatewaySettings",
  z.object(envoyGatewayShape).describe("Envoy Gateway, which runs the Envoys."),
);

const imageShape = {
  image: text({ min: 1 })
    .regex(/^\S+$/, { error: "must be an image reference" })
    .describe(
      "Image of the controller and the external processor; pin it by digest. Where left out, the one that this version was published with. With `build`, the name under which it is pushed.",
    )
    .optional(),
  build: plain(z.boolean())
    .default(false)
    .describe(
      "Whether the image is built from this package's sources, with Docker's buildx, and pushed. Pods then run what was built, by its digest.",
    ),
  imagePullSecret: plain(text({ min: 1, max: 253 }))
    .describe("Existing Secret of the namespace with which the image is pulled.")
    .optional(),
};

export const extProcShape = {
  namespace: namespace("the external processor", SYSTEM_NAMESPACE),
  ...imageShape,
  replicas: plain(int32({ min: 1, max: 1000 }))
    .default(2)
    .describe("Pods, at least; fewer than two leave requests without it during updates."),
  maxReplicas: plain(int32({ min: 1, max: 1000 }))
    .describe("Pods, at most; with it, they follow the CPU load.")
    .optional(),
  cpu: plain(quantityText("CPU that each pod asks for.")).default("500m"),
  memory: plain(quantityText("Memory that each pod asks for and may have.")).default("512Mi"),
  workers: plain(int32({ min: 1, max: 64 }))
    .describe("Processes in each pod, 1 where left out; give each a core.")
    .optional(),
  drainSeconds: plain(int32({ min: 0, max: 86_400 }))
    .describe("Seconds for which a pod that is to end waits for its streams, 600 where left out.")
    .optional(),
  logLevel: choice("LogLevel", ["error", "warn", "info", "debug"])
    .default("info")
    .describe("What it logs."),
};

const {
  namespace: _,
  image: __,
  build: ____,
  imagePullSecret: ___,
  ...extProcTuning
} = extProcShape;

export const extProcSettings = named(
  "ExtProcSettings",
  z.object(extProcTuning).describe("The external processor, which translates between APIs."),
);

export const controlPlaneShape = {
  install: plain(z.boolean())
    .default(true)
    .describe("Whether it is installed; false where another stack has done so in this cluster."),
  namespace: namespace("controller and external processor", SYSTEM_NAMESPACE),
  createNamespace: plain(z.boolean()).default(true).describe("Whether the namespace is created."),
  crds: plain(z.boolean())
    .default(true)
    .describe("Whether the definitions of our kinds are installed."),
  retainCrds: plain(z.boolean())
    .default(true)
    .describe(
      "Whether the definitions, and with them every object of our kinds, outlive this stack.",
    ),
  ...imageShape,
  replicas: plain(int32({ min: 1, max: 10 }))
    .default(2)
    .describe("Pods of the controller: one leads, all serve Envoy Gateway."),
  cpu: plain(quantityText("CPU that each pod of the controller asks for.")).default("100m"),
  memory: plain(
    quantityText("Memory that each pod of the controller asks for and may have."),
  ).default("256Mi"),
  logLevel: choice("LogLevel", ["error", "warn", "info", "debug"])
    .default("info")
    .describe("What it logs."),
  networkPolicies: plain(z.boolean())
    .default(true)
    .describe("Whether traffic to the pods is narrowed to the ports and peers that need it."),
  secretNamespaces: plain(z.array(objectName("Namespace.")))
    .describe(
      "The only namespaces whose Secrets and ConfigMaps the controller may read; all where left out. The gateways' own must be among them.",
    )
    .optional(),
  obtainsTokens: plain(z.boolean())
    .default(true)
    .describe(
      "Whether the controller obtains and renews tokens of cloud identities, and may write Secrets for it.",
    ),
  gatewayExtProc: plain(z.boolean())
    .default(true)
    .describe(
      "Whether gateways may have an external processor of their own, and the controller may write Deployments for it.",
    ),
  labels: z
    .record(z.string(), z.string())
    .describe("Labels of all objects of controller and external processor.")
    .optional(),
};

export const controlPlaneSettings = named(
  "ControlPlaneSettings",
  z
    .object({ ...controlPlaneShape, extProc: extProcSettings.optional() })
    .describe("The controller and the external processor."),
);
