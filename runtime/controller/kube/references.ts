import type { BackendSecurityPolicy } from "../../api/index.ts";
import { rotatedSecretName } from "../../credentials/rotated.ts";
import { namespaceOf, type Snapshot } from "../snapshot/snapshot.ts";

export interface Reference {
  kind: "Secret" | "ConfigMap";
  namespace: string;
  name: string;
}

const SECRET_FIELDS = new Set(["secretRef", "clientSecretRef", "clientSecret", "clientIDRef"]);

/**
 * The Secrets and ConfigMaps that something in the snapshot names: no other is ever read. Pure; each
 * is there once.
 */
export function referencesOf(snapshot: Snapshot): Reference[] {
  const found = new Map<string, Reference>();
  const add = (reference: Reference): void => {
    found.set(`${reference.kind} ${reference.namespace}/${reference.name}`, reference);
  };
  for (const policy of snapshot.BackendSecurityPolicy.values()) {
    const home = namespaceOf(policy.metadata);
    add({ kind: "Secret", namespace: home, name: rotatedSecretName(policy) });
    for (const reference of secretsOf(policy)) add(reference);
  }
  for (const policy of snapshot.BackendTLSPolicy.values()) {
    for (const { kind, name } of policy.spec.validation.caCertificateRefs ?? []) {
      if (kind !== "Secret" && kind !== "ConfigMap") continue;
      add({ kind, namespace: namespaceOf(policy.metadata), name });
    }
  }
  return [...found.values()];
}

/** The Secrets that a policy's own credential is in. */
export const secretsOf = ({ metadata, spec }: BackendSecurityPolicy): Reference[] =>
  secretsIn(spec).map(({ name, namespace }) => ({
    kind: "Secret",
    namespace: namespace || namespaceOf(metadata),
    name,
  }));

/** However deep a credential's kind keeps its references. */
function secretsIn(value: unknown): { name: string; namespace?: string }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([field, inner]) => {
    if (!SECRET_FIELDS.has(field)) return secretsIn(inner);
    const { name, namespace } = inner as { name?: unknown; namespace?: string };
    return typeof name === "string" ? [{ name, ...(namespace ? { namespace } : {}) }] : [];
  });
}
