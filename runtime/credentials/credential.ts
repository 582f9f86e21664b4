import type { BackendSecurityPolicy } from "../api/index.ts";
import type { BroughtCredential, ConfiguredCredential } from "../controller/compile/plan.ts";
import type { Reason } from "../controller/compile/problem.ts";

/** Finds a Secret's text; the reference is permitted or the answer says why not. */
export type SecretLookup = (
  ref: { name: string; namespace?: string | undefined },
  key: string,
  field: string,
) => { ok: true; value: string } | { ok: false; problem: CredentialProblem };

export interface CredentialProblem {
  field: string;
  reason: Reason;
  message: string;
}

export type CompiledCredential =
  | {
      ok: true;
      credential: ConfiguredCredential;
      secrets: [name: string, value: string][];
      /** Where the paths of the account begin, without slashes at the ends; a backend's own wins. */
      pathPrefix?: string;
    }
  | { ok: false; problem: CredentialProblem };

/**
 * One `spec.type` of BackendSecurityPolicy. Pure: policy and Secrets in, what Envoy has to send out.
 * Adding a kind means one folder with one of these and one line in the registry.
 */
export interface CredentialKind {
  /** `spec.type`. */
  readonly type: string;
  /** Of credentials that requests bring along. */
  readonly brought: BroughtForm;
  compile(policy: BackendSecurityPolicy, secrets: SecretLookup): CompiledCredential;
}

/** Where requests bring a credential of a kind, and what becomes of it. */
export interface BroughtForm {
  /** Header, and key in metadata, where the policy names none; of several headers, their beginning. */
  name: string;
  /** Behind `name`, where there are several headers: the keys of a signature. */
  parts?: readonly string[];
  /** Key in metadata where that differs. */
  metadataKey?: string;
  as(policy: BackendSecurityPolicy): BroughtCredential["as"];
  /** As of {@link CompiledCredential}. */
  pathPrefix?(policy: BackendSecurityPolicy): string | undefined;
}

/** Secret names are stable, so that rotation changes a secret's content and nothing else. */
export const sdsName = (policy: BackendSecurityPolicy, part: string): string =>
  `aigw/${policy.metadata.namespace ?? "default"}/${policy.metadata.name}/${part}`;
