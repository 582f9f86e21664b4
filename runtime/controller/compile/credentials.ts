import type { BackendSecurityPolicy } from "../../api/index.ts";
import type { SecretLookup } from "../../credentials/credential.ts";
import { credentialKind, credentialTypes } from "../../credentials/registry.ts";
import { present } from "../../lib/present.ts";
import { keyOf, namespaceOf, type Snapshot, secretValue } from "../snapshot/snapshot.ts";
import { targeting } from "../snapshot/view.ts";
import { broughtBy } from "./brought.ts";
import { referencePermitted } from "./grants.ts";
import type { CredentialPlan } from "./plan.ts";
import type { Locatable, ProblemLog } from "./problem.ts";

const GROUP = "aigateway.envoyproxy.io";

/**
 * The credential of a backend: `none` where no policy targets it, `broken` where one does and cannot
 * be carried out. A broken backend is left out: sending its requests without a key helps nobody.
 */
export type BackendCredential =
  | { state: "none" }
  | {
      state: "ready";
      policy: BackendSecurityPolicy;
      credential: CredentialPlan;
      secrets: [name: string, value: string][];
      /** As of a compiled credential. */
      pathPrefix?: string;
    }
  | { state: "broken" };

export function credentialOf(
  snapshot: Snapshot,
  backend: Locatable,
  log: ProblemLog,
): BackendCredential {
  const [policy, ...others] = targeting(snapshot, "BackendSecurityPolicy", {
    kind: backend.kind,
    namespace: namespaceOf(backend.metadata),
    name: backend.metadata.name,
  });
  if (policy === undefined) return { state: "none" };
  for (const other of others) {
    log.error(
      other,
      "spec.targetRefs",
      "PolicyConflict",
      `${backend.kind} ${keyOf(backend.metadata)} is already targeted by ${keyOf(policy.metadata)}, which is older and counts; a backend takes one policy`,
    );
  }
  const kind = credentialKind(policy.spec.type);
  if (kind === undefined) {
    log.error(
      policy,
      "spec.type",
      "PolicyUnsupported",
      `type ${policy.spec.type} is not served here; served are ${credentialTypes().join(", ")}`,
    );
    return { state: "broken" };
  }
  const override = policy.spec.credentialOverride;
  const brought = override && broughtBy(policy, kind, log);
  if (override !== undefined && brought === undefined) return { state: "broken" };
  const { fallbackToConfigured = true } =
    override?.fromRequestHeaders ?? override?.fromDynamicMetadata ?? {};
  if (brought !== undefined && !fallbackToConfigured) {
    const pathPrefix = kind.brought.pathPrefix?.(policy);
    const credential: CredentialPlan = { kind: "brought", ...brought };
    return { state: "ready", policy, credential, secrets: [], ...present({ pathPrefix }) };
  }
  const compiled = kind.compile(policy, secretLookup(snapshot, policy));
  if (!compiled.ok) {
    const { field, reason, message } = compiled.problem;
    log.error(policy, field, reason, message);
    return { state: "broken" };
  }
  const { secrets, pathPrefix } = compiled;
  const credential: CredentialPlan =
    brought === undefined
      ? compiled.credential
      : { kind: "brought", ...brought, otherwise: compiled.credential };
  return { state: "ready", policy, credential, secrets, ...present({ pathPrefix }) };
}

/** Secrets as a policy may see them. */
export function secretLookup(snapshot: Snapshot, policy: BackendSecurityPolicy): SecretLookup {
  return (ref, key, field) => {
    const namespace = ref.namespace ?? namespaceOf(policy.metadata);
    const from = {
      group: GROUP,
      kind: "BackendSecurityPolicy",
      namespace: namespaceOf(policy.metadata),
    };
    if (
      !referencePermitted(snapshot, from, { group: "", kind: "Secret", name: ref.name, namespace })
    ) {
      return {
        ok: false,
        problem: {
          field,
          reason: "RefNotPermitted",
          message: `Secret ${namespace}/${ref.name} is in another namespace and no ReferenceGrant there permits it`,
        },
      };
    }
    const secret = snapshot.Secret.get(`${namespace}/${ref.name}`);
    if (secret === undefined) {
      return {
        ok: false,
        problem: {
          field,
          reason: "SecretNotFound",
          message: `Secret ${namespace}/${ref.name} does not exist, or may not be read`,
        },
      };
    }
    const value = secretValue(secret, key);
    if (value === undefined) {
      return {
        ok: false,
        problem: {
          field,
          reason: "SecretInvalid",
          message: `Secret ${namespace}/${ref.name} has no entry "${key}"`,
        },
      };
    }
    return { ok: true, value };
  };
}
