import type { AIGatewayRoute } from "../../api/index.ts";
import type { Problem } from "./problem.ts";

/**
 * What the data plane has to do, free of both Kubernetes and Envoy. The same plan is turned into a
 * whole Envoy configuration (standalone) or into edits of Envoy Gateway's (controller).
 */
export interface Plan {
  gateways: GatewayPlan[];
  problems: Problem[];
  /**
   * The version of each route that is served, by `namespace/name`: the newest one, or the last good
   * one where the newest is bad in itself.
   */
  routes: ReadonlyMap<string, AIGatewayRoute>;
}

export interface GatewayPlan {
  /** `namespace/name`. */
  name: string;
  listeners: { name: string; port: number; protocol: string; hostname?: string }[];
  /** In the order in which their matches are tried; see `precedence`. */
  rules: RulePlan[];
  /** Credentials to serve as secrets, by secret name. */
  secrets: Map<string, string>;
  /** HTTP proxy through which backends are reached, by CONNECT. */
  forwardProxy?: { host: string; port: number };
  /**
   * Which ext_proc serves the Gateway: the common one, its own, or one beside each of its Envoys.
   * `starting`: the common one, until its own can serve.
   */
  extProc: "common" | "starting" | "own" | "sidecar";
  /**
   * Hash of all that is planned for this Gateway. Secret values are not in it; the resourceVersions
   * of the Secrets that were read are.
   */
  revision: string;
}

export interface RulePlan {
  /** `namespace/route/rule/index`: names clusters and routes, stable while the rule keeps its place. */
  id: string;
  /** `namespace/name` of the AIGatewayRoute. */
  route: string;
  ruleName?: string;
  hostnames: string[];
  /** Alternatives; each is a set of header matches that must all hold. Empty: matches everything. */
  matches: HeaderMatch[][];
  /** Milliseconds; 0 switches the timeout off. */
  requestTimeoutMs: number;
  streamIdleTimeoutMs?: number;
  connectTimeoutMs?: number;
  retry?: RetryPlan;
  backends: BackendPlan[];
  /** By endpoint id; an endpoint that is missing is refused. */
  endpoints: Record<string, EndpointPlan>;
  /** Endpoints that some of the backends alone can serve: their requests go to these. */
  narrowed?: NarrowedPlan[];
  /** Set in a part of a rule (`partsOf`): of which of its backends that is. */
  part?: string;
  /** Models that this rule adds to the model list. */
  models: { id: string; ownedBy: string; createdAt: number }[];
  /** Names of the Gateway's listeners that serve this rule. */
  listeners: string[];
  /** Which ext_proc runs its programs, where that is not the common one. */
  extProc?: "own" | "sidecar";
  /** As `GatewayPlan.revision`, of this rule alone. */
  revision: string;
}

/** Endpoints of a rule which the same of its backends serve, though not all of them do. */
export interface NarrowedPlan {
  endpoints: string[];
  /** `origin.position` of those that serve them. */
  backends: number[];
  retry?: RetryPlan;
}

export interface HeaderMatch {
  name: string;
  value: string;
  type: "Exact" | "RegularExpression";
}

export interface RetryPlan {
  numRetries: number;
  retryOn: string[];
  statusCodes: number[];
  /** Attempts per priority before the next one is tried; absent: priorities are not considered. */
  attemptsPerPriority?: number;
  perTryTimeoutMs?: number;
  baseIntervalMs?: number;
  maxIntervalMs?: number;
}

/**
 * How requests of one endpoint go through one rule.
 * - `native`: Envoy does it all; `edit` is what its Lua filter changes in the request.
 * - `translated`: ext_proc rewrites request and response.
 */
export interface EndpointPlan {
  lane: "native" | "translated";
  /** Why a rule that looks native is not, for `aigw explain`. */
  reason?: string;
  edit?: { model?: string; path?: string };
  /** Streams whose request does not ask for usage go through ext_proc, which adds and hides it. */
  streamUsage?: boolean;
  usage?: UsageProfile;
  /** Cost keys that are charged an estimate until the real number is known. */
  estimate?: string[];
  /** Cost keys that are 0 unless the answer says otherwise. */
  zero?: string[];
}

/** How Envoy's own filters read usage: the same content, the same name. */
export interface UsageProfile {
  name: string;
  json: { selector: readonly string[]; key: string; text?: boolean }[];
  sse: { selector: readonly string[]; key: string; text?: boolean }[];
}

export interface BackendPlan {
  /**
   * Key of everything that is chosen by the host of an attempt. Holds the backend's identity and a
   * hash of its address and credential reference, never a position: clusters and endpoints do not
   * change at the same instant.
   */
  key: string;
  /** AIServiceBackend (or InferencePool) as `namespace/name`. */
  name: string;
  /** Where Envoy Gateway's clusters have it. */
  origin: Origin;
  /** Set for an InferencePool: its endpoint picker chooses the address of each request. */
  pool?: PoolPlan;
  schema: string;
  /** `gen_ai.provider.name`. */
  provider: string;
  modelOverride?: string;
  weight: number;
  priority: number;
  addresses: Address[];
  tls?: TlsPlan;
  http2: boolean;
  /** Encoded program; absent where no endpoint of the rule needs ext_proc. */
  program?: string;
  headers: HeaderEdit;
  credential?: CredentialPlan;
}

/**
 * By what a backend is known in Envoy Gateway's output: the object that the HTTPRoute refers to, and
 * the position of that reference in the rule. An endpoint belongs to the backend only if both agree.
 */
export interface Origin {
  group: string;
  kind: "Backend" | "Service";
  namespace: string;
  name: string;
  /** Of a Service. */
  port?: number;
  /**
   * Index among the `backendRefs` of the AIGatewayRoute's rule and of the HTTPRoute's: references
   * that are not served keep their place there, with weight 0. Envoy Gateway's locality of it has the
   * region `httproute/<namespace>/<name>/rule/<rule>/backend/<position>`.
   */
  position: number;
}

export interface PoolPlan {
  /** Ports of the pool's pods. */
  targetPorts: number[];
  endpointPicker: {
    namespace: string;
    /** Of its Service. */
    name: string;
    port: number;
    tls: boolean;
    /** Without it requests go to any pod of the pool, else they fail. */
    failOpen: boolean;
  };
}

/**
 * `service` has the host `<name>.<namespace>`; `unix` has the path of its socket as host, and port 0.
 * Neither occurs outside a cluster.
 */
export interface Address {
  kind: "fqdn" | "ip" | "service" | "unix";
  host: string;
  port: number;
}

export interface TlsPlan {
  sni: string;
  /** PEM bundle, or the system's. */
  ca: { kind: "system" } | { kind: "pem"; pem: string };
}

export interface HeaderEdit {
  set: [name: string, value: string][];
  remove: string[];
  /** Set where the client sent none. */
  defaults: [name: string, value: string][];
}

/** Credentials live in Envoy; what stands here never goes into a program. */
export type CredentialPlan = ConfiguredCredential | BroughtCredential;

export type ConfiguredCredential =
  | { kind: "header"; header: string; secretName: string }
  | {
      kind: "aws-sigv4";
      region: string;
      service: string;
      accessKeyId: string;
      secretAccessKey: string;
      sessionToken?: string;
    };

/** A credential that each request brings along. */
export interface BroughtCredential {
  kind: "brought";
  /** Headers (one, or three for a signature), or an entry of the request's dynamic metadata. */
  source: { headers: readonly string[] } | { namespace: string; key: string };
  /** What becomes of it: a header, or the keys with which ext_proc signs. */
  as: { header: string; prefix: string } | { region: string; service: string };
  /** Serves where a request brings none; without, such requests get 401. */
  otherwise?: ConfiguredCredential;
}
