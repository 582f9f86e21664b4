import type { Plan } from "../compile/plan.ts";
import { carriersOf } from "../objects/carriers.ts";

const MOST = 100;

/**
 * Translations that were answered before their plan was known here, so that rules were refused in them. Nothing else has
 * Envoy Gateway translate again what has not changed since, so it is asked to once the plan is there.
 */
export class OwedTranslations {
  readonly #revisions = new Set<string>();

  /** Answered without the plans of these revisions. */
  owe(revisions: readonly string[]): void {
    for (const revision of revisions) this.#revisions.add(revision);
    for (const oldest of this.#revisions) {
      if (this.#revisions.size <= MOST) break;
      this.#revisions.delete(oldest);
    }
  }

  /** Routes to be translated again, now that this is the plan, with their revisions. What is newer comes by itself. */
  due(plan: Plan): [route: string, revision: string][] {
    if (this.#revisions.size === 0) return [];
    return [...carriersOf(plan)].filter(([, revision]) => this.#revisions.delete(revision));
  }
}
