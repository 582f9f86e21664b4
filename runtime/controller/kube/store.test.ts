import type { KubeItem } from "./reflector.ts";
import { createStore, type Store } from "./store.ts";

let store: Store;
let changes: number;
beforeEach(() => {
  changes = 0;
  store = createStore(() => {
    changes += 1;
  });
});

const item = (
  kind: string,
  name: string,
  fields: Record<string, unknown>,
  metadata: Record<string, unknown> = {},
): KubeItem => ({
  apiVersion: kind === "AIServiceBackend" ? "aigateway.envoyproxy.io/v1beta1" : "v1",
  kind,
  metadata: { name, namespace: "default", uid: name, generation: 1, ...metadata },
  ...fields,
});
const SPEC = {
  schema: { name: "OpenAI" },
  backendRef: { name: "b", kind: "Backend", group: "gateway.envoyproxy.io" },
};
const backend = (fields: Record<string, unknown> = {}, metadata = {}) =>
  item("AIServiceBackend", "b", { spec: SPEC, ...fields }, metadata);

test("maps of kinds that did not change are those of the last snapshot", () => {
  store.set("AIServiceBackend", backend());
  const before = store.snapshot();
  store.set("Service", item("Service", "s", { spec: {} }));
  const after = store.snapshot();
  expect(after.AIServiceBackend).toBe(before.AIServiceBackend);
  expect(after.Service).not.toBe(before.Service);
  expect([...before.Service.keys()]).toEqual([]);
});

test("a status of our own is kept, and counts for no change", () => {
  store.set("AIServiceBackend", backend());
  const before = changes;
  const status = { conditions: [] };
  store.set("AIServiceBackend", backend({ status }, { resourceVersion: "2" }));
  expect(changes).toBe(before);
  expect(store.statusOf("AIServiceBackend", "default/b")).toBe(status);
  store.set("AIServiceBackend", backend({}, { generation: 2 }));
  expect(changes).toBe(before + 1);
  store.set("AIServiceBackend", backend({}, { generation: 2, labels: { team: "a" } }));
  expect(changes).toBe(before + 2);
});

test("kinds that count no generations change with their version", () => {
  const secret = (resourceVersion: string) =>
    item("Secret", "s", { data: {} }, { generation: undefined, resourceVersion });
  store.set("Secret", secret("1"));
  store.set("Secret", secret("1"));
  expect(changes).toBe(1);
  store.set("Secret", secret("2"));
  expect(changes).toBe(2);
});

test("what the schema refuses is left out and told, until it is mended or goes", () => {
  store.set("AIServiceBackend", backend());
  store.set("AIServiceBackend", backend({ spec: { schema: 1 } }, { generation: 2 }));
  expect(store.snapshot().AIServiceBackend.size).toBe(0);
  const [refused] = store.invalid.values();
  expect(refused?.problems.length).toBeGreaterThan(0);
  store.set("AIServiceBackend", backend({}, { generation: 3 }));
  expect([store.invalid.size, store.snapshot().AIServiceBackend.size]).toEqual([0, 1]);
  store.set("AIServiceBackend", backend({ spec: {} }, { generation: 4 }));
  store.replace("AIServiceBackend", []);
  expect(store.invalid.size).toBe(0);
});

test("a list takes away what it does not have, and is no change where it has the same", () => {
  store.set("Service", item("Service", "gone", { spec: {} }));
  store.replace("Service", [item("Service", "here", { spec: {} })]);
  expect([...store.snapshot().Service.keys()]).toEqual(["default/here"]);
  const before = changes;
  store.replace("Service", [item("Service", "here", { spec: {} })]);
  expect(changes).toBe(before);
  store.delete("Service", item("Service", "never", {}));
  expect(changes).toBe(before);
});

test("who wrote which field is not kept", () => {
  store.set("Service", item("Service", "s", { spec: {} }, { managedFields: [{ manager: "x" }] }));
  expect(JSON.stringify([...store.snapshot().Service.values()])).not.toContain("managedFields");
});
