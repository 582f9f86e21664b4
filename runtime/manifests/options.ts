import { SYSTEM_NAMESPACE } from "./names.ts";

/** What is told of the runtime in a cluster; each field has a default but the image. */
export interface RuntimeOptions {
  /** The image of controller and ext_proc; pin it by digest. */
  image: string;
  imagePullSecrets?: readonly string[];
  namespace?: string;
  /** False: the namespace is there already. */
  createNamespace?: boolean;
  /** Labels of every object, besides those by which objects are selected. */
  labels?: Readonly<Record<string, string>>;
  controller?: WorkloadOptions;
  extProc?: ExtProcOptions;
  /**
   * Whether a Gateway whose GatewayConfig has settings of ext_proc gets one of its own, in its namespace;
   * true where left out. The controller needs the right to write Deployments everywhere for it.
   */
  gatewayExtProc?: boolean;
  /**
   * Whether the controller obtains and renews the tokens of policies whose credential does not last, and
   * may write Secrets for it. True where left out; without, something else writes `ai-eg-bsp-<policy>`.
   */
  obtainsTokens?: boolean;
  /**
   * The only namespaces whose Secrets and ConfigMaps the controller may read, each with a Role; all where
   * left out. What refers to others is not served, and says so.
   */
  secretNamespaces?: readonly string[];
  /** Whether traffic to the Pods is narrowed to the ports and peers that need it. */
  networkPolicies?: boolean;
  /** Namespace of Envoy Gateway and its Envoys. */
  envoyGatewayNamespace?: string;
}

export interface WorkloadOptions {
  /** 2 where left out. */
  replicas?: number;
  resources?: Resources;
  logLevel?: "error" | "warn" | "info" | "debug";
}

export interface ExtProcOptions extends WorkloadOptions {
  /** With it, Pods follow their CPU load, between `replicas` and this. */
  maxReplicas?: number;
  /** Processes in each Pod; give each a core. 1 where left out. */
  workers?: number;
  /** Seconds for which a Pod that is to end waits for its streams: the longest answer. */
  drainSeconds?: number;
}

/** All that ext_proc's manifests depend on, but for image and namespace. */
export type ExtProcSettings = Pick<RuntimeOptions, "imagePullSecrets" | "labels" | "extProc">;

export type ExtProcTemplate = ExtProcSettings & Pick<RuntimeOptions, "image">;

/** Quantities as Kubernetes writes them. */
export interface Resources {
  cpu: string;
  memory: string;
}

/** An object of Kubernetes as it is applied. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  [field: string]: unknown;
}

export const namespaceOf = ({ namespace }: Pick<RuntimeOptions, "namespace">): string =>
  namespace ?? SYSTEM_NAMESPACE;

/** Labels by which a workload's Pods are selected; they may never change. */
export const selectorOf = (name: string): Record<string, string> => ({
  "app.kubernetes.io/name": name,
  "app.kubernetes.io/part-of": "envoy-ai-gateway",
});

export const metadataOf = (
  name: string,
  options: Pick<RuntimeOptions, "namespace" | "labels">,
): Manifest["metadata"] => ({
  name,
  namespace: namespaceOf(options),
  labels: { ...options.labels, ...selectorOf(name) },
});
