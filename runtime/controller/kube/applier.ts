import { pathOf } from "../kinds.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { covers, inWordsOf } from "./covers.ts";
import { KubeError, type KubeHttp } from "./http.ts";
import { idOf, isNeeded, needsOf } from "./needs.ts";
import { createQueue } from "./queue.ts";
import type { KubeItem } from "./reflector.ts";

/** Who writes, in the API server's book of fields. */
export const FIELD_MANAGER = "ai-gateway-controller";

/** Brings the objects that the controller writes in line with what is desired, and keeps them so. */
export interface Applier {
  /** All that is to be there; of what was seen, the rest goes. Only the leader calls this. */
  desire(objects: readonly KubeObject[]): void;
  /** What the cluster has now, of all objects with our label of one kind. */
  observeAll(kind: string, items: readonly KubeItem[]): void;
  observe(item: KubeItem): void;
  observeRemoved(item: KubeItem): void;
  readonly depth: number;
  idle(): Promise<void>;
  /** Nothing is written from now on, until `desire` is called again. */
  rest(): void;
  stop(): void;
}

export interface ApplierEvents {
  wrote(object: KubeObject | KubeItem, action: "apply" | "delete"): void;
  failed(id: string, error: Error): void;
  /** Somebody else's object stands where ours should; it is left alone. */
  taken(object: KubeObject): void;
}

const CONCURRENCY = 16;
const APPLY_TYPE = "application/apply-patch+yaml";

export function createApplier(http: KubeHttp, events: ApplierEvents): Applier {
  let desired: Map<string, KubeObject> | undefined;
  const observed = new Map<string, KubeItem>();
  /** What was applied last, and how the API server has it. */
  const applied = new Map<string, { wanted: string; there: unknown }>();
  /** Objects that wait until another is settled, by that one. */
  const waiting = new Map<string, Set<string>>();
  /** What could not be written holds up nothing. */
  const failing = new Set<string>();
  const queue = createQueue(inOrder, { concurrency: CONCURRENCY, failed: events.failed });

  /** Filters come before the routes that use them, and go after them. */
  async function inOrder(id: string): Promise<void> {
    if (desired === undefined) return;
    // The watch may have told it before its turn: who waits for it must not wait on.
    if (!drifted(id)) return release(id);
    const first = beforeIt(id, desired).filter((other) => drifted(other) && !failing.has(other));
    if (first.length > 0) {
      for (const other of first) waiting.set(other, (waiting.get(other) ?? new Set()).add(id));
      return;
    }
    try {
      await settle(id, desired);
      failing.delete(id);
    } catch (error) {
      failing.add(id);
      throw error;
    } finally {
      release(id);
    }
  }

  function release(id: string): void {
    const released = waiting.get(id) ?? [];
    waiting.delete(id);
    for (const other of released) queue.add(other);
  }

  function beforeIt(id: string, all: ReadonlyMap<string, KubeObject>): string[] {
    const wanted = all.get(id);
    if (wanted !== undefined) return needsOf(wanted).filter((need) => all.has(need));
    if (!isNeeded(id)) return [];
    return [...observed].flatMap(([user, item]) => (needsOf(item).includes(id) ? [user] : []));
  }

  async function settle(id: string, all: ReadonlyMap<string, KubeObject>): Promise<void> {
    const wanted = all.get(id);
    const actual = observed.get(id);
    if (wanted !== undefined) await apply(id, wanted, actual);
    else if (actual !== undefined) await remove(id, actual);
  }

  async function apply(
    id: string,
    wanted: KubeObject,
    actual: KubeItem | undefined,
  ): Promise<void> {
    const patch = (force: boolean): Promise<KubeItem> =>
      http.json<KubeItem>({
        method: "PATCH",
        path: `${pathOf(wanted)}?fieldManager=${FIELD_MANAGER}&force=${force}`,
        type: APPLY_TYPE,
        body: wanted,
      });
    // What has our label is ours; elsewhere it must be looked at first, again and again until it is free.
    let written: KubeItem;
    try {
      if (actual === undefined && (await isTaken(wanted))) {
        events.taken(wanted);
        throw new KubeError(409, "AlreadyExists", takenMessage(wanted));
      }
      written = await patch(true);
    } catch (error) {
      // Its namespace is going: so will the route that wants it.
      if (
        error instanceof KubeError &&
        error.status === 403 &&
        /being terminated/.test(error.message)
      )
        return;
      throw error;
    }
    observed.set(id, written);
    applied.set(id, { wanted: JSON.stringify(wanted), there: inWordsOf(written, wanted) });
    events.wrote(wanted, "apply");
  }

  /** True where an object of that name was made by somebody else. */
  async function isTaken(wanted: KubeObject): Promise<boolean> {
    const owners = wanted.metadata.ownerReferences ?? [];
    try {
      const there = await http.json<KubeItem>({ method: "GET", path: pathOf(wanted) });
      const theirs = (there.metadata.ownerReferences ?? []) as { uid?: string }[];
      const label = Object.entries(wanted.metadata.labels ?? {}).some(
        ([name, value]) => LABEL.test(name) && there.metadata.labels?.[name] === value,
      );
      return !label && !theirs.some(({ uid }) => owners.some((owner) => owner.uid === uid));
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return false;
      throw error;
    }
  }

  async function remove(id: string, actual: KubeItem): Promise<void> {
    const { uid } = actual.metadata;
    try {
      await http.json({
        method: "DELETE",
        path: pathOf(actual),
        body: { ...(uid === undefined ? {} : { preconditions: { uid } }) },
      });
      events.wrote(actual, "delete");
    } catch (error) {
      const status = error instanceof KubeError ? error.status : undefined;
      if (status !== 404 && status !== 409) throw error;
    }
    observed.delete(id);
    applied.delete(id);
  }

  function agrees(id: string, actual: KubeItem | undefined, wanted: KubeObject): boolean {
    if (actual === undefined) return false;
    if (covers(actual, wanted)) return true;
    const last = applied.get(id);
    return last?.wanted === JSON.stringify(wanted) && covers(actual, last.there);
  }

  const drifted = (id: string): boolean => {
    const wanted = desired?.get(id);
    const actual = observed.get(id);
    if (desired === undefined) return false;
    return wanted === undefined ? actual !== undefined : !agrees(id, actual, wanted);
  };
  const look = (id: string): void => {
    if (drifted(id)) queue.add(id);
  };

  return {
    desire(objects) {
      desired = new Map(objects.map((object) => [idOf(object), object]));
      for (const id of desired.keys()) look(id);
      for (const id of observed.keys()) look(id);
    },
    observeAll(kind, items) {
      const seen = new Map(items.map((item) => [idOf(item), item]));
      for (const [id, item] of observed) {
        if (item.kind === kind && !seen.has(id)) observed.delete(id);
      }
      for (const [id, item] of seen) observed.set(id, item);
      for (const id of new Set([...(desired?.keys() ?? []), ...seen.keys()])) look(id);
    },
    observe(item) {
      const id = idOf(item);
      observed.set(id, item);
      look(id);
    },
    observeRemoved(item) {
      const id = idOf(item);
      observed.delete(id);
      look(id);
    },
    get depth() {
      return queue.depth;
    },
    idle: () => queue.idle(),
    rest() {
      desired = undefined;
    },
    stop() {
      desired = undefined;
      queue.stop();
    },
  };
}

const LABEL = /managed-by$/;

const takenMessage = ({ kind, metadata }: KubeObject): string =>
  `${kind} ${metadata.namespace}/${metadata.name} exists and was not made by this controller; rename it or the AIGatewayRoute`;
