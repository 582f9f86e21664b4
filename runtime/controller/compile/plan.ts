import type { Problem } from "./problem.ts";

/**
 * What the data plane has to do, free of both Kubernetes and Envoy. The same plan is turned into a
 * whole Envoy configuration (standalone) or into edits of Envoy Gateway's (controller).
 */
export interface Plan {
  gateways: GatewayPlan[];
  problems: Problem[];
}

export interface GatewayPlan {
  /** `namespace/name`. */
  name: string;
  listeners: { name: string; port: number; protocol: string; hostname?: string }[];
  /** In the order in which their matches are tried; see `precedence`. */
  rules: RulePlan[];
  /** Credentials to serve as secrets, by secret name. */
  secrets: Map<string, string>;
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
  /** Models that this rule adds to the model list. */
  models: { id: string; ownedBy: string; createdAt: number }[];
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
  /** AIServiceBackend as `namespace/name`. */
  name: string;
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

export interface Address {
  kind: "fqdn" | "ip";
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
export type CredentialPlan =
  | { kind: "header"; header: string; secretName: string }
  | {
      kind: "aws-sigv4";
      region: string;
      service: string;
      accessKeyId: string;
      secretAccessKey: string;
      sessionToken?: string;
    };
