import { pause } from "./backoff.ts";
import { KubeError, type KubeHttp } from "./http.ts";

export interface LeaderOptions {
  namespace: string;
  /** Name of the Lease. */
  name: string;
  /** This replica's own name: the pod's. */
  identity: string;
  elected(): void;
  /** Gives what was begun the time to end: the Lease is handed on only then. */
  lost(): void | Promise<void>;
  failed(error: Error): void;
  /** A holder that has not renewed for so long has lost; 15 s by default. */
  leaseMs?: number;
  /** Pause between tries; 2 s by default. */
  retryMs?: number;
  /** Milliseconds of a clock that only goes forward. */
  now?: () => number;
}

/** Elects one of several replicas through a Lease. */
export interface Leader {
  readonly leading: boolean;
  /** Gives the Lease back, so that another need not wait for it to run out. */
  stop(): Promise<void>;
}

interface Lease {
  metadata: { resourceVersion?: string };
  spec?: {
    holderIdentity?: string | null;
    leaseDurationSeconds?: number;
    acquireTime?: string;
    renewTime?: string;
    leaseTransitions?: number;
  };
}

const LEASE_MS = 15_000;
const RETRY_MS = 2_000;
/** A leader that could not renew for this part of the lease stops before anybody may take over. */
const GIVE_UP_AT = 2 / 3;

/**
 * Clocks of replicas need not agree: a Lease is taken over when it was seen unchanged for its whole
 * duration by the one who takes it. Leading ends, by the leader's own clock, before that.
 */
export function startLeaderElection(http: KubeHttp, options: LeaderOptions): Leader {
  const { namespace, name, identity, leaseMs = LEASE_MS, retryMs = RETRY_MS } = options;
  const now = options.now ?? (() => performance.now());
  const collection = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  const stopped = new AbortController();
  let leading = false;
  let settled: void | Promise<void>;
  let deadline: NodeJS.Timeout | undefined;
  let seen: { version: string | undefined; at: number } | undefined;

  const running = run();
  return {
    get leading() {
      return leading;
    },
    async stop() {
      stopped.abort();
      await running;
      if (!leading) return;
      step(false);
      const late = new AbortController();
      // Longer than that nobody has to wait for the Lease anyway.
      await Promise.race([settled, pause(leaseMs, late.signal)]);
      late.abort();
      await release().catch(() => {});
    },
  };

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      const started = now();
      try {
        const held = await tryToHold();
        // An answer may come so late that another can have begun.
        if (held && now() - started < leaseMs * GIVE_UP_AT) leadFrom(started);
        else step(false);
      } catch (error) {
        options.failed(error instanceof Error ? error : new Error(String(error)));
      }
      await pause(retryMs, stopped.signal);
    }
  }

  /** Leading ends by itself, also while a renewal hangs. */
  function leadFrom(renewedAt: number): void {
    clearTimeout(deadline);
    deadline = setTimeout(() => step(false), renewedAt + leaseMs * GIVE_UP_AT - now());
    step(true);
  }

  function step(up: boolean): void {
    if (!up) clearTimeout(deadline);
    if (up === leading) return;
    leading = up;
    if (up) options.elected();
    else settled = options.lost();
  }

  async function tryToHold(): Promise<boolean> {
    const lease = await read();
    if (lease === undefined) return write(undefined);
    const holder = lease.spec?.holderIdentity || undefined;
    if (holder === undefined || holder === identity) return write(lease);
    const version = lease.metadata.resourceVersion;
    if (seen?.version !== version) seen = { version, at: now() };
    const duration = (lease.spec?.leaseDurationSeconds ?? leaseMs / 1000) * 1000;
    return now() - (seen?.at ?? now()) > duration ? write(lease) : false;
  }

  async function read(): Promise<Lease | undefined> {
    try {
      return await http.json<Lease>({ ...limited(), method: "GET", path: `${collection}/${name}` });
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** False where another was quicker. */
  async function write(lease: Lease | undefined): Promise<boolean> {
    const time = new Date().toISOString().replace("Z", "000Z");
    const mine = lease?.spec?.holderIdentity === identity;
    const body = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: {
        name,
        namespace,
        ...(lease === undefined ? {} : { resourceVersion: lease.metadata.resourceVersion }),
      },
      spec: {
        holderIdentity: identity,
        leaseDurationSeconds: Math.ceil(leaseMs / 1000),
        acquireTime: mine ? lease?.spec?.acquireTime : time,
        renewTime: time,
        leaseTransitions: (lease?.spec?.leaseTransitions ?? 0) + (mine ? 0 : 1),
      },
    };
    try {
      await http.json(
        lease === undefined
          ? { ...limited(), method: "POST", path: collection, body }
          : { ...limited(), method: "PUT", path: `${collection}/${name}`, body },
      );
      return true;
    } catch (error) {
      if (error instanceof KubeError && error.status === 409) return false;
      throw error;
    }
  }

  /** An answer that comes after the lease is of no use. */
  function limited(): { signal: AbortSignal } {
    return { signal: AbortSignal.timeout(leaseMs / 2) };
  }

  async function release(): Promise<void> {
    const lease = await read();
    if (lease?.spec?.holderIdentity !== identity) return;
    const { resourceVersion } = lease.metadata;
    await http.json({
      ...limited(),
      method: "PUT",
      path: `${collection}/${name}`,
      body: {
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        metadata: { name, namespace, resourceVersion },
        spec: { ...lease.spec, holderIdentity: "", leaseDurationSeconds: 1 },
      },
    });
  }
}
