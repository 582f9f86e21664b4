/** Our ADS server against real Envoys: changes under load, refusals, rotation of secrets. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  envoyVersions,
  snapshotFromJson,
  startTestEnvoy,
  type TestEnvoy,
} from "../support/envoy.ts";
import { post, startLoad, startPost, startUpstream, type Upstream } from "../support/upstream.ts";
import {
  ADS,
  edsCluster,
  extension,
  genericSecret,
  hosts,
  listener,
  routeTo,
  upstreamFilters,
} from "../support/xds-json.ts";

const BUFFER = extension(
  "envoy.filters.http.buffer",
  "envoy.extensions.filters.http.buffer.v3.Buffer",
  { max_request_bytes: 1_000 },
);

describe.each(envoyVersions)("Envoy %s", (version) => {
  let gateway: TestEnvoy;
  let one: Upstream;
  let two: Upstream;

  beforeAll(async () => {
    one = await startUpstream((request, response) => {
      request.resume().on("end", () => response.end(`one ${request.headers["x-key"] ?? ""}`));
    });
    two = await startUpstream((request, response) => {
      request.resume().on("end", () => response.end("two"));
    });
    gateway = await startTestEnvoy(version, { retireAfterMs: 50 });
  });
  afterAll(async () => {
    await gateway.stop();
    await one.close();
    await two.close();
  });

  const plain = (cluster: string, port: number, more = {}) =>
    snapshotFromJson({
      clusters: [edsCluster(cluster, more)],
      endpoints: [hosts(cluster, port)],
      listeners: [listener("main")],
      routes: [routeTo("main", cluster)],
    });

  test("the first snapshot serves", async () => {
    expect(await gateway.ads.set(plain("first", one.port))).toEqual({ ok: true });
    await gateway.envoy.ready();
    const port = await gateway.port("main");
    expect(await post(port, "x")).toEqual({ status: 200, body: "one " });
  });

  test("clusters come, change and go under load and no request fails", async () => {
    const load = startLoad(await gateway.port("main"), 8);
    const durations: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      const before = performance.now();
      const target = round % 2 === 0 ? two.port : one.port;
      // Every third round changes the cluster in place, the others replace it.
      const name = `cluster-${round - (round % 3)}`;
      const set = await gateway.ads.set(plain(name, target, { alt_stat_name: `stats-${round}` }));
      durations.push(performance.now() - before);
      expect(set).toEqual({ ok: true });
      await sleep(60);
    }
    const { answered, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(100);
    // A rollout waits for no timer (the shortest takes two seconds).
    expect(durations.toSorted((a, b) => a - b)[6]).toBeLessThan(1_900);
    const { body } = await gateway.envoy.adminGet("/clusters");
    expect(body).toContain("cluster-9::");
    expect(body).not.toContain("cluster-6::");
  });

  test("a refusal arrives in Envoy's words, and the last good configuration goes on", async () => {
    expect(await gateway.ads.set(plain("good", one.port))).toEqual({ ok: true });
    const load = startLoad(await gateway.port("main"), 4);
    const refused = await gateway.ads.set(
      snapshotFromJson({
        clusters: [edsCluster("next")],
        endpoints: [hosts("next", two.port)],
        listeners: [
          listener("main", [
            extension("lua", "envoy.extensions.filters.http.lua.v3.Lua", {
              default_source_code: { inline_string: "this is not Lua" },
            }),
          ]),
        ],
        routes: [routeTo("main", "next")],
      }),
    );
    expect(refused).toMatchObject({
      ok: false,
      reason: "refused",
      kind: "listeners",
      typeUrl: "type.googleapis.com/envoy.config.listener.v3.Listener",
      error: expect.stringMatching(/script load error.*'this'|'=' expected near 'is'/s),
    });
    await sleep(100);
    const { failures } = await load.stop();
    expect(failures).toEqual([]);
    expect((await post(await gateway.port("main"), "x")).body).toBe("one ");
    const { body } = await gateway.envoy.adminGet("/clusters");
    expect(body).not.toContain("next::");
  });

  test("a rotated secret is used at once, on the same connection", async () => {
    const injector = extension(
      "envoy.filters.http.credential_injector",
      "envoy.extensions.filters.http.credential_injector.v3.CredentialInjector",
      {
        overwrite: true,
        credential: extension(
          "envoy.http.injected_credentials.generic",
          "envoy.extensions.http.injected_credentials.generic.v3.Generic",
          { credential: { name: "key", sds_config: ADS }, header: "x-key" },
        ),
      },
    );
    const withKey = (key: string) =>
      snapshotFromJson({
        clusters: [edsCluster("keyed", upstreamFilters([injector]))],
        endpoints: [hosts("keyed", one.port)],
        listeners: [listener("main")],
        routes: [routeTo("main", "keyed")],
        secrets: [genericSecret("key", key)],
      });
    const stat = async (name: string) =>
      (await gateway.envoy.adminGet(`/stats?filter=^${name}$`)).body.trim().split(": ")[1];

    expect(await gateway.ads.set(withKey("old"))).toEqual({ ok: true });
    const port = await gateway.port("main");
    expect((await post(port, "x")).body).toBe("one old");
    const connections = one.connections();
    const modified = await stat("cluster_manager.cluster_modified");

    expect(await gateway.ads.set(withKey("new"))).toEqual({ ok: true });
    // Envoy acknowledges before its workers have heard of it; that is a matter of microseconds.
    await sleep(20);
    expect((await post(port, "x")).body).toBe("one new");
    expect((await post(port, "x")).body).toBe("one new");
    expect(one.connections() - connections).toBeLessThanOrEqual(1);
    expect(await stat("cluster_manager.cluster_modified")).toBe(modified);
    expect(await stat("cluster.keyed.upstream_cx_destroy")).toBe("0");
  });

  test("a request whose body is still arriving keeps the route and cluster it began with", async () => {
    const patient = await startTestEnvoy(version, { retireAfterMs: 5_000 });
    try {
      const buffered = (cluster: string, port: number) =>
        snapshotFromJson({
          clusters: [edsCluster(cluster)],
          endpoints: [hosts(cluster, port)],
          listeners: [listener("main", [BUFFER])],
          routes: [routeTo("main", cluster)],
        });
      await patient.ads.set(buffered("before", one.port));
      const upload = startPost(await patient.port("main"));
      upload.write("half ");
      await sleep(50);
      expect(await patient.ads.set(buffered("after", two.port))).toEqual({ ok: true });
      expect(await upload.end("and half")).toEqual({ status: 200, body: "one " });
      expect((await post(await patient.port("main"), "x")).body).toBe("two");
    } finally {
      await patient.stop();
    }
  });
});
