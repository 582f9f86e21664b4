import { createBackoff, pause } from "./backoff.ts";
import { KubeError, type KubeHttp, kubeErrorOf } from "./http.ts";

/** What every object has. */
export interface KubeItem {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    labels?: Record<string, string>;
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

/** Where the objects of a kind are. */
export interface Collection {
  /** `/apis/<group>/<version>` or `/api/v1`; of several the first that is served is taken. */
  roots: readonly string[];
  plural: string;
  /** Objects of one namespace alone. */
  namespace?: string;
  labelSelector?: string;
  /** Names, labels and versions without content: nothing secret is held. */
  metadataOnly?: boolean;
}

export interface ReflectorEvents {
  /** All objects of this moment; those that are not among them are gone. */
  replaced(items: KubeItem[]): void;
  changed(item: KubeItem): void;
  removed(item: KubeItem): void;
  /** The API server does not serve this kind; asked again from time to time. */
  absent(): void;
  /** A try failed; another follows. */
  failed(error: Error): void;
}

export interface Reflector {
  stop(): void;
}

const PAGE = 500;
/** The API server ends a watch after this time; shorter than what middleboxes forget idle connections after. */
const WATCH_SECONDS = 270;
/** The server's own end may come late; then the connection is dead. */
const DEAD_AFTER_MS = (WATCH_SECONDS + 30) * 1000;
const SHORT_WATCH_MS = 1000;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 15_000;
/** The same while the API server is away or starts: a user may wait for what comes first. */
const LAST_RETRY_AWAY_MS = 2_000;
/** A kind that is not installed may be, later. */
const ABSENT_RETRY_MS = 10_000;

/**
 * Keeps up with all objects of a kind: lists, watches from there, and begins again after whatever
 * goes wrong, for as long as it is not stopped. A connection that ends costs no new list, unless
 * the API server has forgotten where it was.
 */
export function startReflector(
  http: KubeHttp,
  collection: Collection,
  events: ReflectorEvents,
): Reflector {
  const stopped = new AbortController();
  const { signal } = stopped;
  void run();
  return { stop: () => stopped.abort() };

  async function run(): Promise<void> {
    const backoff = createBackoff(FIRST_RETRY_MS, LAST_RETRY_MS);
    let version: string | undefined;
    let root: string | undefined;
    while (!signal.aborted) {
      try {
        root ??= await servedRoot();
        if (root === undefined) {
          events.absent();
          await pause(ABSENT_RETRY_MS, signal);
          continue;
        }
        if (version === undefined) {
          version = await list(root);
          backoff.reset();
        }
        const started = performance.now();
        version = await watch(root, version, (at) => {
          version = at;
          backoff.reset();
        });
        // A server that ends watches as soon as they begin is not to be asked without a pause.
        if (performance.now() - started < SHORT_WATCH_MS) await pause(backoff.next(), signal);
      } catch (error) {
        if (signal.aborted) return;
        const status = error instanceof KubeError ? error.status : undefined;
        if (status === 410 || status === 404) version = undefined;
        if (status === 404) root = undefined;
        else if (status !== 410)
          events.failed(error instanceof Error ? error : new Error(String(error)));
        const refused = status !== undefined && status < 500 && status !== 429;
        await pause(Math.min(backoff.next(), refused ? LAST_RETRY_MS : LAST_RETRY_AWAY_MS), signal);
      }
    }
  }

  async function servedRoot(): Promise<string | undefined> {
    for (const root of collection.roots) {
      const { resources = [] } = await http
        .json<Discovery>({ method: "GET", path: root, signal })
        .catch((error: unknown): Discovery => {
          if (error instanceof KubeError && error.status === 404) return {};
          throw error;
        });
      if (resources.some(({ name }) => name === collection.plural)) return root;
    }
    return undefined;
  }

  /** Version as of which everything is known. */
  async function list(root: string): Promise<string> {
    const items: KubeItem[] = [];
    let next: string | undefined;
    let version = "";
    do {
      const page = await http.json<ListAnswer>({
        method: "GET",
        path: pathOf(root, { limit: String(PAGE), ...(next ? { continue: next } : {}) }),
        accept: accepts("PartialObjectMetadataList"),
        signal,
      });
      const { apiVersion, kind } = page;
      for (const item of page.items) {
        // Lists leave out what all their items share.
        items.push({ ...item, apiVersion, kind: kind.replace(/List$/, "") });
      }
      version = page.metadata.resourceVersion;
      next = page.metadata.continue || undefined;
    } while (next !== undefined);
    events.replaced(items);
    return version;
  }

  async function watch(
    root: string,
    from: string,
    progress: (version: string) => void,
  ): Promise<string> {
    let version = from;
    const lines = http.lines({
      method: "GET",
      path: pathOf(root, {
        watch: "1",
        resourceVersion: from,
        allowWatchBookmarks: "true",
        timeoutSeconds: String(WATCH_SECONDS),
      }),
      accept: accepts("PartialObjectMetadata"),
      signal: AbortSignal.any([signal, AbortSignal.timeout(DEAD_AFTER_MS)]),
    });
    for await (const line of lines) {
      const { type, object } = JSON.parse(line) as WatchEvent;
      if (type === "ERROR") throw kubeErrorOf(JSON.stringify(object), 500);
      version = object.metadata.resourceVersion ?? version;
      progress(version);
      if (type === "DELETED") events.removed(object);
      else if (type !== "BOOKMARK") events.changed(object);
    }
    return version;
  }

  function pathOf(root: string, query: Record<string, string>): string {
    const { namespace, plural, labelSelector } = collection;
    const scope = namespace === undefined ? "" : `/namespaces/${namespace}`;
    const all = new URLSearchParams({ ...query, ...(labelSelector ? { labelSelector } : {}) });
    return `${root}${scope}/${plural}?${all}`;
  }

  function accepts(form: string): string {
    return collection.metadataOnly
      ? `application/json;as=${form};g=meta.k8s.io;v=v1`
      : "application/json";
  }
}

interface Discovery {
  resources?: { name: string }[];
}

interface ListAnswer {
  apiVersion: string;
  kind: string;
  metadata: { resourceVersion: string; continue?: string };
  items: KubeItem[];
}

interface WatchEvent {
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  object: KubeItem;
}
