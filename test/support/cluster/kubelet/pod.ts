import type { KubeObject } from "../../kube/client.ts";

/** As much of a Pod as the kubelet for processes reads. */
export interface Pod extends KubeObject {
  metadata: KubeObject["metadata"] & {
    namespace: string;
    uid: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    deletionTimestamp?: string;
    deletionGracePeriodSeconds?: number;
  };
  spec: PodSpec;
  status?: { phase?: string };
}

export interface PodSpec {
  nodeName?: string;
  serviceAccountName?: string;
  automountServiceAccountToken?: boolean;
  restartPolicy?: "Always" | "OnFailure" | "Never";
  terminationGracePeriodSeconds?: number;
  initContainers?: Container[];
  containers: Container[];
  volumes?: Volume[];
}

export interface Container {
  name: string;
  image: string;
  command?: string[];
  args?: string[];
  restartPolicy?: "Always";
  env?: EnvVar[];
  envFrom?: {
    prefix?: string;
    secretRef?: { name: string; optional?: boolean };
    configMapRef?: { name: string; optional?: boolean };
  }[];
  ports?: { name?: string; containerPort: number }[];
  resources?: { limits?: Record<string, string>; requests?: Record<string, string> };
  volumeMounts?: { name: string; mountPath: string; subPath?: string }[];
  startupProbe?: Probe;
  readinessProbe?: Probe;
  livenessProbe?: Probe;
  lifecycle?: { preStop?: Action & { sleep?: { seconds: number } } };
}

export interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: {
    fieldRef?: { fieldPath: string };
    resourceFieldRef?: { resource: string };
    secretKeyRef?: KeyRef;
    configMapKeyRef?: KeyRef;
  };
}

interface KeyRef {
  name: string;
  key: string;
  optional?: boolean;
}

export type Port = number | string;

export interface Action {
  httpGet?: {
    path?: string;
    port: Port;
    host?: string;
    scheme?: string;
    httpHeaders?: { name: string; value: string }[];
  };
  tcpSocket?: { port: Port; host?: string };
  exec?: { command: string[] };
  grpc?: { port: number; service?: string };
}

export interface Probe extends Action {
  initialDelaySeconds?: number;
  periodSeconds?: number;
  timeoutSeconds?: number;
  successThreshold?: number;
  failureThreshold?: number;
}

interface Items {
  items?: { key: string; path: string }[];
  optional?: boolean;
}

export interface Volume {
  name: string;
  emptyDir?: object;
  secret?: Items & { secretName: string };
  configMap?: Items & { name: string };
  downwardAPI?: DownwardItems;
  projected?: {
    sources: {
      secret?: Items & { name: string };
      configMap?: Items & { name: string };
      downwardAPI?: DownwardItems;
      serviceAccountToken?: { path: string; audience?: string; expirationSeconds?: number };
    }[];
  };
}

interface DownwardItems {
  items?: { path: string; fieldRef?: { fieldPath: string } }[];
}

export const isSidecar = ({ restartPolicy }: Container): boolean => restartPolicy === "Always";
