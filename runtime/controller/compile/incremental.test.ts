import fc from "fast-check";
import { backend, documents, gateway, key, route } from "../../../test/support/yaml-resources.ts";
import type { ObjectMeta } from "../snapshot/foreign.ts";
import { type Snapshot, snapshotOf } from "../snapshot/snapshot.ts";
import { assemble, compileUnit } from "./compile.ts";
import { createCompiler } from "./incremental.ts";
import { NOTHING_GOOD } from "./last-good.ts";
import type { Plan, RulePlan } from "./plan.ts";

type Stored = { kind: string; metadata: ObjectMeta; spec?: unknown };

/** Keeps objects as an API server does: new versions are new objects, and are numbered. */
class Store {
  readonly #objects = new Map<string, Stored>();
  #version = 0;

  apply(...texts: string[]): void {
    for (const object of documents(...texts) as Stored[]) {
      const id = `${object.kind}/${object.metadata.name}`;
      const known = this.#objects.get(id);
      const changed = JSON.stringify(known?.spec) !== JSON.stringify(object.spec);
      this.#version += 1;
      this.#objects.set(id, {
        ...object,
        metadata: {
          ...object.metadata,
          uid: known?.metadata.uid ?? `uid-${this.#version}`,
          resourceVersion: String(this.#version),
          // Secrets have none.
          ...("spec" in object
            ? { generation: (known?.metadata.generation ?? 0) + (changed ? 1 : 0) }
            : {}),
        },
      });
    }
  }

  remove(id: string): void {
    this.#objects.delete(id);
  }

  /** As when a status is written: another object that says the same. */
  touch(id: string): void {
    const known = this.#objects.get(id);
    if (known === undefined) return;
    this.#version += 1;
    this.#objects.set(id, {
      ...known,
      metadata: { ...known.metadata, resourceVersion: String(this.#version) },
    });
  }

  ids(): string[] {
    return [...this.#objects.keys()];
  }

  snapshot(): Snapshot {
    return snapshotOf(this.#objects.values());
  }
}

const RULES = [
  "[{backendRefs: [{name: a}]}]",
  "[{backendRefs: [{name: a}, {name: b, priority: 1}]}, {name: mine, backendRefs: [{name: c}]}]",
  "[{backendRefs: [{name: ghost}]}]",
  '[{matches: [{headers: [{name: x-ai-eg-model, value: "(", type: RegularExpression}]}], backendRefs: [{name: b}]}]',
];
const COSTS = [
  "",
  "llmRequestCosts: [{metadataKey: in, type: InputToken}]",
  'llmRequestCosts: [{metadataKey: c, type: CEL, cel: "input_tokens +"}]',
];
const CONFIGS = [
  "spec: {}",
  "spec: {globalLLMRequestCosts: [{metadataKey: all, type: TotalToken}]}",
  "spec: {globalLLMRequestCosts: [{metadataKey: bad, type: CEL, cel: '('}]}",
];
const policy = (target: string): string => `
kind: BackendTrafficPolicy
metadata: {name: policy, namespace: default}
spec: {${target}, retry: {numRetries: 7}}
`;
const POLICIES = [
  policy("targetRefs: [{kind: Gateway, name: gw}]"),
  policy("targetRefs: [{kind: HTTPRoute, name: r0, sectionName: mine}]"),
  policy("targetSelectors: [{kind: HTTPRoute, matchLabels: {}}]"),
];

const name = fc.constantFrom("a", "b", "c");
const change: fc.Arbitrary<(store: Store) => void> = fc.oneof(
  fc.tuple(fc.nat(2), fc.constantFrom(...RULES), fc.constantFrom(...COSTS)).map(
    ([i, rules, costs]) =>
      (store: Store) =>
        store.apply(route(rules, costs, `r${i}`)),
  ),
  fc.tuple(name, fc.constantFrom("OpenAI", "Anthropic", "Unheard"), fc.constantFrom("x", "y")).map(
    ([of, schema, host]) =>
      (store: Store) =>
        store.apply(backend(of, schema, "", `${host}.example.com`)),
  ),
  fc.tuple(name, fc.boolean()).map(
    ([of, secret]) =>
      (store: Store) =>
        store.apply(key(of, secret)),
  ),
  fc
    .constantFrom(...CONFIGS)
    .map((spec) => (store: Store) => store.apply(gateway.replace("spec: {}", spec))),
  fc.constantFrom(...POLICIES).map((text) => (store: Store) => store.apply(text)),
  fc.nat().map((n) => (store: Store) => store.touch(store.ids()[n % store.ids().length] ?? "")),
  fc.nat().map((n) => (store: Store) => store.remove(store.ids()[n % store.ids().length] ?? "")),
);

const filled = (): Store => {
  const store = new Store();
  const [r0 = "", r1 = ""] = RULES;
  store.apply(gateway, backend("a"), backend("b"), backend("c"), key("a"));
  store.apply(route(r0, "", "r0"), route(r1, "", "r1"));
  return store;
};

const rulesOf = (plan: Plan): RulePlan[] => plan.gateways.flatMap(({ rules }) => rules);
const rule = (plan: Plan, id: string): RulePlan | undefined =>
  rulesOf(plan).find((candidate) => candidate.id === `default/${id}`);

test("what is remembered changes no result, whatever changes", () => {
  const options = { platform: "cluster" } as const;
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
      const store = filled();
      const compiler = createCompiler(options);
      let good = NOTHING_GOOD;
      for (const apply of [() => {}, ...changes]) {
        apply(store);
        const snapshot = store.snapshot();
        const fresh = assemble(
          snapshot,
          (...unit) => compileUnit(...unit, options).unit,
          good,
          options,
        );
        good = fresh.good;
        expect(compiler.compile(snapshot)).toEqual(fresh.plan);
      }
    }),
    { numRuns: 150 },
  );
});

describe("the same plan is the same object", () => {
  test("when nothing changed, and when only statuses did", () => {
    const store = filled();
    const compiler = createCompiler();
    const before = rulesOf(compiler.compile(store.snapshot()));
    for (const id of store.ids().filter((known) => !known.startsWith("Secret"))) store.touch(id);
    const after = rulesOf(compiler.compile(store.snapshot()));
    expect(after).toHaveLength(3);
    for (const [index, one] of after.entries()) expect(one).toBe(before[index]);
  });

  test("for rules that a change does not concern", () => {
    const store = filled();
    const compiler = createCompiler();
    const before = compiler.compile(store.snapshot());
    store.apply(backend("b", "OpenAI", "", "elsewhere.example.com"));
    const after = compiler.compile(store.snapshot());
    expect(rule(after, "r0/rule/0")).toBe(rule(before, "r0/rule/0"));
    expect(rule(after, "r1/rule/1")).toBe(rule(before, "r1/rule/1"));
    expect(rule(after, "r1/rule/0")).not.toEqual(rule(before, "r1/rule/0"));
  });
});

describe("a bad version", () => {
  const BAD = RULES[3] ?? "";
  const GOOD = RULES[0] ?? "";

  test("leaves the last good one serving, is told, and takes no other route along", () => {
    const store = filled();
    const compiler = createCompiler();
    const before = compiler.compile(store.snapshot());
    store.apply(route(BAD, "", "r0"));
    const after = compiler.compile(store.snapshot());
    expect(rule(after, "r0/rule/0")).toBe(rule(before, "r0/rule/0"));
    expect(rule(after, "r1/rule/0")).toBe(rule(before, "r1/rule/0"));
    expect(after.routes.get("default/r0")?.metadata.generation).toBe(1);
    expect(after.problems).toContainEqual(
      expect.objectContaining({ object: "default/r0", reason: "InvalidMatch", severity: "error" }),
    );
    store.apply(route(RULES[1] ?? "", "", "r0"));
    const mended = compiler.compile(store.snapshot());
    expect(mended.routes.get("default/r0")?.metadata.generation).toBe(3);
    expect(mended.problems).toEqual([]);
  });

  test("does not keep a key in use that is gone", () => {
    const store = filled();
    const compiler = createCompiler();
    expect(compiler.compile(store.snapshot()).gateways[0]?.secrets.size).toBe(1);
    store.apply(route(BAD, "", "r0"));
    store.remove("Secret/a-secret");
    const after = compiler.compile(store.snapshot());
    expect(after.gateways[0]?.secrets.size).toBe(0);
    expect(rule(after, "r0/rule/0")?.backends).toEqual([]);
  });

  test("without a good one before it serves what it can", () => {
    const store = filled();
    store.apply(route(BAD, "", "new"));
    const plan = createCompiler().compile(store.snapshot());
    expect(rule(plan, "new/rule/0")?.matches).toEqual([
      [{ name: "x-ai-eg-never", value: "true", type: "Exact" }],
    ]);
  });

  test("does not inherit from another object of its name", () => {
    const store = filled();
    const compiler = createCompiler();
    compiler.compile(store.snapshot());
    store.remove("AIGatewayRoute/r0");
    store.apply(route(BAD, "", "r0"));
    const plan = compiler.compile(store.snapshot());
    expect(rule(plan, "r0/rule/0")?.matches).not.toEqual([]);
  });

  test("is left to what others remember, where that is newer than what was good here", () => {
    const store = filled();
    const [seen, other] = [createCompiler(), createCompiler()];
    const before = seen.compile(store.snapshot());
    other.compile(store.snapshot());
    store.apply(route(RULES[1] ?? "", "", "r0"));
    const newest = seen.compile(store.snapshot()).routes;
    store.apply(route(BAD, "", "r0"));
    const compiled = (memory: Plan["routes"]) => other.compile(store.snapshot(), memory).routes;
    expect(compiled(newest).get("default/r0")?.metadata.generation).toBe(2);
    expect(compiled(before.routes).get("default/r0")?.metadata.generation).toBe(2);
    const fresh = createCompiler().compile(store.snapshot(), before.routes);
    expect(fresh.routes.get("default/r0")?.metadata.generation).toBe(1);
  });

  test("keeps the labels and annotations of today", () => {
    const store = filled();
    const compiler = createCompiler();
    compiler.compile(store.snapshot());
    store.apply(route(BAD, "", "r0").replace("{name: r0,", "{name: r0, labels: {team: x},"));
    const { metadata, spec } = compiler.compile(store.snapshot()).routes.get("default/r0") ?? {};
    expect(metadata).toMatchObject({ generation: 1, labels: { team: "x" } });
    expect(spec?.rules[0]?.matches).toBeUndefined();
  });

  test("of a GatewayConfig leaves the costs of the last good one", () => {
    const store = filled();
    const compiler = createCompiler();
    store.apply(gateway.replace("spec: {}", CONFIGS[1] ?? ""));
    const before = compiler.compile(store.snapshot());
    store.apply(gateway.replace("spec: {}", CONFIGS[2] ?? ""));
    const after = compiler.compile(store.snapshot());
    expect(rule(after, "r0/rule/0")).toBe(rule(before, "r0/rule/0"));
    expect(rule(after, "r0/rule/0")?.backends[0]?.program).toContain("all");
    expect(after.problems).toContainEqual(
      expect.objectContaining({ kind: "GatewayConfig", reason: "InvalidCost" }),
    );
  });

  test("is good again when it is as before", () => {
    const store = filled();
    const compiler = createCompiler();
    compiler.compile(store.snapshot());
    store.apply(route(BAD, "", "r0"));
    compiler.compile(store.snapshot());
    store.apply(route(GOOD, "", "r0"));
    expect(compiler.compile(store.snapshot()).problems).toEqual([]);
  });
});
