import { referencedKinds, rootsOf } from "../kinds.ts";
import { createBackoff, pause } from "./backoff.ts";
import { KubeError, type KubeHttp } from "./http.ts";
import type { Reference } from "./references.ts";
import { type KubeItem, type Reflector, startReflector } from "./reflector.ts";
import type { Store } from "./store.ts";

/** Keeps the Secrets and ConfigMaps that are referred to, and no others, in the store. */
export interface ReferencedObjects {
  /** From now on these are wanted. True when all of them are known, or known not to be there. */
  want(references: readonly Reference[]): boolean;
  stop(): void;
}

interface Place {
  reflector: Reflector;
  synced: boolean;
  /** Name to version, of all objects of the namespace. */
  versions: Map<string, string>;
}

/**
 * Of each namespace that a reference points into, the metadata is watched; the content of an object
 * is fetched by its name, when it is wanted and whenever its version changes. Values that nothing
 * refers to are never in this process.
 */
export function createReferencedObjects(
  http: KubeHttp,
  store: Store,
  told: { changed(): void; failed(error: Error): void },
): ReferencedObjects {
  const places = new Map<string, Place>();
  const wanted = new Map<string, Reference>();
  /** Version that is held, or being fetched. */
  const held = new Map<string, string>();
  const fetching = new Set<string>();
  /** There, but not for this process: as good as absent, or every plan would wait for it. */
  const refused = new Set<string>();
  const stopped = new AbortController();

  const placeOf = ({ kind, namespace }: Pick<Reference, "kind" | "namespace">): string =>
    `${kind} ${namespace}`;
  const idOf = ({ kind, namespace, name }: Reference): string => `${kind} ${namespace}/${name}`;

  function watchPlace({ kind, namespace }: Reference): Place {
    const versions = new Map<string, string>();
    const note = (item: KubeItem): void => {
      versions.set(item.metadata.name, item.metadata.resourceVersion ?? "");
    };
    const look = (name: string): void => {
      const reference = wanted.get(idOf({ kind, namespace, name }));
      if (reference !== undefined) refresh(reference);
    };
    // biome-ignore lint/style/noNonNullAssertion: the list names both kinds
    const known = referencedKinds.find((each) => each.kind === kind)!;
    const place: Place = {
      versions,
      synced: false,
      reflector: startReflector(
        http,
        { roots: rootsOf(known), plural: known.plural, namespace, metadataOnly: true },
        {
          replaced(items) {
            versions.clear();
            items.forEach(note);
            place.synced = true;
            for (const reference of wanted.values()) {
              if (placeOf(reference) === placeOf({ kind, namespace })) refresh(reference);
            }
            told.changed();
          },
          changed(item) {
            note(item);
            look(item.metadata.name);
          },
          removed(item) {
            versions.delete(item.metadata.name);
            look(item.metadata.name);
          },
          absent: () => {},
          failed(error) {
            told.failed(error);
            if (!isRefusal(error) || place.synced) return;
            place.synced = true;
            told.changed();
          },
        },
      ),
    };
    return place;
  }

  /** Brings what is held in line with what is there. */
  function refresh(reference: Reference): void {
    const id = idOf(reference);
    const version = places.get(placeOf(reference))?.versions.get(reference.name);
    if (version === undefined) forget(reference);
    else if (held.get(id) !== version) void fetch(reference);
  }

  function forget(reference: Reference): void {
    held.delete(idOf(reference));
    refused.delete(idOf(reference));
    const { kind, namespace, name } = reference;
    store.delete(kind, { metadata: { namespace, name } });
  }

  async function fetch(reference: Reference): Promise<void> {
    const { kind, namespace, name } = reference;
    const id = idOf(reference);
    if (fetching.has(id)) return;
    fetching.add(id);
    const backoff = createBackoff(100, 10_000);
    const plural = kind === "Secret" ? "secrets" : "configmaps";
    while (!stopped.signal.aborted && wanted.has(id)) {
      try {
        const path = `/api/v1/namespaces/${namespace}/${plural}/${name}`;
        const item = await http.json<KubeItem>({ method: "GET", path, signal: stopped.signal });
        const version = item.metadata.resourceVersion ?? "";
        held.set(id, version);
        refused.delete(id);
        // What was read may be later than what the watch has told so far.
        places.get(placeOf(reference))?.versions.set(name, version);
        store.set(kind, item);
        break;
      } catch (error) {
        if (error instanceof KubeError && error.status === 404) {
          // It went between the two; the watch will tell.
          forget(reference);
          break;
        }
        if (stopped.signal.aborted) break;
        told.failed(error instanceof Error ? error : new Error(String(error)));
        if (isRefusal(error) && !refused.has(id)) {
          refused.add(id);
          told.changed();
        }
        await pause(backoff.next(), stopped.signal);
      }
    }
    fetching.delete(id);
    // Another version may have come while this one was under way.
    if (wanted.has(id) && !stopped.signal.aborted) refresh(reference);
    told.changed();
  }

  return {
    want(references) {
      const next = new Map(references.map((reference) => [idOf(reference), reference]));
      for (const [id, reference] of wanted) {
        if (next.has(id)) continue;
        wanted.delete(id);
        forget(reference);
      }
      for (const [id, reference] of next) wanted.set(id, reference);
      const needed = new Set(references.map(placeOf));
      for (const [id, place] of places) {
        if (needed.has(id)) continue;
        place.reflector.stop();
        places.delete(id);
      }
      for (const reference of references) {
        const id = placeOf(reference);
        if (!places.has(id)) places.set(id, watchPlace(reference));
        else if (places.get(id)?.synced) refresh(reference);
      }
      return references.every((reference) => {
        const place = places.get(placeOf(reference));
        if (!place?.synced) return false;
        const id = idOf(reference);
        return !place.versions.has(reference.name) || held.has(id) || refused.has(id);
      });
    },
    stop() {
      stopped.abort();
      for (const { reflector } of places.values()) reflector.stop();
    },
  };
}

const isRefusal = (error: unknown): boolean => error instanceof KubeError && error.status === 403;
