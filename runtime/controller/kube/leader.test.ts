import { KubeError, type KubeHttp, type KubeRequest } from "./http.ts";
import { startLeaderElection } from "./leader.ts";

/** The one Lease, as an API server keeps it. */
function leases() {
  let held: { metadata: { resourceVersion: string }; spec: object } | undefined;
  let version = 0;
  let down = false;
  const http: KubeHttp = {
    async json<T>({ method, body }: KubeRequest): Promise<T> {
      await Promise.resolve();
      if (down) throw new Error("no connection");
      if (method === "GET") {
        if (held === undefined) throw new KubeError(404, "NotFound", "none");
        return structuredClone(held) as T;
      }
      const { metadata, spec } = body as { metadata: { resourceVersion?: string }; spec: object };
      if (held?.metadata.resourceVersion !== metadata.resourceVersion) {
        throw new KubeError(409, "Conflict", "changed");
      }
      version += 1;
      held = { metadata: { resourceVersion: String(version) }, spec: structuredClone(spec) };
      return held as T;
    },
    // biome-ignore lint/correctness/useYield: nothing is watched here
    async *lines() {
      throw new Error("not used");
    },
    close() {},
  };
  return {
    http,
    holder: () => (held?.spec as { holderIdentity?: string } | undefined)?.holderIdentity,
    cut: (off: boolean) => {
      down = off;
    },
  };
}

function candidate(http: KubeHttp, identity: string, ended?: () => Promise<void>) {
  const turns: string[] = [];
  const leader = startLeaderElection(http, {
    namespace: "system",
    name: "lease",
    identity,
    leaseMs: 120,
    retryMs: 10,
    elected: () => turns.push("elected"),
    lost() {
      turns.push("lost");
      return ended?.();
    },
    failed: () => {},
  });
  return { leader, turns };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

test("of two there is one leader, and the other follows when it ends", async () => {
  const { http, holder } = leases();
  const first = candidate(http, "first");
  await until(() => first.leader.leading);
  const second = candidate(http, "second");
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(second.leader.leading).toBe(false);
  await first.leader.stop();
  expect(holder()).not.toBe("first");
  await until(() => second.leader.leading);
  expect(first.turns).toEqual(["elected", "lost"]);
  await second.leader.stop();
});

test("who cannot renew stops leading before another may begin", async () => {
  const shared = leases();
  const cut = leases();
  let alone = false;
  const http: KubeHttp = {
    ...shared.http,
    json: <T>(request: KubeRequest): Promise<T> =>
      alone ? cut.http.json<T>(request) : shared.http.json<T>(request),
  };
  cut.cut(true);
  const first = candidate(http, "first");
  await until(() => first.leader.leading);
  const second = candidate(shared.http, "second");
  alone = true;
  await until(() => second.leader.leading);
  expect(first.leader.leading).toBe(false);
  await Promise.all([first.leader.stop(), second.leader.stop()]);
});

test("a renewal that hangs keeps nobody leading", async () => {
  const shared = leases();
  let hangs = false;
  const http: KubeHttp = {
    ...shared.http,
    json: <T>(request: KubeRequest): Promise<T> =>
      hangs
        ? new Promise<T>((_, reject) => {
            request.signal?.addEventListener("abort", () => reject(new Error("too late")));
          })
        : shared.http.json<T>(request),
  };
  const first = candidate(http, "first");
  await until(() => first.leader.leading);
  hangs = true;
  const since = performance.now();
  await until(() => !first.leader.leading);
  expect(performance.now() - since).toBeLessThan(120);
  await first.leader.stop();
});

test("the Lease is handed on when what was begun has ended, or when it would run out anyway", async () => {
  const { http, holder } = leases();
  let end = (): void => {};
  const writing = new Promise<void>((resolve) => {
    end = resolve;
  });
  const careful = candidate(http, "careful", () => writing);
  await until(() => careful.leader.leading);
  const stopped = careful.leader.stop();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(holder()).toBe("careful");
  end();
  await stopped;
  expect(holder()).toBe("");

  const stuck = candidate(http, "stuck", () => new Promise(() => {}));
  await until(() => stuck.leader.leading);
  await stuck.leader.stop();
  expect(holder()).toBe("");
});
