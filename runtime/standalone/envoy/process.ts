/** Keeps one Envoy running: start, restart after a crash, drain and stop. */
import { type AdminAnswer, AdminClient, poll } from "./admin.ts";
import { type LocalAddress, makeBootstrap } from "./bootstrap.ts";
import { type ChildOptions, type EnvoyChild, spawnEnvoy } from "./child.ts";
import type { EnvoyLogLine, LogLevel } from "./log.ts";

export interface EnvoyOptions {
  /** Path of the executable. */
  readonly binary: string;
  /** Where the ADS server listens. */
  readonly xds: LocalAddress;
  /** Where Envoy's admin interface shall listen; a Unix socket keeps it to this user. */
  readonly admin: LocalAddress;
  /** Names this Envoy; must differ between Envoys that run at the same time. */
  readonly nodeId?: string;
  /** Worker threads; absent: one for each core. */
  readonly concurrency?: number;
  /** Least level that Envoy logs; `info` when absent. */
  readonly logLevel?: LogLevel;
  /** Client connections above which no more are accepted; 50,000 when absent. */
  readonly maxDownstreamConnections?: number;
  /** How long connections of a replaced listener may go on, in seconds; 600 when absent. */
  readonly listenerDrainSeconds?: number;
  /** Receives Envoy's own log. */
  readonly onLog?: (line: EnvoyLogLine) => void;
  /** Receives the lines of access logs that go to standard output. */
  readonly onAccessLog?: (line: string) => void;
  /** Told that Envoy ended unasked, and when it is started again. */
  readonly onCrash?: (crash: EnvoyCrash) => void;
}

export interface EnvoyCrash {
  readonly how: string;
  readonly lastLines: readonly string[];
  readonly restartInMs: number;
}

export interface EnvoyProcess {
  /** Of the process running now; undefined between a crash and the restart. */
  readonly pid: number | undefined;
  /** Resolves when Envoy takes traffic. Rejects, naming Envoy's state, when it does not in time. */
  ready(withinMs?: number): Promise<void>;
  /** See `AdminClient.clustersReady`; made for the option of that name of the ADS server. */
  clustersReady(): Promise<void>;
  /** A GET of the admin interface; rejects while Envoy cannot be reached. */
  adminGet(path: string): Promise<AdminAnswer>;
  /**
   * Lets requests finish for up to `drainMs` (10,000 when absent), then ends Envoy. Resolves when
   * it is gone; may be called twice.
   */
  stop(options?: { readonly drainMs?: number }): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;
const READY_TIMEOUT_MS = 30_000;
const WARMING_TIMEOUT_MS = 15_000;
const DRAIN_TIMEOUT_MS = 10_000;
const TERM_TIMEOUT_MS = 5_000;
const FIRST_RESTART_DELAY_MS = 100;
const LONGEST_RESTART_DELAY_MS = 10_000;
/** An Envoy that has run this long is restarted with the first delay again when it crashes. */
const STABLE_AFTER_MS = 60_000;

/**
 * Starts Envoy; resolves when its admin interface answers, which is before it has any configuration.
 * Rejects, with Envoy's last log lines, when it ends before that.
 */
export async function startEnvoy(options: EnvoyOptions): Promise<EnvoyProcess> {
  const nodeId = options.nodeId ?? `aigw-${process.pid}`;
  const admin = new AdminClient(options.admin);
  const supervisor = new Supervisor(admin, {
    logLevel: "info",
    listenerDrainSeconds: 600,
    ...options,
    bootstrap: makeBootstrap({ maxDownstreamConnections: 50_000, ...options, nodeId }),
  });
  const child = supervisor.launch();
  // Another process may hold the admin address, so it has to say who it is.
  const up = async () => child.hasEnded() || (await admin.nodeId()) === nodeId;
  const answered = await poll(START_TIMEOUT_MS, up);
  if (answered && !child.hasEnded()) {
    supervisor.keepRunning();
    return supervisor;
  }
  await supervisor.stop({ drainMs: 0 });
  const why = answered ? await child.ended : "its admin interface did not answer in time";
  throw new Error([`Envoy did not start: ${why}`, ...child.lastLines()].join("\n"));
}

class Supervisor implements EnvoyProcess {
  readonly #admin: AdminClient;
  readonly #options: ChildOptions & Pick<EnvoyOptions, "onCrash">;
  #child: EnvoyChild | undefined;
  #restart: NodeJS.Timeout | undefined;
  #restartDelayMs = FIRST_RESTART_DELAY_MS;
  #keptRunning = false;
  #stopped: Promise<void> | undefined;
  readonly #killWithUs = () => this.#child?.kill("SIGKILL");

  constructor(admin: AdminClient, options: ChildOptions & Pick<EnvoyOptions, "onCrash">) {
    this.#admin = admin;
    this.#options = options;
    process.once("exit", this.#killWithUs);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  launch(): EnvoyChild {
    const child = spawnEnvoy(this.#options);
    const startedAt = performance.now();
    this.#child = child;
    void child.ended.then((how) => {
      this.#child = undefined;
      if (this.#keptRunning) this.#restartAfter(how, child, performance.now() - startedAt);
    });
    return child;
  }

  /** From now on an end that nobody asked for is a crash. */
  keepRunning(): void {
    this.#keptRunning = true;
  }

  #restartAfter(how: string, child: EnvoyChild, ranMs: number): void {
    if (ranMs > STABLE_AFTER_MS) this.#restartDelayMs = FIRST_RESTART_DELAY_MS;
    const restartInMs = this.#restartDelayMs;
    this.#restartDelayMs = Math.min(2 * restartInMs, LONGEST_RESTART_DELAY_MS);
    this.#restart = setTimeout(() => this.launch(), restartInMs);
    this.#options.onCrash?.({ how, lastLines: child.lastLines(), restartInMs });
  }

  async ready(withinMs = READY_TIMEOUT_MS): Promise<void> {
    if (await poll(withinMs, () => this.#admin.isReady())) return;
    const state = await this.#admin.get("/ready").then(
      ({ body }) => body.trim(),
      (error: Error) => error.message,
    );
    throw new Error(`Envoy is not ready after ${withinMs} ms: ${state}`);
  }

  clustersReady(): Promise<void> {
    return this.#admin.clustersReady(WARMING_TIMEOUT_MS);
  }

  adminGet(path: string): Promise<AdminAnswer> {
    return this.#admin.get(path);
  }

  stop({ drainMs = DRAIN_TIMEOUT_MS } = {}): Promise<void> {
    this.#stopped ??= this.#end(drainMs);
    return this.#stopped;
  }

  async #end(drainMs: number): Promise<void> {
    this.#keptRunning = false;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child) {
      if (drainMs > 0) await this.#drain(child, drainMs);
      child.kill("SIGTERM");
      const gone = await poll(TERM_TIMEOUT_MS, async () => child.hasEnded());
      if (!gone) child.kill("SIGKILL");
      await child.ended;
    }
    process.off("exit", this.#killWithUs);
  }

  /** Clients are told to go elsewhere (GOAWAY, connection: close); requests under way may finish. */
  async #drain(child: EnvoyChild, drainMs: number): Promise<void> {
    try {
      await this.#admin.post("/healthcheck/fail");
      await this.#admin.post("/drain_listeners?graceful&skip_exit");
      await poll(
        drainMs,
        async () => child.hasEnded() || (await this.#admin.activeRequests()) === 0,
      );
    } catch {
      // It cannot be reached, so there is nothing to wait for.
    }
  }
}
