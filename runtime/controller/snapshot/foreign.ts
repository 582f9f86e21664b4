/**
 * What the compiler reads of other projects' resources (Gateway API 1.5, Envoy Gateway 1.8+, core).
 * Fields that are not read are not listed; loaders report those that a user may expect to work.
 */
export interface ObjectMeta {
  name: string;
  namespace?: string | undefined;
  labels?: Record<string, string> | undefined;
  annotations?: Record<string, string> | undefined;
  creationTimestamp?: string | undefined;
  generation?: number | undefined;
}

interface Base<K extends string> {
  apiVersion: string;
  kind: K;
  metadata: ObjectMeta;
}

export interface Gateway extends Base<"Gateway"> {
  spec: {
    gatewayClassName: string;
    listeners: GatewayListener[];
  };
}

export interface GatewayListener {
  name: string;
  port: number;
  protocol: string;
  hostname?: string | undefined;
}

/** gateway.envoyproxy.io/v1alpha1 Backend. */
export interface Backend extends Base<"Backend"> {
  spec: {
    endpoints: {
      fqdn?: { hostname: string; port: number } | undefined;
      ip?: { address: string; port: number } | undefined;
      hostname?: string | undefined;
    }[];
    appProtocols?: string[] | undefined;
  };
}

export interface TargetRef {
  group?: string | undefined;
  kind: string;
  name: string;
  namespace?: string | undefined;
  sectionName?: string | undefined;
}

export interface BackendTLSPolicy extends Base<"BackendTLSPolicy"> {
  spec: {
    targetRefs: TargetRef[];
    validation: {
      hostname: string;
      wellKnownCACertificates?: string | undefined;
      caCertificateRefs?: { group?: string | undefined; kind: string; name: string }[] | undefined;
    };
  };
}

/** gateway.envoyproxy.io/v1alpha1 BackendTrafficPolicy. */
export interface BackendTrafficPolicy extends Base<"BackendTrafficPolicy"> {
  spec: {
    targetRefs?: TargetRef[] | undefined;
    targetRef?: TargetRef | undefined;
    retry?: RetryPolicy | undefined;
    timeout?:
      | {
          tcp?: { connectTimeout?: string | undefined } | undefined;
          http?: { requestTimeout?: string | undefined } | undefined;
        }
      | undefined;
  };
}

export interface RetryPolicy {
  numRetries?: number | undefined;
  numAttemptsPerPriority?: number | undefined;
  retryOn?: { triggers?: string[] | undefined; httpStatusCodes?: number[] | undefined } | undefined;
  perRetry?:
    | {
        timeout?: string | undefined;
        backOff?:
          | { baseInterval?: string | undefined; maxInterval?: string | undefined }
          | undefined;
      }
    | undefined;
}

export interface Secret extends Base<"Secret"> {
  /** Values in base64. */
  data?: Record<string, string> | undefined;
  stringData?: Record<string, string> | undefined;
}

export interface ConfigMap extends Base<"ConfigMap"> {
  data?: Record<string, string> | undefined;
}

export interface ReferenceGrant extends Base<"ReferenceGrant"> {
  spec: {
    from: { group: string; kind: string; namespace: string }[];
    to: { group: string; kind: string; name?: string | undefined }[];
  };
}
