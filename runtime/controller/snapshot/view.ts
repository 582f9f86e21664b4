import { byAge, sameMeaning, type Versioned } from "./meaning.ts";
import { selects } from "./selectors.ts";
import { type Kind, type KindMap, type Snapshot, snapshotKinds } from "./snapshot.ts";
import { indexByTarget, type Policy, selectorKey, type Target, targetKey } from "./targets.ts";

/** Kinds that name the objects they are about. */
export type PolicyKind = "BackendSecurityPolicy" | "BackendTLSPolicy" | "BackendTrafficPolicy";

/**
 * Policies of a kind that name or select this object, whatever the section; oldest first, as
 * conflicts between policies are settled.
 */
export function targeting<K extends PolicyKind>(
  snapshot: Snapshot,
  kind: K,
  target: Target,
): readonly KindMap[K][] {
  const map: unknown = snapshot[kind];
  const index = map instanceof ViewMap ? (map as ViewMap<K>) : new ViewMap(kind, snapshot[kind]);
  return index.targeting(target);
}

/** A reading of a snapshot: what was asked, and what the answer was. */
interface Read {
  kind: Kind;
  question: "get" | "targeting" | "all";
  key: string;
  answer: unknown;
}

/** What a piece of work read. */
export interface ReadLog {
  /** Objects that were read by name, of one kind. */
  objects<K extends Kind>(kind: K, since?: number): KindMap[K][];
  /** How much was read so far. */
  readonly length: number;
  /** True where reading the same of another snapshot gives objects that mean the same. */
  holdsFor(view: View): boolean;
}

/** A snapshot that answers quickly which policies target an object, and can tell what was read of it. */
export interface View {
  readonly snapshot: Snapshot;
  /** The same, writing down what is read. */
  recording(): { snapshot: Snapshot; reads: ReadLog };
}

/** The snapshot must not change while the view is used. */
export function viewOf(snapshot: Snapshot): View {
  const plain = mapsOf((kind) => new ViewMap(kind, snapshot[kind]));
  return {
    snapshot: plain as unknown as Snapshot,
    recording() {
      const log: Read[] = [];
      const maps = mapsOf((kind) => new ViewMap(kind, snapshot[kind], log));
      return { snapshot: maps as unknown as Snapshot, reads: readLog(log) };
    },
  };
}

const mapsOf = (make: (kind: Kind) => ViewMap<Kind>): Record<Kind, ViewMap<Kind>> =>
  Object.fromEntries(snapshotKinds.map((kind) => [kind, make(kind)])) as Record<
    Kind,
    ViewMap<Kind>
  >;

function readLog(log: Read[]): ReadLog {
  return {
    objects: (kind, since = 0) =>
      log
        .slice(since)
        .filter((read) => read.kind === kind && read.question === "get" && read.answer)
        .map((read) => read.answer as never),
    get length() {
      return log.length;
    },
    holdsFor: (view) => log.every((read) => sameAnswer(read, view.snapshot)),
  };
}

function sameAnswer({ kind, question, key, answer }: Read, snapshot: Snapshot): boolean {
  const map = snapshot[kind] as unknown as ViewMap<Kind>;
  if (question === "get") return sameMeaning(answer as Versioned, map.get(key));
  const before = answer as readonly Versioned[];
  const now: readonly Versioned[] = question === "all" ? [...map.values()] : map.targets(key);
  return before.length === now.length && before.every((object, i) => sameMeaning(object, now[i]));
}

class ViewMap<K extends Kind> implements ReadonlyMap<string, KindMap[K]> {
  readonly #kind: K;
  readonly #base: ReadonlyMap<string, KindMap[K]>;
  readonly #log: Read[] | undefined;

  constructor(kind: K, base: ReadonlyMap<string, KindMap[K]>, log?: Read[]) {
    this.#kind = kind;
    this.#base = base;
    this.#log = log;
  }

  #read<A>(question: Read["question"], key: string, answer: A): A {
    this.#log?.push({ kind: this.#kind, question, key, answer });
    return answer;
  }

  get size(): number {
    return this.#all().length;
  }

  get(key: string): KindMap[K] | undefined {
    return this.#read("get", key, this.#base.get(key));
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  #all(): KindMap[K][] {
    const all = [...this.#base.values()];
    return this.#log === undefined ? all : this.#read("all", "", all);
  }

  values(): MapIterator<KindMap[K]> {
    return this.#all()[Symbol.iterator]() as MapIterator<KindMap[K]>;
  }

  keys(): MapIterator<string> {
    this.#all();
    return this.#base.keys();
  }

  entries(): MapIterator<[string, KindMap[K]]> {
    this.#all();
    return this.#base.entries();
  }

  [Symbol.iterator](): MapIterator<[string, KindMap[K]]> {
    return this.entries();
  }

  forEach(visit: (value: KindMap[K], key: string, map: ReadonlyMap<string, KindMap[K]>) => void) {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }

  targeting(target: Target): readonly KindMap[K][] {
    const named = this.#targets(targetKey(target));
    const { kind, namespace, labels } = target;
    if (labels === undefined) return named;
    const selecting = this.#targets(selectorKey(namespace)).filter((policy) =>
      ((policy as Policy).spec.targetSelectors ?? []).some(
        (selector) => selector.kind === kind && selects(selector, labels),
      ),
    );
    if (selecting.length === 0) return named;
    return [...new Set([...named, ...selecting])].sort(byAge);
  }

  #targets(key: string): readonly KindMap[K][] {
    return this.#read("targeting", key, this.targets(key));
  }

  targets(key: string): readonly KindMap[K][] {
    return (indexByTarget(this.#base).get(key) ?? []) as KindMap[K][];
  }
}
