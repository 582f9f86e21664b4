/** Drives every connected Envoy from one snapshot to the next, and back when one is refused. */
import type {
  DiscoveryRequest,
  DiscoveryResponse,
} from "../../../protos/gen/envoy/service/discovery/v3/discovery_pb.ts";
import {
  indexSnapshot,
  NOTHING_SERVED,
  RESOURCE_KINDS,
  type ServedResources,
  type XdsSnapshot,
} from "./resources.ts";
import { makeStages, type Stage } from "./rollout.ts";
import { AdsStream } from "./stream.ts";
import type { Refusal } from "./subscription.ts";

/** How a call of `set` ended. */
export type Outcome =
  /** Envoy runs with the snapshot. */
  | { readonly ok: true }
  /** Envoy refused a part of it and is back on the last good snapshot. */
  | ({ readonly ok: false; readonly reason: "refused"; readonly typeUrl: string } & Refusal)
  /** A later call took over before this one was done. */
  | { readonly ok: false; readonly reason: "superseded" }
  | { readonly ok: false; readonly reason: "closed" };

export interface AdsOptions {
  /**
   * Resolves when no cluster of Envoy's is still warming up, or when waiting has become pointless.
   * Must not reject. An ACK says that a cluster was accepted, not that it can serve.
   */
  readonly clustersReady?: () => Promise<void>;
  /**
   * How long what a snapshot dropped is still served, in milliseconds: a request that is still
   * being received keeps the routes it began with.
   */
  readonly retireAfterMs?: number;
  /** How long to wait for Envoy to ask for a new resource by its name, in milliseconds. */
  readonly subscribeGraceMs?: number;
}

type Failure = Exclude<Outcome, { ok: true }>;

/** One way through the stages. */
interface Run {
  ended: Failure | undefined;
}

type Verdict = "taken" | "ended" | Refusal;

const SUPERSEDED: Failure = { ok: false, reason: "superseded" };
const CLOSED: Failure = { ok: false, reason: "closed" };

export class Ads {
  readonly #options: Required<AdsOptions>;
  readonly #streams = new Set<AdsStream>();
  readonly #listeners = new Set<(refusal: Refusal) => void>();
  readonly #waiting = new Set<() => void>();
  #served: ServedResources | undefined;
  /** What Envoy last took as a whole: where a rollout starts and a failed one returns to. */
  #taken: ServedResources = NOTHING_SERVED;
  /** The last snapshot of which that was so, without what is kept on for a while. */
  #lastGood: ServedResources = NOTHING_SERVED;
  #run: Run | undefined;
  #retirement: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: AdsOptions = {}) {
    this.#options = {
      clustersReady: async () => {},
      retireAfterMs: 10_000,
      subscribeGraceMs: 2_000,
      ...options,
    };
  }

  /** Told of every refusal, those outside of a `set` too. Returns a function that ends it. */
  onRefusal(listener: (refusal: Refusal) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** An Envoy has opened a stream. */
  connect(send: (response: DiscoveryResponse) => void): {
    receive(request: DiscoveryRequest): void;
    disconnect(): void;
  } {
    const stream = new AdsStream(send);
    this.#streams.add(stream);
    return {
      receive: (request) => {
        const refusal = stream.receive(request);
        if (refusal) for (const listener of this.#listeners) listener(refusal);
        if (this.#served) stream.flush(this.#served);
        this.#recheck();
      },
      disconnect: () => {
        this.#streams.delete(stream);
        this.#recheck();
      },
    };
  }

  /**
   * Moves Envoy to the snapshot. Resolves when Envoy has taken all of it, or refused a part and is
   * back on the last good one; while no Envoy is connected it waits for one. Throws when two
   * resources of the snapshot share a name.
   */
  async set(snapshot: XdsSnapshot): Promise<Outcome> {
    const target = indexSnapshot(snapshot);
    const run = this.#begin();
    const start = this.#taken;
    const passed: ServedResources[] = [start];
    for (const stage of makeStages(start, target)) {
      await this.#pass(run, stage);
      if (run.ended) break;
      passed.push(stage.serve);
    }
    if (run.ended?.reason === "refused") return this.#goBack(passed, run.ended);
    if (run.ended) return run.ended;
    this.#lastGood = target;
    this.#retire(run);
    return { ok: true };
  }

  /** Undoes the stages that had been passed, last first, so that going back breaks nothing either. */
  async #goBack(passed: ServedResources[], failure: Failure): Promise<Outcome> {
    const run = this.#begin();
    for (const serve of passed.reverse()) {
      await this.#pass(run, { serve, expected: [], clustersMustBeReady: false }, "stubborn");
      if (run.ended) return failure;
    }
    this.#retire(run);
    return failure;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retirement);
    this.#end(CLOSED);
    this.#recheck();
  }

  #begin(): Run {
    clearTimeout(this.#retirement);
    this.#end(SUPERSEDED);
    this.#run = { ended: this.#closed ? CLOSED : undefined };
    this.#recheck();
    return this.#run;
  }

  #end(how: Failure): void {
    if (this.#run) this.#run.ended ??= how;
  }

  /**
   * Serves a stage and waits until Envoy runs with it, has refused it (which ends the run, unless
   * that is to be stubborn), or the run is ended from outside.
   */
  async #pass(run: Run, stage: Stage, mood?: "stubborn"): Promise<void> {
    if (run.ended) return;
    this.#serve(stage.serve);
    const grace = new Grace(this.#options.subscribeGraceMs, () => this.#recheck());
    const verdict = await this.#until(() => this.#verdict(run, stage, grace));
    grace.cancel();
    if (run.ended) return;
    if (verdict === "taken") this.#taken = stage.serve;
    else if (verdict !== "ended" && mood !== "stubborn") this.#refuse(run, verdict);
    if (stage.clustersMustBeReady && !run.ended) await this.#options.clustersReady();
  }

  #refuse(run: Run, refusal: Refusal): void {
    const { typeUrl } = RESOURCE_KINDS[refusal.kind];
    run.ended = { ok: false, reason: "refused", typeUrl, ...refusal };
  }

  /** What is known of a stage so far; undefined while Envoy has not answered everything. */
  #verdict(run: Run, { serve, expected }: Stage, grace: Grace): Verdict | undefined {
    if (run.ended) return "ended";
    const streams = [...this.#streams];
    const refusal = streams.map((stream) => stream.refusal(serve)).find((it) => it !== undefined);
    if (refusal) return refusal;
    if (streams.length === 0 || !streams.every((stream) => stream.settled(serve))) return undefined;
    const asked = expected.every(([kind, name]) =>
      streams.every((stream) => stream.subscribedTo(kind, name)),
    );
    return asked || grace.isOver() ? "taken" : undefined;
  }

  #serve(resources: ServedResources): void {
    this.#served = resources;
    for (const stream of this.#streams) stream.flush(resources);
  }

  #until<T>(answer: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const check = () => {
        const known = answer();
        if (known === undefined) return;
        this.#waiting.delete(check);
        resolve(known);
      };
      this.#waiting.add(check);
      check();
    });
  }

  #recheck(): void {
    for (const check of [...this.#waiting]) check();
  }

  /** Ends a run, and some time later stops serving what only former snapshots needed. */
  #retire(run: Run): void {
    if (this.#run === run) this.#run = undefined;
    const keep = this.#lastGood;
    this.#retirement = setTimeout(() => {
      this.#taken = keep;
      this.#serve(keep);
    }, this.#options.retireAfterMs);
    this.#retirement.unref();
  }
}

/** Time that starts running at the first question. */
class Grace {
  readonly #ms: number;
  readonly #wake: () => void;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(ms: number, wake: () => void) {
    this.#ms = ms;
    this.#wake = wake;
  }

  isOver(): boolean {
    this.#timer ??= setTimeout(() => {
      this.#over = true;
      this.#wake();
    }, this.#ms);
    return this.#over;
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}
