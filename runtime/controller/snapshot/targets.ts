import { remember } from "../../lib/remember.ts";
import type { ObjectMeta, TargetRef, TargetSelector } from "./foreign.ts";
import { byAge, type Versioned } from "./meaning.ts";
import { namespaceOf } from "./snapshot.ts";

/** What a policy can be about: an object of its own namespace. */
export interface Target {
  kind: string;
  namespace: string;
  name: string;
  /** By which a policy can select it; left out where policies of the kind only name. */
  labels?: Readonly<Record<string, string>> | undefined;
}

/** Under which an index has the policies of a namespace that select their targets. */
export const selectorKey = (namespace: string): string => `*/${namespace}`;
export const targetKey = ({ kind, namespace, name }: Target): string =>
  `${kind}/${namespace}/${name}`;

export interface Policy {
  metadata: ObjectMeta;
  spec: {
    targetRef?: TargetRef | undefined;
    targetRefs?: readonly TargetRef[] | undefined;
    targetSelectors?: readonly TargetSelector[] | undefined;
  };
}

/** Policies by what they name or select, as `targetKey` and `selectorKey` have it; oldest first. */
export const indexByTarget = remember((objects: ReadonlyMap<string, unknown>) => {
  const index = new Map<string, unknown[]>();
  for (const object of objects.values()) {
    for (const key of targetsOf(object as Policy)) {
      const known = index.get(key);
      if (known === undefined) index.set(key, [object]);
      else known.push(object);
    }
  }
  for (const policies of index.values()) {
    if (policies.length > 1) (policies as Versioned[]).sort(byAge);
  }
  return index;
});

const targetsOf = remember(({ metadata, spec }: Policy): Iterable<string> => {
  const namespace = namespaceOf(metadata);
  const refs = [...(spec.targetRefs ?? []), ...(spec.targetRef ? [spec.targetRef] : [])];
  const keys = refs.map(({ kind, name }) => targetKey({ kind, namespace, name }));
  if (spec.targetSelectors !== undefined) keys.push(selectorKey(namespace));
  return keys.length > 1 ? new Set(keys) : keys;
});
