import { pathOf } from "../kinds.ts";
import type { Condition, StatusUpdate } from "../status/types.ts";
import { KubeError, type KubeHttp } from "./http.ts";
import { createQueue } from "./queue.ts";
import { conditionsIn, statusWith, type WrittenCondition } from "./status-body.ts";

export interface StatusWriter {
  /** The statuses that are to be there. Only the leader calls this. */
  desire(updates: readonly StatusUpdate[]): void;
  readonly depth: number;
  idle(): Promise<void>;
  rest(): void;
  stop(): void;
}

export interface StatusWriterOptions {
  /** Status as the cluster has it now, by kind and `namespace/name`. */
  observed(kind: string, key: string): unknown;
  /** A condition came, went or changed its status or reason. */
  turned(update: StatusUpdate, condition: Condition): void;
  failed(id: string, error: Error): void;
  now?: () => Date;
}

const CONCURRENCY = 8;
const MERGE_TYPE = "application/merge-patch+json";

/** Writes conditions where they differ from what stands there; times change only with a condition. */
export function createStatusWriter(http: KubeHttp, options: StatusWriterOptions): StatusWriter {
  const now = options.now ?? (() => new Date());
  let desired = new Map<string, StatusUpdate>();
  /** What was written over which status: the watch may show it a little later. */
  const written = new Map<
    string,
    { over: unknown; parents: string; conditions: WrittenCondition[] }
  >();
  const queue = createQueue(settle, { concurrency: CONCURRENCY, failed: options.failed });

  async function settle(id: string): Promise<void> {
    const update = desired.get(id);
    if (update === undefined) return;
    const over = observedBy(update);
    const held = heldBy(id, update);
    if (same(held, update)) return;
    const conditions = dated(
      held,
      update,
      now()
        .toISOString()
        .replace(/\.\d+Z$/, "Z"),
    );
    const { apiVersion, kind, namespace, name } = update;
    const path = `${pathOf({ apiVersion, kind, metadata: { namespace, name } })}/status`;
    try {
      await http.json({
        method: "PATCH",
        path,
        type: MERGE_TYPE,
        body: { status: statusWith(conditions, update, over) },
      });
    } catch (error) {
      // Deleted meanwhile: the watch tells soon.
      if (error instanceof KubeError && error.status === 404) return;
      throw error;
    }
    written.set(id, { over, parents: parentsOf(update), conditions });
    for (const condition of update.conditions) {
      const before = held.find(({ type }) => type === condition.type);
      if (before?.status !== condition.status || before.reason !== condition.reason) {
        options.turned(update, condition);
      }
    }
  }

  function observedBy({ kind, namespace, name }: StatusUpdate): unknown {
    return options.observed(kind, `${namespace}/${name}`);
  }

  function heldBy(id: string, update: StatusUpdate): WrittenCondition[] {
    const status = observedBy(update);
    const own = written.get(id);
    if (own?.over === status && own?.parents === parentsOf(update)) return own.conditions;
    return conditionsIn(status, update);
  }

  return {
    desire(updates) {
      desired = new Map(updates.map((update) => [idOf(update), update]));
      for (const id of written.keys()) if (!desired.has(id)) written.delete(id);
      for (const [id, update] of desired) if (!same(heldBy(id, update), update)) queue.add(id);
    },
    get depth() {
      return queue.depth;
    },
    idle: () => queue.idle(),
    rest() {
      desired = new Map();
      // Another replica writes from here on.
      written.clear();
    },
    stop: () => queue.stop(),
  };
}

const parentsOf = ({ parents = [] }: StatusUpdate): string => parents.join();

const idOf = ({ kind, namespace, name }: StatusUpdate): string => `${kind} ${namespace}/${name}`;

const same = (held: readonly WrittenCondition[], update: StatusUpdate): boolean =>
  held.length === update.conditions.length &&
  update.conditions.every((condition, index) => {
    const there = held[index];
    return (
      there?.type === condition.type &&
      there.status === condition.status &&
      there.reason === condition.reason &&
      there.message === condition.message &&
      there.observedGeneration === update.generation
    );
  });

const dated = (
  held: readonly WrittenCondition[],
  update: StatusUpdate,
  time: string,
): WrittenCondition[] =>
  update.conditions.map((condition) => {
    const before = held.find(({ type }) => type === condition.type);
    return {
      ...condition,
      observedGeneration: update.generation,
      lastTransitionTime: before?.status === condition.status ? before.lastTransitionTime : time,
    };
  });
