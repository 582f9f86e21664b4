/** The supervisor of Envoy, with real Envoys. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureEnvoy } from "../../runtime/standalone/envoy/install.ts";
import { startEnvoy } from "../../runtime/standalone/envoy/process.ts";
import { envoyVersions, snapshotFromJson, startTestEnvoy } from "../support/envoy.ts";
import { post, startPost, startUpstream, type Upstream } from "../support/upstream.ts";
import { edsCluster, hosts, listener, routeTo } from "../support/xds-json.ts";

let upstream: Upstream;

beforeAll(async () => {
  upstream = await startUpstream((request, response) => {
    request.resume().on("end", () => response.end("served"));
  });
});
afterAll(() => upstream.close());

const snapshot = () =>
  snapshotFromJson({
    clusters: [edsCluster("upstream")],
    endpoints: [hosts("upstream", upstream.port)],
    listeners: [listener("main")],
    routes: [routeTo("main", "upstream")],
  });

const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe.each(envoyVersions)("Envoy %s", (version) => {
  test("an Envoy that is killed comes back and serves the same configuration", async () => {
    const gateway = await startTestEnvoy(version);
    try {
      await gateway.ads.set(snapshot());
      const killed = gateway.envoy.pid ?? 0;
      process.kill(killed, "SIGKILL");
      while (gateway.crashes.length === 0) await sleep(5);
      expect(gateway.crashes).toMatchObject([{ how: "it was ended by SIGKILL", restartInMs: 100 }]);
      expect(await gateway.ads.set(snapshot())).toEqual({ ok: true });
      await gateway.envoy.ready();
      expect(gateway.envoy.pid).not.toBe(killed);
      expect(await post(await gateway.port("main"), "x")).toEqual({ status: 200, body: "served" });
    } finally {
      await gateway.stop();
    }
  });

  test("a request under way finishes before Envoy stops", async () => {
    const gateway = await startTestEnvoy(version);
    await gateway.ads.set(snapshot());
    const pid = gateway.envoy.pid ?? 0;
    const upload = startPost(await gateway.port("main"));
    upload.write("half ");
    await sleep(50);
    const stopped = gateway.envoy.stop({ drainMs: 5_000 });
    await sleep(200);
    expect(isRunning(pid)).toBe(true);
    expect(await upload.end("and half")).toEqual({ status: 200, body: "served" });
    await stopped;
    expect(isRunning(pid)).toBe(false);
    expect(gateway.crashes).toEqual([]);
    await gateway.stop();
  });

  test("a request that does not end holds the stop up no longer than agreed", async () => {
    const gateway = await startTestEnvoy(version);
    await gateway.ads.set(snapshot());
    const upload = startPost(await gateway.port("main"));
    upload.write("never ends");
    await sleep(50);
    const before = performance.now();
    await gateway.envoy.stop({ drainMs: 200 });
    expect(performance.now() - before).toBeLessThan(2_000);
    await upload.end("").catch(() => undefined);
    await gateway.stop();
  });

  test("Envoy's log arrives with its levels, free of warnings about our bootstrap", async () => {
    const gateway = await startTestEnvoy(version);
    await gateway.ads.set(snapshot());
    await gateway.envoy.ready();
    await gateway.stop();
    expect(gateway.logs).toContainEqual({
      level: "info",
      component: "main",
      message: "starting main dispatch loop",
    });
    const unexpected = gateway.logs.filter(({ level }) => level !== "info" && level !== "debug");
    expect(unexpected).toEqual([]);
  });
});

describe("a start that fails says why", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "aigw-test-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const xds = { host: "127.0.0.1", port: 1 };

  test("no such executable", async () => {
    const admin = { path: join(folder, "admin.sock") };
    const binary = join(folder, "missing");
    await expect(startEnvoy({ binary, xds, admin })).rejects.toThrow(
      /^Envoy did not start: spawn .*missing ENOENT$/,
    );
  });

  test("the admin address is taken", async () => {
    const binary = await ensureEnvoy();
    const admin = { host: "127.0.0.1", port: upstream.port };
    await expect(startEnvoy({ binary, xds, admin })).rejects.toThrow(
      /^Envoy did not start: it exited with status 1\n.*Address already in use/s,
    );
  });
});
