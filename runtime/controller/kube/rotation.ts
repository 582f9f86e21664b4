import type { BackendSecurityPolicy } from "../../api/index.ts";
import { rotatedSecretName } from "../../credentials/rotated.ts";
import {
  type Ask,
  type Rotated,
  RotationError,
  type TokenEndpoints,
} from "../../credentials/rotation.ts";
import { rotatorOf } from "../../credentials/rotators.ts";
import { shortHash } from "../../lib/hash.ts";
import { secretLookup } from "../compile/credentials.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { ownedBy } from "../objects/kube-object.ts";
import { MANAGED_BY, MANAGED_BY_LABEL } from "../objects/names.ts";
import { keyOf, namespaceOf, type Snapshot } from "../snapshot/snapshot.ts";
import { createBackoff } from "./backoff.ts";
import { KubeError } from "./http.ts";
import { secretsOf } from "./references.ts";

/** When the token ends, in RFC 3339; the reference's name. */
export const EXPIRY_ANNOTATION = "rotators/expiration-time";
/** When it is due to be renewed, and what it was obtained from. */
const RENEWAL_ANNOTATION = "aigateway.envoyproxy.io/renew-at";
const SOURCE_ANNOTATION = "aigateway.envoyproxy.io/obtained-from";

/** Ahead of its end, a token is renewed by this much, or by a fifth of its life if that is short. */
const AHEAD_MS = 5 * 60_000;
const FIRST_RETRY_MS = 5_000;
const LAST_RETRY_MS = 5 * 60_000;
/** Timers take no more. */
const LONGEST_MS = 24 * 60 * 60_000;

export interface RotationOptions {
  ask: Ask;
  endpoints: TokenEndpoints;
  /** Writes a Secret: server-side apply. */
  write(secret: KubeObject): Promise<unknown>;
  obtained(policy: BackendSecurityPolicy, expiresAt: number): void;
  /** The message never holds a secret. */
  failed(policy: BackendSecurityPolicy, message: string): void;
  now?: () => number;
}

/** Obtains the tokens that policies ask for, and renews them before they end. */
export interface Rotation {
  /** From now on the policies of this snapshot are looked after; for who leads. */
  desire(snapshot: Snapshot): void;
  rest(): void;
}

interface Task {
  policy: BackendSecurityPolicy;
  /** Of policy and Secrets: another one makes another token. */
  source: string;
  timer?: NodeJS.Timeout;
  dueAt?: number;
  running: boolean;
  /** What was written here, until the snapshot has it too. */
  written?: { source: string; renewAt: number; seen: boolean };
  backoff: ReturnType<typeof createBackoff>;
  retryAt?: number;
}

export function createRotation(options: RotationOptions): Rotation {
  const { now = Date.now } = options;
  const tasks = new Map<string, Task>();
  let current: Snapshot | undefined;

  function desire(snapshot: Snapshot): void {
    current = snapshot;
    const wanted = new Set<string>();
    for (const policy of snapshot.BackendSecurityPolicy.values()) {
      if (rotatorOf(policy) === undefined) continue;
      const key = keyOf(policy.metadata);
      wanted.add(key);
      const source = sourceOf(policy, snapshot);
      const known = tasks.get(key);
      const task = known ?? { policy, source, running: false, backoff: freshBackoff() };
      // What failed for a mistake that is mended now is tried at once.
      if (known !== undefined && known.source !== source) {
        delete known.retryAt;
        known.backoff.reset();
      }
      task.policy = policy;
      task.source = source;
      tasks.set(key, task);
      plan(key, task, snapshot);
    }
    for (const [key, task] of tasks) {
      if (wanted.has(key)) continue;
      clearTimeout(task.timer);
      tasks.delete(key);
    }
  }

  function plan(key: string, task: Task, snapshot: Snapshot): void {
    const due = dueOf(task, snapshot);
    if (due === undefined || task.running) return;
    const at = Math.max(due, task.retryAt ?? 0);
    if (task.timer !== undefined && task.dueAt === at) return;
    clearTimeout(task.timer);
    task.dueAt = at;
    task.timer = setTimeout(
      () => {
        delete task.timer;
        void turn(key, task);
      },
      Math.min(LONGEST_MS, Math.max(0, at - now())),
    );
    task.timer.unref();
  }

  /** When a new token is due; undefined where somebody else keeps the Secret. */
  function dueOf(task: Task, snapshot: Snapshot): number | undefined {
    const { policy, source, written } = task;
    const secret = snapshot.Secret.get(
      `${namespaceOf(policy.metadata)}/${rotatedSecretName(policy)}`,
    );
    const annotations = secret?.metadata.annotations ?? {};
    if (written !== undefined) {
      if (annotations[SOURCE_ANNOTATION] === written.source) written.seen = true;
      const stands = secret !== undefined || !written.seen;
      if (stands && written.source === source) return written.renewAt;
    }
    if (secret === undefined) return 0;
    const expiry = Date.parse(annotations[EXPIRY_ANNOTATION] ?? "");
    if (Number.isNaN(expiry)) return undefined;
    const from = annotations[SOURCE_ANNOTATION];
    if (from !== undefined && from !== source) return 0;
    const renewAt = Date.parse(annotations[RENEWAL_ANNOTATION] ?? "");
    return Number.isNaN(renewAt) ? expiry - AHEAD_MS : renewAt;
  }

  async function turn(key: string, task: Task): Promise<void> {
    const snapshot = current;
    if (snapshot === undefined || tasks.get(key) !== task || task.running) return;
    const due = dueOf(task, snapshot);
    if (due === undefined || due > now()) return plan(key, task, snapshot);
    const { policy, source } = task;
    task.running = true;
    try {
      const began = now();
      const rotated = await obtain(policy, snapshot);
      // Who leads no more writes no more.
      if (current === undefined || tasks.get(key) !== task) return;
      const renewAt = renewalOf(began, rotated.expiresAt);
      await options.write(secretOf(policy, source, rotated, renewAt));
      task.written = { source, renewAt, seen: false };
      delete task.retryAt;
      task.backoff.reset();
      options.obtained(policy, rotated.expiresAt);
    } catch (error) {
      task.retryAt = now() + task.backoff.next();
      options.failed(policy, messageOf(error));
    } finally {
      task.running = false;
      if (current !== undefined && tasks.get(key) === task) plan(key, task, current);
    }
  }

  async function obtain(policy: BackendSecurityPolicy, snapshot: Snapshot): Promise<Rotated> {
    const rotator = rotatorOf(policy);
    if (rotator === undefined) throw new RotationError("nothing to obtain");
    const { ask, endpoints } = options;
    const secrets = secretLookup(snapshot, policy);
    const rotated = await rotator.obtain(policy, { ask, endpoints, secrets, now });
    if (rotated.expiresAt > now()) return rotated;
    throw new RotationError("what was obtained has expired already: compare the clocks");
  }

  return {
    desire,
    rest() {
      current = undefined;
      for (const { timer } of tasks.values()) clearTimeout(timer);
      tasks.clear();
    },
  };
}

const freshBackoff = () => createBackoff(FIRST_RETRY_MS, LAST_RETRY_MS);

const renewalOf = (from: number, expiresAt: number): number =>
  expiresAt - Math.min(AHEAD_MS, (expiresAt - from) / 5);

/** Versions of Secrets, not what they hold. */
function sourceOf(policy: BackendSecurityPolicy, snapshot: Snapshot): string {
  const versions = secretsOf(policy).map(({ namespace, name }) => {
    const { uid, resourceVersion } = snapshot.Secret.get(`${namespace}/${name}`)?.metadata ?? {};
    return `${namespace}/${name} ${uid} ${resourceVersion}`;
  });
  const { targetRefs: _, ...credential } = policy.spec;
  return shortHash(JSON.stringify(credential), ...versions);
}

function secretOf(
  policy: BackendSecurityPolicy,
  source: string,
  { entries, expiresAt }: Rotated,
  renewAt: number,
): KubeObject {
  const data = Object.entries(entries).map(([name, value]) => [
    name,
    Buffer.from(value).toString("base64"),
  ]);
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: rotatedSecretName(policy),
      namespace: namespaceOf(policy.metadata),
      labels: { [MANAGED_BY_LABEL]: MANAGED_BY },
      annotations: {
        [EXPIRY_ANNOTATION]: new Date(expiresAt).toISOString(),
        [RENEWAL_ANNOTATION]: new Date(renewAt).toISOString(),
        [SOURCE_ANNOTATION]: source,
      },
      ...ownedBy(policy),
    },
    type: "Opaque",
    data: Object.fromEntries(data),
  };
}

/** Messages of others may quote what they were given. */
function messageOf(error: unknown): string {
  if (error instanceof RotationError) return error.message;
  if (error instanceof KubeError) return `the Secret cannot be written: ${error.message}`;
  return `the token could not be obtained or written (${(error as Error).name})`;
}
