import { createFakeApi, type FakeApi } from "../../../test/support/kube/fake-api.ts";
import { keyOf } from "../snapshot/snapshot.ts";
import { KubeError } from "./http.ts";
import { createReferencedObjects, type ReferencedObjects } from "./referenced.ts";
import type { Reference } from "./references.ts";
import { createStore, type Store } from "./store.ts";

const SECRETS = "/api/v1/namespaces/team/secrets";
const KEY: Reference = { kind: "Secret", namespace: "team", name: "key" };
const secret = (name: string, value: string) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace: "team" },
  stringData: { apiKey: value },
});

let api: FakeApi;
let store: Store;
let referenced: ReferencedObjects;
let changes: (() => void)[];
let errors: Error[];

beforeEach(() => {
  api = createFakeApi();
  store = createStore(() => {});
  changes = [];
  errors = [];
  referenced = createReferencedObjects(api.http, store, {
    changed: () => {
      for (const go of changes.splice(0)) go();
    },
    failed: (error) => errors.push(error),
  });
});
afterEach(() => referenced.stop());

/** Waits until `holds`, looking whenever something changed. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise<void>((resolve) => changes.push(resolve));
}
const known = (...references: Reference[]): Promise<void> =>
  until(() => referenced.want(references));
const heldOf = ({ namespace, name }: Reference): string | undefined =>
  store.snapshot().Secret.get(keyOf({ namespace, name }))?.stringData?.apiKey;

test("what is referred to is read by its name, and nothing else of its namespace", async () => {
  api.put(`${SECRETS}/key`, secret("key", "one"));
  api.put(`${SECRETS}/other`, secret("other", "not to be read"));
  await known(KEY);
  expect(heldOf(KEY)).toBe("one");
  expect(api.asked.filter((each) => each.startsWith(`GET ${SECRETS}/`))).toEqual([
    `GET ${SECRETS}/key`,
  ]);
});

test("a new version is read, one that goes is forgotten, one that comes is found", async () => {
  api.put(`${SECRETS}/key`, secret("key", "one"));
  await known(KEY);
  api.put(`${SECRETS}/key`, secret("key", "two"));
  await until(() => heldOf(KEY) === "two");
  api.remove(`${SECRETS}/key`);
  while (heldOf(KEY) !== undefined) await new Promise((resolve) => setImmediate(resolve));
  api.put(`${SECRETS}/key`, secret("key", "three"));
  await until(() => heldOf(KEY) === "three");
});

test("what is not there holds up nothing", async () => {
  await known(KEY, { ...KEY, kind: "ConfigMap" });
  expect(heldOf(KEY)).toBeUndefined();
});

test("what is no longer wanted is not kept", async () => {
  api.put(`${SECRETS}/key`, secret("key", "one"));
  await known(KEY);
  expect(referenced.want([])).toBe(true);
  expect(heldOf(KEY)).toBeUndefined();
});

test.each([
  ["its namespace", SECRETS],
  ["the object", `${SECRETS}/key`],
])("a refusal to read %s holds up nothing, and is told", async (_, refusedPath) => {
  api.put(`${SECRETS}/key`, secret("key", "one"));
  api.intercept = ({ path }) => {
    if (path.split("?")[0] === refusedPath) throw new KubeError(403, "Forbidden", "not for you");
  };
  await known(KEY);
  expect(heldOf(KEY)).toBeUndefined();
  expect(errors.map(({ message }) => message)).toContain("not for you");
  // Once the right is there, it is read.
  api.intercept = () => undefined;
  await until(() => heldOf(KEY) === "one");
});

test("an API server that fails is asked again, and the plan waits for what it has", async () => {
  api.put(`${SECRETS}/key`, secret("key", "one"));
  let failures = 2;
  api.intercept = ({ path }) => {
    if (!path.endsWith("/key")) return;
    failures -= 1;
    if (failures >= 0) throw new KubeError(500, "InternalError", "later");
  };
  await known(KEY);
  expect(heldOf(KEY)).toBe("one");
  expect(errors).toHaveLength(2);
});
