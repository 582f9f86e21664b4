import { create } from "@bufbuild/protobuf";
import fc from "fast-check";
import {
  Cluster_DiscoveryType,
  ClusterSchema,
} from "../../../protos/gen/envoy/config/cluster/v3/cluster_pb.ts";
import { ClusterLoadAssignmentSchema } from "../../../protos/gen/envoy/config/endpoint/v3/endpoint_pb.ts";
import { ListenerSchema } from "../../../protos/gen/envoy/config/listener/v3/listener_pb.ts";
import { RouteConfigurationSchema } from "../../../protos/gen/envoy/config/route/v3/route_pb.ts";
import { SecretSchema } from "../../../protos/gen/envoy/extensions/transport_sockets/tls/v3/secret_pb.ts";
import { FakeEnvoy, type FakeEnvoyOptions } from "../../../test/support/fake-envoy.ts";
import { Ads, type AdsOptions } from "./ads.ts";
import type { XdsSnapshot } from "./resources.ts";

const cluster = (name: string, note = "") =>
  create(ClusterSchema, {
    name,
    altStatName: note,
    clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.EDS },
    edsClusterConfig: { serviceName: `${name}-hosts` },
  });

const endpoints = (name: string, port = 1) =>
  create(ClusterLoadAssignmentSchema, {
    clusterName: `${name}-hosts`,
    endpoints: [{ priority: port }],
  });

const routes = (name: string, clusters: readonly string[]) =>
  create(RouteConfigurationSchema, {
    name,
    virtualHosts: [
      {
        name,
        domains: ["*"],
        routes: clusters.map((it) => ({
          match: { pathSpecifier: { case: "prefix" as const, value: `/${it}` } },
          action: {
            case: "route" as const,
            value: { clusterSpecifier: { case: "cluster" as const, value: it } },
          },
        })),
      },
    ],
  });

const secret = (name: string, value: string) =>
  create(SecretSchema, {
    name,
    type: {
      case: "genericSecret",
      value: { secret: { specifier: { case: "inlineString", value } } },
    },
  });

/** One listener whose routes point at these clusters. */
function snapshot(clusters: readonly string[], more: Partial<XdsSnapshot> = {}): XdsSnapshot {
  return {
    clusters: clusters.map((name) => cluster(name)),
    endpoints: clusters.map((name) => endpoints(name)),
    listeners: [create(ListenerSchema, { name: "main" })],
    routes: [routes("main", clusters)],
    secrets: [],
    ...more,
  };
}

/** Connects a fake Envoy; messages travel one microtask at a time, as they would over a wire. */
function connect(ads: Ads, options: FakeEnvoyOptions = {}) {
  const toEnvoy = (deliver: () => void) => queueMicrotask(deliver);
  const stream = ads.connect((response) => toEnvoy(() => envoy.receive(response)));
  const envoy = new FakeEnvoy((request) => toEnvoy(() => stream.receive(request)), options);
  envoy.start();
  return { envoy, disconnect: () => stream.disconnect() };
}

const started: Ads[] = [];
function newAds(options: AdsOptions = {}): Ads {
  const ads = new Ads({ retireAfterMs: 5, subscribeGraceMs: 20, ...options });
  started.push(ads);
  return ads;
}
afterEach(() => {
  for (const ads of started.splice(0)) ads.close();
});

const retired = () => new Promise((resolve) => setTimeout(resolve, 30));

test("the first snapshot reaches Envoy whole, and set waits for an Envoy", async () => {
  const ads = newAds();
  const done = ads.set(snapshot(["a", "b"]));
  const { envoy } = connect(ads);
  expect(await done).toEqual({ ok: true });
  expect([...envoy.clusters.keys()]).toEqual(["a", "b"]);
  expect([...envoy.endpoints]).toEqual(["a-hosts", "b-hosts"]);
  expect([...envoy.listeners]).toEqual(["main"]);
  expect(envoy.routes.get("main")).toEqual(["a", "b"]);
});

test("an unchanged snapshot sends nothing", async () => {
  const ads = newAds();
  const { envoy } = connect(ads);
  await ads.set(snapshot(["a"]));
  await retired();
  const before = envoy.received.length;
  expect(await ads.set(snapshot(["a"]))).toEqual({ ok: true });
  expect(envoy.received.length).toBe(before);
});

test("only what changed of endpoints is sent", async () => {
  const ads = newAds();
  const { envoy } = connect(ads);
  await ads.set(snapshot(["a", "b"]));
  const before = envoy.received.length;
  await ads.set(snapshot(["a", "b"], { endpoints: [endpoints("a"), endpoints("b", 2)] }));
  expect(envoy.received.slice(before)).toEqual([{ kind: "endpoints", names: ["b-hosts"] }]);
});

test("a changed EDS cluster gets its unchanged endpoints again", async () => {
  const ads = newAds();
  const { envoy } = connect(ads);
  await ads.set(snapshot(["a", "b"]));
  const before = envoy.received.length;
  await ads.set(snapshot(["a", "b"], { clusters: [cluster("a"), cluster("b", "changed")] }));
  expect(envoy.received.slice(before)).toEqual([
    { kind: "clusters", names: ["a", "b"] },
    { kind: "endpoints", names: ["b-hosts"] },
  ]);
});

test("a rotated secret touches nothing else", async () => {
  const ads = newAds();
  const { envoy } = connect(ads);
  envoy.subscribe("secrets", ["key"]);
  await ads.set(snapshot(["a"], { secrets: [secret("key", "one")] }));
  const before = envoy.received.length;
  await ads.set(snapshot(["a"], { secrets: [secret("key", "two")] }));
  expect(envoy.secrets.get("key")).toBe("two");
  expect(envoy.received.slice(before).map(({ kind }) => kind)).toEqual(["secrets"]);
});

test("a dropped cluster goes only after its routes, and after the retirement time", async () => {
  const ads = newAds();
  const { envoy } = connect(ads);
  await ads.set(snapshot(["a", "b"]));
  expect(await ads.set(snapshot(["b"]))).toEqual({ ok: true });
  expect([...envoy.clusters.keys()]).toEqual(["a", "b"]);
  expect(envoy.routes.get("main")).toEqual(["b"]);
  await retired();
  expect([...envoy.clusters.keys()]).toEqual(["b"]);
});

test("routes wait until the new clusters are ready", async () => {
  let ready = () => {};
  const waiting = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const ads = newAds({ clustersReady: () => waiting });
  const { envoy } = connect(ads);
  const done = ads.set(snapshot(["a"]));
  await retired();
  expect([...envoy.clusters.keys()]).toEqual(["a"]);
  expect(envoy.routes.size).toBe(0);
  ready();
  expect(await done).toEqual({ ok: true });
  expect(envoy.routes.get("main")).toEqual(["a"]);
});

test("a refused cluster fails the set with Envoy's words and leaves the last good snapshot", async () => {
  const ads = newAds();
  const heard: string[] = [];
  ads.onRefusal(({ error }) => heard.push(error));
  const { envoy } = connect(ads, { refuses: { name: "bad", text: "bad: no such filter" } });
  await ads.set(snapshot(["a"]));
  expect(await ads.set(snapshot(["b", "bad"]))).toMatchObject({
    ok: false,
    reason: "refused",
    kind: "clusters",
    typeUrl: "type.googleapis.com/envoy.config.cluster.v3.Cluster",
    error: "bad: no such filter",
  });
  expect(heard).toEqual(["bad: no such filter"]);
  expect([...envoy.clusters.keys()]).toEqual(["a"]);
  expect(envoy.routes.get("main")).toEqual(["a"]);

  const later = connect(ads);
  await retired();
  expect([...later.envoy.clusters.keys()]).toEqual(["a"]);
  expect(await ads.set(snapshot(["c"]))).toEqual({ ok: true });
});

test("refused routes take back the clusters that were made for them", async () => {
  const ads = newAds();
  const { envoy } = connect(ads, { refuses: { name: "other", text: "no" } });
  await ads.set(snapshot(["a"]));
  const next = snapshot(["b"], {
    listeners: [
      create(ListenerSchema, { name: "main" }),
      create(ListenerSchema, { name: "other" }),
    ],
    routes: [routes("main", ["b"]), routes("other", ["b"])],
  });
  expect(await ads.set(next)).toMatchObject({ reason: "refused", kind: "listeners", error: "no" });
  await retired();
  expect([...envoy.clusters.keys()]).toEqual(["a"]);
  expect([...envoy.listeners]).toEqual(["main"]);
  expect(envoy.routes.get("main")).toEqual(["a"]);
  expect(envoy.broken).toEqual([]);
});

test("with a bad first snapshot Envoy is left with nothing", async () => {
  const ads = newAds();
  const { envoy } = connect(ads, { refuses: { name: "bad", text: "no" } });
  expect(await ads.set(snapshot(["a", "bad"]))).toMatchObject({ ok: false, reason: "refused" });
  expect(envoy.clusters.size).toBe(0);
  expect(envoy.listeners.size).toBe(0);
});

test("an Envoy that comes back gets everything", async () => {
  const ads = newAds();
  const first = connect(ads);
  await ads.set(snapshot(["a"]));
  first.disconnect();
  const done = ads.set(snapshot(["a", "b"]));
  await retired();
  const { envoy } = connect(ads);
  expect(await done).toEqual({ ok: true });
  expect(envoy.routes.get("main")).toEqual(["a", "b"]);
  expect(first.envoy.routes.get("main")).toEqual(["a"]);
});

test("a later set supersedes one under way; closing ends it", async () => {
  const ads = newAds();
  const first = ads.set(snapshot(["a"]));
  const second = ads.set(snapshot(["b"]));
  expect(await first).toEqual({ ok: false, reason: "superseded" });
  ads.close();
  expect(await second).toEqual({ ok: false, reason: "closed" });
  expect(await ads.set(snapshot(["c"]))).toEqual({ ok: false, reason: "closed" });
});

test("a resource that Envoy never asks for holds nothing up for long", async () => {
  const ads = newAds();
  connect(ads);
  const unused = snapshot(["a"], { secrets: [secret("unused", "x")] });
  expect(await ads.set(unused)).toEqual({ ok: true });
});

test("two resources of one name are an error before anything is sent", async () => {
  const ads = newAds();
  const twice = snapshot(["a"], { clusters: [cluster("a"), cluster("a")] });
  await expect(ads.set(twice)).rejects.toThrow('two xDS resources are called cluster "a"');
});

test("whatever the changes, also overlapping ones, no route ever lacks its cluster or endpoints", async () => {
  const names = fc.subarray(["a", "b", "c", "d"], { minLength: 1 });
  const step = fc.record({ names, note: fc.constantFrom("", "x"), overlap: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), async (steps) => {
      const ads = newAds({ retireAfterMs: 0 });
      const { envoy } = connect(ads);
      let last: Promise<unknown> = Promise.resolve();
      for (const { names: used, note, overlap } of steps) {
        const clusters = used.map((name) => cluster(name, note));
        last = ads.set(snapshot(used, { clusters }));
        if (!overlap) await last;
        else await Promise.resolve();
      }
      expect(await last).toEqual({ ok: true });
      expect(envoy.broken).toEqual([]);
      expect(envoy.routes.get("main")).toEqual(steps.at(-1)?.names);
      ads.close();
    }),
    { numRuns: 50 },
  );
});
