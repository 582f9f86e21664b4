import type { Logger } from "pino";
import type { AIGatewayRoute } from "../../api/index.ts";
import type { TokenEndpoints } from "../../credentials/rotation.ts";
import { createCompiler } from "../compile/incremental.ts";
import type { Plan } from "../compile/plan.ts";
import {
  type ClusterKind,
  foreignKinds,
  ownKinds,
  pathOf,
  rootsOf,
  workloadKinds,
  writtenKinds,
} from "../kinds.ts";
import { desiredObjects, type ObjectOptions } from "../objects/desired.ts";
import { isAvailable, withExtProcPlaces } from "../objects/ext-proc-places.ts";
import { rememberedRoute } from "../objects/last-good.ts";
import { MANAGED_BY, MANAGED_BY_LABEL } from "../objects/names.ts";
import { type Kind, keyOf, namespaceOf } from "../snapshot/snapshot.ts";
import { statusesOf } from "../status/statuses.ts";
import type { ExtensionFacts, HttpRouteFacts } from "../status/types.ts";
import { createApplier, FIELD_MANAGER } from "./applier.ts";
import { createEventRecorder } from "./events.ts";
import { notServing } from "./gateway-facts.ts";
import type { KubeHttp } from "./http.ts";
import { httpRouteFacts } from "./http-route-facts.ts";
import { invalidStatus } from "./invalid-status.ts";
import type { ControllerMetrics } from "./metrics.ts";
import { createReconcileTimer } from "./reconcile-timer.ts";
import { createReferencedObjects } from "./referenced.ts";
import { referencesOf } from "./references.ts";
import { type KubeItem, type Reflector, startReflector } from "./reflector.ts";
import { createRotation } from "./rotation.ts";
import { createStatusWriter } from "./status-writer.ts";
import { createStore } from "./store.ts";
import { askServer } from "./token-servers.ts";

export interface ControllerOptions {
  http: KubeHttp;
  log: Logger;
  metrics: ControllerMetrics;
  /** This replica's name in Events. */
  identity: string;
  objects: ObjectOptions;
  /** Where tokens are obtained. */
  tokenEndpoints: TokenEndpoints;
  /** A new plan is in force; the extension's next answers follow it. */
  planned?(plan: Plan): void;
}

/** Watches, compiles, and, while it leads, writes. */
export interface Controller {
  /** The plan in force; undefined until everything was seen once. */
  plan(): Plan | undefined;
  /** Settles, where it no longer leads, when the writes under way are over. */
  lead(leading: boolean): Promise<void>;
  /** What the extension made of the plan, for the status of routes. */
  extensionReported(facts: ExtensionFacts): void;
  stop(): Promise<void>;
}

/** Short: a user waits for every change. Long enough to take the objects of one apply together. */
const QUIET_MS = 4;
const LATEST_MS = 50;
/** Writing statuses can wait a little longer than routing. */
const STATUS_QUIET_MS = 50;
const STATUS_LATEST_MS = 500;
/** How long objects that are being fetched hold up a new plan. */
const FETCH_PATIENCE_MS = 2_000;
/** The same before there is any plan: without it nothing is served, with half of it routes lose their keys. */
const FIRST_FETCH_PATIENCE_MS = 10_000;

export function startController(options: ControllerOptions): Controller {
  const { http, log, metrics, objects } = options;
  const compiler = createCompiler({ platform: "cluster" });
  const unsynced = new Set<string>();
  const httpRoutes = new Map<string, HttpRouteFacts>();
  const remembered = new Map<string, AIGatewayRoute>();
  const availableWorkloads = new Set<string>();
  const rejected = new Map<string, string>();
  let extension: ExtensionFacts = { denied: new Set() };
  let plan: Plan | undefined;
  let leading = false;
  let waitingSince: number | undefined;

  const reconcileTimer = createReconcileTimer(guarded("reconcile", reconcile), {
    quietMs: QUIET_MS,
    latestMs: LATEST_MS,
  });
  const statusTimer = createReconcileTimer(guarded("status", writeStatus), {
    quietMs: STATUS_QUIET_MS,
    latestMs: STATUS_LATEST_MS,
  });
  const store = createStore(() => reconcileTimer.touch());
  const referenced = createReferencedObjects(http, store, {
    changed: () => reconcileTimer.touch(),
    failed: (error) => log.warn({ err: error.message }, "reading a referenced object failed"),
  });
  const recorder = createEventRecorder(http, options.identity, (error) =>
    log.warn({ err: error.message }, "an Event could not be written"),
  );
  const applier = createApplier(http, {
    wrote: ({ kind, metadata }, action) => {
      metrics.wrote(kind, action);
      log.debug({ kind, namespace: metadata.namespace, name: metadata.name, action }, "written");
    },
    failed: (object, error) => {
      metrics.failed("write");
      log.warn({ object, err: error.message }, "writing failed; trying again");
    },
    taken: ({ apiVersion, kind, metadata }) =>
      recorder.record({
        regarding: { apiVersion, kind, namespace: metadata.namespace ?? "", name: metadata.name },
        type: "Warning",
        reason: "NameTaken",
        action: "Apply",
        note: `an AIGatewayRoute of this name exists, whose ${kind} this would be; rename one of them`,
      }),
  });
  const statusWriter = createStatusWriter(http, {
    observed: (kind, key) => store.statusOf(kind, key),
    turned: ({ apiVersion, kind, namespace, name }, { type, status, reason, message }) =>
      recorder.record({
        regarding: { apiVersion, kind, namespace, name },
        type: status === "False" ? "Warning" : "Normal",
        reason,
        action: type,
        note: message,
      }),
    failed: (object, error) => {
      metrics.failed("status");
      log.warn({ object, err: error.message }, "writing a status failed; trying again");
    },
  });
  const rotation = createRotation({
    ask: askServer,
    endpoints: options.tokenEndpoints,
    write: (secret) =>
      http.json({
        method: "PATCH",
        path: `${pathOf(secret)}?fieldManager=${FIELD_MANAGER}&force=true`,
        type: "application/apply-patch+yaml",
        body: secret,
      }),
    obtained: (policy, expiresAt) =>
      log.info(
        { policy: keyOf(policy.metadata), expires: new Date(expiresAt).toISOString() },
        "a credential was obtained",
      ),
    failed: (policy, message) => {
      metrics.failed("rotation");
      log.warn({ policy: keyOf(policy.metadata) }, `no credential was obtained: ${message}`);
      recorder.record({
        regarding: {
          apiVersion: policy.apiVersion,
          kind: policy.kind,
          namespace: namespaceOf(policy.metadata),
          name: policy.metadata.name,
        },
        type: "Warning",
        reason: "RotationFailed",
        action: "Rotate",
        note: message,
      });
    },
  });
  metrics.watchDepth(() => applier.depth + statusWriter.depth);

  const reflectors: Reflector[] = [
    ...[...ownKinds, ...foreignKinds].map((kind) =>
      follow(kind, `read ${kind.kind}`, undefined, {
        all: (items) => {
          if (kind.kind === "Gateway") {
            rejected.clear();
            items.forEach(noteGateway);
          }
          store.replace(kind.kind as Kind, items);
        },
        one: (item) => {
          if (kind.kind === "Gateway") noteGateway(item);
          store.set(kind.kind as Kind, item);
        },
        gone: (item) => {
          if (kind.kind === "Gateway") rejected.delete(keyOf(item.metadata));
          store.delete(kind.kind as Kind, item);
        },
      }),
    ),
    ...[...writtenKinds, ...(objects.extProc === undefined ? [] : workloadKinds)].map((kind) =>
      follow(kind, `written ${kind.kind}`, `${MANAGED_BY_LABEL}=${MANAGED_BY}`, {
        all: (items) => {
          if (kind.kind === "HTTPRoute") {
            httpRoutes.clear();
            remembered.clear();
            items.forEach(noteRoute);
          }
          if (kind.kind === "Deployment") {
            availableWorkloads.clear();
            items.forEach(noteDeployment);
            reconcileTimer.touch();
          }
          applier.observeAll(kind.kind, items);
        },
        one: (item) => {
          if (item.kind === "HTTPRoute") noteRoute(item);
          if (item.kind === "Deployment") noteDeployment(item);
          applier.observe(item);
        },
        gone: (item) => {
          if (kind.kind === "HTTPRoute") {
            httpRoutes.delete(keyOf(item.metadata));
            remembered.delete(keyOf(item.metadata));
          }
          if (kind.kind === "Deployment") noteDeployment({ ...item, status: undefined });
          applier.observeRemoved(item);
        },
      }),
    ),
  ];

  function follow(
    kind: ClusterKind,
    title: string,
    labelSelector: string | undefined,
    told: { all(items: KubeItem[]): void; one(item: KubeItem): void; gone(item: KubeItem): void },
  ): Reflector {
    unsynced.add(title);
    let absent = false;
    const synced = (): void => {
      if (unsynced.delete(title)) reconcileTimer.touch();
    };
    return startReflector(
      http,
      {
        roots: rootsOf(kind),
        plural: kind.plural,
        ...(labelSelector === undefined ? {} : { labelSelector }),
      },
      {
        replaced(items) {
          absent = false;
          told.all(items);
          synced();
        },
        changed: told.one,
        removed: told.gone,
        absent() {
          if (!absent) log.info({ kind: kind.kind, group: kind.group }, "kind is not installed");
          absent = true;
          told.all([]);
          synced();
        },
        failed(error) {
          metrics.failed("watch");
          log.warn({ kind: kind.kind, err: error.message }, "watching failed; trying again");
        },
      },
    );
  }

  function noteGateway(item: KubeItem): void {
    const why = notServing(item);
    const key = keyOf(item.metadata);
    if (why === rejected.get(key)) return;
    if (why === undefined) rejected.delete(key);
    else rejected.set(key, why);
    statusTimer.touch();
  }

  function noteRoute(item: KubeItem): void {
    const key = keyOf(item.metadata);
    httpRoutes.set(key, httpRouteFacts(item));
    statusTimer.touch();
    const kept = rememberedRoute(item);
    if (kept?.metadata.generation === remembered.get(key)?.metadata.generation) return;
    if (kept === undefined) remembered.delete(key);
    else remembered.set(key, kept);
    reconcileTimer.touch();
  }

  function noteDeployment(item: KubeItem): void {
    const key = keyOf(item.metadata);
    const available = isAvailable(item.status);
    if (available === availableWorkloads.has(key)) return;
    if (available) availableWorkloads.add(key);
    else availableWorkloads.delete(key);
    reconcileTimer.touch();
  }

  function reconcile(): void {
    if (unsynced.size > 0) return;
    const snapshot = store.snapshot();
    // A route is not to be seen without its key for the moment that reading the key takes.
    if (!referenced.want(referencesOf(snapshot)) && !outOfPatience()) return;
    waitingSince = undefined;
    const started = performance.now();
    plan = withExtProcPlaces(compiler.compile(snapshot, remembered), availableWorkloads);
    const compiled = performance.now();
    if (leading) {
      applier.desire(desiredObjects(snapshot, plan, objects));
      rotation.desire(snapshot);
    }
    metrics.reconciled(
      (compiled - started) / 1000,
      (performance.now() - started) / 1000,
      plan,
      compiler.compiled,
    );
    options.planned?.(plan);
    statusTimer.touch();
  }

  /** False for a while after the first time; comes back by itself. */
  function outOfPatience(): boolean {
    const patience = plan === undefined ? FIRST_FETCH_PATIENCE_MS : FETCH_PATIENCE_MS;
    const now = performance.now();
    waitingSince ??= now;
    if (now - waitingSince >= patience) return true;
    setTimeout(() => reconcileTimer.touch(), patience).unref();
    return false;
  }

  function writeStatus(): void {
    if (!leading || plan === undefined) return;
    statusWriter.desire([
      ...statusesOf(store.snapshot(), plan, { httpRoutes, rejected, ...extension }),
      ...[...store.invalid.values()].map(invalidStatus),
    ]);
  }

  /** What is wrong in here must not end the process: the plan in force goes on. */
  function guarded(what: string, step: () => void): () => void {
    return () => {
      try {
        step();
      } catch (error) {
        metrics.failed(what);
        log.error({ err: error }, `${what} failed; the plan in force stays`);
      }
    };
  }

  return {
    plan: () => plan,
    async lead(next) {
      leading = next;
      metrics.leading(next);
      if (next) {
        reconcileTimer.touch();
        return;
      }
      applier.rest();
      rotation.rest();
      statusWriter.rest();
      await Promise.all([applier.idle(), statusWriter.idle()]);
    },
    extensionReported(facts) {
      extension = facts;
      statusTimer.touch();
    },
    async stop() {
      for (const reflector of reflectors) reflector.stop();
      reconcileTimer.stop();
      statusTimer.stop();
      referenced.stop();
      rotation.rest();
      await Promise.all([applier.idle(), statusWriter.idle()]);
      applier.stop();
      statusWriter.stop();
    },
  };
}
