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
  uid?: string | undefined;
  resourceVersion?: string | undefined;
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
  /** Always there in a cluster, where the API server fills it in. */
  allowedRoutes?: { namespaces?: { from?: string | undefined } | undefined } | undefined;
}

/** gateway.envoyproxy.io/v1alpha1 Backend. */
export interface Backend extends Base<"Backend"> {
  spec: {
    /** `Endpoints` where left out; a `DynamicResolver` has no endpoints. */
    type?: string | undefined;
    endpoints?:
      | {
          fqdn?: { hostname: string; port: number } | undefined;
          ip?: { address: string; port: number } | undefined;
          unix?: { path: string } | undefined;
          hostname?: string | undefined;
        }[]
      | undefined;
    appProtocols?: string[] | undefined;
  };
}

/** core/v1 Service. */
export interface Service extends Base<"Service"> {
  spec: {
    type?: string | undefined;
    ports?:
      | { name?: string | undefined; port: number; appProtocol?: string | undefined }[]
      | undefined;
  };
}

/** inference.networking.k8s.io/v1 InferencePool. */
export interface InferencePool extends Base<"InferencePool"> {
  spec: {
    selector: { matchLabels: Record<string, string> };
    targetPorts: { number: number }[];
    endpointPickerRef?:
      | {
          group?: string | undefined;
          kind?: string | undefined;
          name: string;
          port?: { number: number } | undefined;
          /** `FailOpen` or `FailClose`. */
          failureMode?: string | undefined;
        }
      | undefined;
  };
}

export interface TargetRef {
  group?: string | undefined;
  kind: string;
  name: string;
  namespace?: string | undefined;
  sectionName?: string | undefined;
}

/** Targets by their labels, in the policy's namespace. */
export interface TargetSelector {
  group?: string | undefined;
  kind: string;
  matchLabels?: Record<string, string> | undefined;
  matchExpressions?: { key: string; operator: string; values?: string[] | undefined }[] | undefined;
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
    targetSelectors?: TargetSelector[] | undefined;
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
