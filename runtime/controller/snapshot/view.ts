import type { ObjectMeta, TargetRef, TargetSelector } from "./foreign.ts";
import { selects } from "./selectors.ts";
import { type Kind, type KindMap, namespaceOf, type Snapshot, snapshotKinds } from "./snapshot.ts";

/** Kinds that name the objects they are about. */
export type PolicyKind = "BackendSecurityPolicy" | "BackendTLSPolicy" | "BackendTrafficPolicy";

/** What a policy can be about: an object of its own namespace. */
export interface Target {
  kind: string;
  namespace: string;
  name: string;
  /** By which a policy can select it; left out where policies of the kind only name. */
  labels?: Readonly<Record<string, string>> | undefined;
}

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
      const maps = mapsOf((kind) => new ViewMap(kind, snapshot[kind], plain[kind], log));
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

interface Versioned {
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

class ViewMap<K extends Kind> implements ReadonlyMap<string, KindMap[K]> {
  readonly #kind: K;
  readonly #base: ReadonlyMap<string, KindMap[K]>;
  readonly #indexed: ViewMap<K>;
  readonly #log: Read[] | undefined;
  #byTarget: Map<string, KindMap[K][]> | undefined;

  constructor(
    kind: K,
    base: ReadonlyMap<string, KindMap[K]>,
    indexed?: ViewMap<Kind>,
    log?: Read[],
  ) {
    this.#kind = kind;
    this.#base = base;
    this.#indexed = (indexed as unknown as ViewMap<K> | undefined) ?? this;
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
    return this.#read("targeting", key, this.#indexed.targets(key));
  }

  targets(key: string): readonly KindMap[K][] {
    this.#byTarget ??= indexByTarget(this.#base);
    return this.#byTarget.get(key) ?? [];
  }
}

/** Under which an index has the policies of a namespace that select their targets. */
const selectorKey = (namespace: string): string => `*/${namespace}`;
const targetKey = ({ kind, namespace, name }: Target): string => `${kind}/${namespace}/${name}`;

interface Policy {
  metadata: ObjectMeta;
  spec: {
    targetRef?: TargetRef | undefined;
    targetRefs?: readonly TargetRef[] | undefined;
    targetSelectors?: readonly TargetSelector[] | undefined;
  };
}

function indexByTarget<T>(objects: ReadonlyMap<string, T>): Map<string, T[]> {
  const index = new Map<string, T[]>();
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
}

function targetsOf({ metadata, spec }: Policy): Iterable<string> {
  const namespace = namespaceOf(metadata);
  const refs = [...(spec.targetRefs ?? []), ...(spec.targetRef ? [spec.targetRef] : [])];
  const keys = refs.map(({ kind, name }) => targetKey({ kind, namespace, name }));
  if (spec.targetSelectors !== undefined) keys.push(selectorKey(namespace));
  return keys.length > 1 ? new Set(keys) : keys;
}

/** Gateway API precedence: older first, then by `namespace/name`. */
export function byAge({ metadata: a }: Versioned, { metadata: b }: Versioned): number {
  const age = order(a.creationTimestamp ?? "", b.creationTimestamp ?? "");
  if (age !== 0) return age;
  const [one, other] = [namespaceOf(a), namespaceOf(b)];
  return one === other ? order(a.name, b.name) : order(`${one}/${a.name}`, `${other}/${b.name}`);
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
