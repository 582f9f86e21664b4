import type { BackendSecurityPolicy } from "../api/index.ts";
import type { CredentialPlan } from "../controller/compile/plan.ts";
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
      credential: CredentialPlan;
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
  compile(policy: BackendSecurityPolicy, secrets: SecretLookup): CompiledCredential;
}

/** Secret names are stable, so that rotation changes a secret's content and nothing else. */
export const sdsName = (policy: BackendSecurityPolicy, part: string): string =>
  `aigw/${policy.metadata.namespace ?? "default"}/${policy.metadata.name}/${part}`;
