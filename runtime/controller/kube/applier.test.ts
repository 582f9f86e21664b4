import { createFakeApi, type FakeApi } from "../../../test/support/kube/fake-api.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { type Applier, createApplier } from "./applier.ts";
import { KubeError } from "./http.ts";
import type { KubeItem } from "./reflector.ts";

const ROUTES = "/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes";
const route = (name: string, hostname = "a.test"): KubeObject => ({
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "HTTPRoute",
  metadata: {
    name,
    namespace: "default",
    labels: { "app.kubernetes.io/managed-by": "envoy-ai-gateway" },
  },
  spec: { hostnames: [hostname] },
});

let api: FakeApi;
let applier: Applier;
let wrote: string[];
let failed: string[];
let taken: string[];

beforeEach(() => {
  api = createFakeApi();
  [wrote, failed, taken] = [[], [], []];
  applier = createApplier(api.http, {
    wrote: ({ metadata }, action) => wrote.push(`${action} ${metadata.name}`),
    failed: (id) => failed.push(id),
    taken: ({ metadata }) => taken.push(metadata.name),
  });
});
afterEach(() => applier.stop());

/** As the watch tells it. */
const observe = (object: KubeObject): void => applier.observe(object as KubeItem);

test("what is desired is applied once, and again only when it is another", async () => {
  applier.desire([route("a"), route("b")]);
  await applier.idle();
  expect(wrote.sort()).toEqual(["apply a", "apply b"]);
  applier.desire([route("a"), route("b")]);
  observe({ ...route("a"), status: { parents: [] } });
  await applier.idle();
  expect(wrote).toHaveLength(2);
  applier.desire([route("a", "b.test"), route("b")]);
  await applier.idle();
  expect(wrote.slice(2)).toEqual(["apply a"]);
});

test("what somebody changes by hand is put right, what somebody adds stays", async () => {
  applier.desire([route("a")]);
  await applier.idle();
  observe({ ...route("a"), spec: { hostnames: ["a.test"], more: true } });
  await applier.idle();
  expect(wrote).toEqual(["apply a"]);
  observe(route("a", "other.test"));
  await applier.idle();
  expect(wrote).toEqual(["apply a", "apply a"]);
});

test("what is no longer desired goes, with the very object that was seen", async () => {
  const seen = { ...route("old"), metadata: { ...route("old").metadata, uid: "u1" } };
  api.put(`${ROUTES}/old`, seen as KubeItem);
  applier.observeAll("HTTPRoute", [seen as KubeItem]);
  applier.desire([]);
  await applier.idle();
  expect(wrote).toEqual(["delete old"]);
  expect(api.written.at(-1)?.body).toEqual({ preconditions: { uid: "u1" } });
});

test("what was deleted by hand comes back", async () => {
  applier.desire([route("a")]);
  await applier.idle();
  api.remove(`${ROUTES}/a`);
  applier.observeRemoved(route("a") as KubeItem);
  await applier.idle();
  expect(wrote).toEqual(["apply a", "apply a"]);
});

test("somebody else's object keeps its place until it goes", async () => {
  const theirs = { ...route("a", "theirs.test"), metadata: { name: "a", namespace: "default" } };
  api.put(`${ROUTES}/a`, theirs as KubeItem);
  applier.desire([route("a")]);
  await applier.idle();
  expect([taken, wrote]).toEqual([["a"], []]);
  api.remove(`${ROUTES}/a`);
  while (wrote.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(wrote).toEqual(["apply a"]);
});

test("a refusal is told and tried again; nothing else waits for it", async () => {
  let refusals = 1;
  api.intercept = ({ method, path }) => {
    if (method !== "PATCH" || !path.includes("/a?") || refusals === 0) return;
    refusals -= 1;
    throw new KubeError(500, "InternalError", "later");
  };
  applier.desire([route("a"), route("b")]);
  await applier.idle();
  expect(wrote).toEqual(["apply b"]);
  expect(failed).toEqual(["HTTPRoute default/a"]);
  while (wrote.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(wrote).toContain("apply a");
});

test("who rests writes nothing more", async () => {
  applier.desire([route("a")]);
  await applier.idle();
  applier.rest();
  observe(route("a", "other.test"));
  applier.observeRemoved(route("a") as KubeItem);
  await applier.idle();
  expect(wrote).toEqual(["apply a"]);
});

describe("a route and its filter", () => {
  const filter: KubeObject = {
    apiVersion: "gateway.envoyproxy.io/v1alpha1",
    kind: "HTTPRouteFilter",
    metadata: {
      name: "f",
      namespace: "default",
      labels: { "app.kubernetes.io/managed-by": "envoy-ai-gateway" },
    },
    spec: {},
  };
  const uses = [{ type: "ExtensionRef", extensionRef: { kind: "HTTPRouteFilter", name: "f" } }];
  const filtered: KubeObject = { ...route("a"), spec: { rules: [{ filters: uses }] } };

  test("the filter comes first, however they are named", async () => {
    applier.desire([filtered, filter]);
    await applier.idle();
    expect(wrote).toEqual(["apply f", "apply a"]);
  });

  test("and goes last", async () => {
    applier.desire([filtered, filter]);
    await applier.idle();
    applier.desire([route("a")]);
    await applier.idle();
    expect(wrote.slice(2)).toEqual(["apply a", "delete f"]);
    applier.desire([filtered, filter]);
    await applier.idle();
    applier.desire([]);
    await applier.idle();
    expect(wrote.slice(6)).toEqual(["delete a", "delete f"]);
  });

  test("a filter that is there before its turn releases its route", async () => {
    const busy = Array.from({ length: 15 }, (_, i) => route(`busy-${i}`));
    applier.desire([...busy, filtered, filter]);
    observe(filter);
    await applier.idle();
    expect(wrote).toContain("apply a");
  });

  test("a filter that cannot be written holds nobody up", async () => {
    api.intercept = ({ method, path }) => {
      if (method === "PATCH" && path.includes("/httproutefilters/")) {
        throw new KubeError(500, "InternalError", "no");
      }
    };
    applier.desire([filtered, filter]);
    await applier.idle();
    expect(failed).toEqual(["HTTPRouteFilter default/f"]);
    expect(wrote).toEqual(["apply a"]);
  });
});
