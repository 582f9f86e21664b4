import type { ObjectMeta } from "../snapshot/foreign.ts";

/** An object as server-side apply takes it: everything that we want of it, and no more. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    /** Absent where the kind knows no namespaces. */
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: OwnerReference[];
  };
  [field: string]: unknown;
}

interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller: true;
  blockOwnerDeletion: true;
}

/** Makes an object go with its owner; none where the owner did not come from a cluster. */
export function ownedBy(owner: {
  apiVersion: string;
  kind: string;
  metadata: Pick<ObjectMeta, "name" | "uid">;
}): { ownerReferences?: OwnerReference[] } {
  const { name, uid } = owner.metadata;
  if (uid === undefined) return {};
  return {
    ownerReferences: [
      {
        apiVersion: owner.apiVersion,
        kind: owner.kind,
        name,
        uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
  };
}
