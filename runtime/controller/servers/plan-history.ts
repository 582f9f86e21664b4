import type { Plan } from "../compile/plan.ts";
import { carriersOf } from "../objects/carriers.ts";

/** Plans that are kept: Envoy Gateway may translate what one or two changes ago was newest. */
const KEPT = 3;

/**
 * The newest plans, and a way to wait for the next. Other replicas write what Envoy Gateway
 * translates, so that it can be ahead of the plan that is known here.
 */
export class PlanHistory {
  readonly #current: () => Plan | undefined;
  #plans: Plan[] = [];
  readonly #revisions = new Set<string>();
  #waiting = new Set<() => void>();

  /** @param current The plan of this moment; undefined until the first is made. */
  constructor(current: () => Plan | undefined) {
    this.#current = current;
  }

  /** Newest first. */
  plans(): readonly Plan[] {
    const plan = this.#current();
    if (plan !== undefined && plan !== this.#plans[0]) {
      this.#plans = [plan, ...this.#plans].slice(0, KEPT);
      for (const revision of carriersOf(plan).values()) this.#revisions.add(revision);
      if (this.#revisions.size > 1000) this.#forgetRevisions();
    }
    return this.#plans;
  }

  /** Were all of these revisions made here as well, now or before? */
  knows(revisions: readonly string[]): boolean {
    this.plans();
    return revisions.every((revision) => this.#revisions.has(revision));
  }

  /** To be called whenever there is a new plan. */
  changed(): void {
    this.plans();
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const go of waiting) go();
  }

  /** Waits until `holds`, or for so long. */
  async until(holds: () => boolean, withinMs: number): Promise<void> {
    const end = Date.now() + withinMs;
    while (!holds()) {
      const left = end - Date.now();
      if (left <= 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.add(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  #forgetRevisions(): void {
    this.#revisions.clear();
    for (const plan of this.#plans) {
      for (const revision of carriersOf(plan).values()) this.#revisions.add(revision);
    }
  }
}
