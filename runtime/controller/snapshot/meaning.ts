import type { ObjectMeta } from "./foreign.ts";
import { namespaceOf } from "./snapshot.ts";

/** Any object of a snapshot. */
export interface Versioned {
  metadata: ObjectMeta;
}

/**
 * True where two objects differ in nothing that is read here: their generation, which counts changes
 * of the spec, and their labels and annotations are the same. Kinds without generation are compared
 * by resourceVersion.
 */
export function sameMeaning(a: Versioned | undefined, b: Versioned | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  const [one, other] = [a.metadata, b.metadata];
  if (one.uid === undefined || one.uid !== other.uid) return false;
  if (one.resourceVersion !== undefined && one.resourceVersion === other.resourceVersion)
    return true;
  return (
    one.generation !== undefined &&
    one.generation === other.generation &&
    sameTexts(one.labels, other.labels) &&
    sameTexts(one.annotations, other.annotations)
  );
}

function sameTexts(
  a: Record<string, string> | undefined = {},
  b: Record<string, string> | undefined = {},
): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/** Gateway API precedence: older first, then by `namespace/name`. */
export function byAge({ metadata: a }: Versioned, { metadata: b }: Versioned): number {
  const age = order(a.creationTimestamp ?? "", b.creationTimestamp ?? "");
  if (age !== 0) return age;
  const [one, other] = [namespaceOf(a), namespaceOf(b)];
  return one === other ? order(a.name, b.name) : order(`${one}/${a.name}`, `${other}/${b.name}`);
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
