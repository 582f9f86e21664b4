import { kinds, type Problem, validateResource } from "../../api/index.ts";
import {
  type Kind,
  type KindMap,
  keyOf,
  type Snapshot,
  snapshotKinds,
} from "../snapshot/snapshot.ts";
import type { KubeItem } from "./reflector.ts";

/** An object of ours that the schema of this version refuses: stored under an older one, perhaps. */
export interface InvalidObject {
  item: KubeItem;
  problems: Problem[];
}

/** What is known of the cluster, kind by kind. */
export interface Store {
  replace(kind: Kind, items: readonly KubeItem[]): void;
  set(kind: Kind, item: KubeItem): void;
  delete(kind: Kind, item: Pick<KubeItem, "metadata">): void;
  /** Everything of this moment. Maps of kinds that did not change are those of the last snapshot. */
  snapshot(): Snapshot;
  /** Objects of ours that are left out of snapshots, by kind and `namespace/name`. */
  readonly invalid: ReadonlyMap<string, InvalidObject>;
  /** Status as it stands in the cluster, by kind and `namespace/name`; of the kinds alone whose status is written. */
  statusOf(kind: string, key: string): unknown;
}

/** Called after every change that a snapshot would show. */
export function createStore(changed: () => void): Store {
  const maps = new Map<Kind, Map<string, unknown>>(snapshotKinds.map((kind) => [kind, new Map()]));
  const shown = new Map<Kind, ReadonlyMap<string, unknown>>();
  const invalid = new Map<string, InvalidObject>();
  const statuses = new Map<string, unknown>();
  const versions = new Map<string, string | undefined>();

  const put = (kind: Kind, item: KubeItem): boolean => {
    const key = keyOf(item.metadata);
    const id = `${kind} ${key}`;
    if (isOwn(kind) || kind === "InferencePool") statuses.set(id, item.status);
    // A status that we wrote comes back as a change; nothing that is compiled changed with it.
    const version = meaningOf(kind, item);
    if (version !== undefined && versions.get(id) === version) return false;
    versions.set(id, version);
    const map = mapOf(kind);
    if (!isOwn(kind)) {
      map.set(key, slim(item));
      return true;
    }
    const judged = validateResource({ ...item, status: undefined });
    if (judged.ok) {
      invalid.delete(id);
      map.set(key, { ...judged.resource, metadata: slim(item).metadata });
    } else {
      map.delete(key);
      invalid.set(id, { item: slim(item), problems: judged.problems });
    }
    return true;
  };

  const drop = (kind: Kind, key: string): boolean => {
    const id = `${kind} ${key}`;
    versions.delete(id);
    statuses.delete(id);
    return [invalid.delete(id), mapOf(kind).delete(key)].some(Boolean);
  };

  const mapOf = (kind: Kind): Map<string, unknown> => maps.get(kind) as Map<string, unknown>;
  const touch = (kind: Kind): void => {
    shown.delete(kind);
    changed();
  };

  return {
    invalid,
    replace(kind, items) {
      const keys = new Set(items.map((item) => keyOf(item.metadata)));
      const known = [...mapOf(kind).keys(), ...idsOf(invalid, kind)];
      const gone = known.filter((key) => !keys.has(key)).map((key) => drop(kind, key));
      const came = items.map((item) => put(kind, item));
      if ([...gone, ...came].some(Boolean)) touch(kind);
    },
    set(kind, item) {
      if (put(kind, item)) touch(kind);
    },
    delete(kind, item) {
      if (drop(kind, keyOf(item.metadata))) touch(kind);
    },
    snapshot() {
      const entries = snapshotKinds.map((kind) => {
        let map = shown.get(kind);
        if (map === undefined) {
          map = new Map(mapOf(kind));
          shown.set(kind, map);
        }
        return [kind, map];
      });
      return Object.fromEntries(entries) as { [K in Kind]: ReadonlyMap<string, KindMap[K]> };
    },
    statusOf: (kind, key) => statuses.get(`${kind} ${key}`),
  };
}

const isOwn = (kind: string): boolean => Object.hasOwn(kinds, kind);

/**
 * Two versions of an object that agree in this mean the same to the compiler. Undefined: no telling,
 * so that each version counts.
 */
function meaningOf(kind: Kind, { metadata }: KubeItem): string | undefined {
  const { uid, generation, labels, annotations, resourceVersion } = metadata;
  // Kinds of the core group count no generations.
  if (generation === undefined) return resourceVersion && `${uid} ${resourceVersion}`;
  return `${kind} ${uid} ${generation} ${JSON.stringify([labels, annotations])}`;
}

function* idsOf(invalid: ReadonlyMap<string, InvalidObject>, kind: Kind): Iterable<string> {
  for (const id of invalid.keys()) if (id.startsWith(`${kind} `)) yield id.slice(kind.length + 1);
}

/** Without what nobody reads: who wrote which field is often the larger part of an object. */
function slim(item: KubeItem): KubeItem {
  const { managedFields: _, ...metadata } = item.metadata;
  const { status: __, ...rest } = item;
  return { ...rest, metadata: { ...metadata, name: item.metadata.name } } as KubeItem;
}
