import { setTimeout as delay } from "node:timers/promises";
import type { KubeClient, KubeObject } from "../kube/client.ts";

const RETRY_MS = 250;

interface WatchEvent {
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  object: KubeObject;
}

/** What the API server has of one kind, kept current by a watch. */
export interface Reflector {
  /** Objects by `namespace/name`, or name where there are no namespaces. */
  readonly objects: ReadonlyMap<string, KubeObject>;
  /** Settles with the first list. */
  readonly synced: Promise<void>;
  stop(): void;
}

export const keyOf = ({ metadata }: Pick<KubeObject, "metadata">): string =>
  metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;

/**
 * Follows a collection such as `/api/v1/pods`. `changed` is called with the key of each object that
 * came, changed or went; what went is not in `objects` any more.
 */
export function reflect(
  client: KubeClient,
  path: string,
  changed: (key: string) => void,
): Reflector {
  const objects = new Map<string, KubeObject>();
  const abort = new AbortController();
  const { promise: synced, resolve: firstListed } = Promise.withResolvers<void>();

  const list = async (): Promise<string> => {
    const { status, body } = await client.raw("GET", path);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${body}`);
    const answer = JSON.parse(body) as {
      apiVersion: string;
      kind: string;
      metadata: { resourceVersion: string };
      items: KubeObject[];
    };
    const kind = { apiVersion: answer.apiVersion, kind: answer.kind.replace(/List$/, "") };
    const gone = new Set(objects.keys());
    for (const item of answer.items) {
      const key = keyOf(item);
      gone.delete(key);
      objects.set(key, { ...item, ...kind });
      changed(key);
    }
    for (const key of gone) {
      objects.delete(key);
      changed(key);
    }
    firstListed();
    return answer.metadata.resourceVersion;
  };

  const watch = async (since: string): Promise<void> => {
    const from = `${path}?watch=true&resourceVersion=${since}`;
    for await (const line of client.lines(from, abort.signal)) {
      const { type, object } = JSON.parse(line) as WatchEvent;
      if (type === "ERROR") return;
      const key = keyOf(object);
      if (type === "DELETED") objects.delete(key);
      else objects.set(key, object);
      changed(key);
    }
  };

  const follow = async (): Promise<void> => {
    while (!abort.signal.aborted) {
      // Whatever ends a watch, the next list tells what was missed.
      await list()
        .then(watch)
        .catch(() => delay(RETRY_MS));
    }
  };
  void follow();
  return { objects, synced, stop: () => abort.abort() };
}
