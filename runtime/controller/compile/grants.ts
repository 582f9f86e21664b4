import { namespaceOf, type Snapshot } from "../snapshot/snapshot.ts";

/** True where `from` may refer to an object of another namespace: a ReferenceGrant there says so. */
export function referencePermitted(
  snapshot: Snapshot,
  from: { group: string; kind: string; namespace: string },
  to: { group: string; kind: string; name: string; namespace: string },
): boolean {
  if (from.namespace === to.namespace) return true;
  for (const grant of snapshot.ReferenceGrant.values()) {
    if (namespaceOf(grant.metadata) !== to.namespace) continue;
    const fromMatches = grant.spec.from.some(
      (f) => f.group === from.group && f.kind === from.kind && f.namespace === from.namespace,
    );
    const toMatches = grant.spec.to.some(
      (t) =>
        t.group === to.group && t.kind === to.kind && (t.name === undefined || t.name === to.name),
    );
    if (fromMatches && toMatches) return true;
  }
  return false;
}
