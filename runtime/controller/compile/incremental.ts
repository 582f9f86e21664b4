import type { AIGatewayRoute } from "../../api/index.ts";
import type { Gateway } from "../snapshot/foreign.ts";
import { sameMeaning } from "../snapshot/meaning.ts";
import { keyOf, type Snapshot } from "../snapshot/snapshot.ts";
import type { ReadLog } from "../snapshot/view.ts";
import { assemble, compileUnit, type RouteUnit } from "./compile.ts";
import { type LastGood, NOTHING_GOOD } from "./last-good.ts";
import type { CompileOptions } from "./options.ts";
import type { Plan, RulePlan } from "./plan.ts";

export interface Compiler {
  /**
   * As `compile`, but that what is bad in itself goes on in its last good version: the newest that this
   * compiler has seen or that others remember.
   */
  compile(snapshot: Snapshot, remembered?: LastGood["routes"]): Plan;
  /** How many routes, counted once for each of their Gateways, the last call compiled anew. */
  readonly compiled: number;
}

/** What is known of a route on a Gateway, and what that rests on. */
interface Entry {
  gateway: Gateway;
  route: AIGatewayRoute;
  listeners: string[];
  reads: ReadLog;
  unit: RouteUnit;
}

/**
 * A compiler that remembers. Routes whose inputs still mean the same are not compiled again, and a
 * rule whose plan is the same is the same object. Objects of a snapshot must not be changed in place.
 */
export function createCompiler(options: CompileOptions = { platform: "cluster" }): Compiler {
  let entries = new Map<string, Entry>();
  let rules = new Map<string, RulePlan>();
  let good = NOTHING_GOOD;
  let compiled = 0;
  return {
    get compiled() {
      return compiled;
    },
    compile(snapshot, remembered) {
      compiled = 0;
      const nextEntries = new Map<string, Entry>();
      const nextRules = new Map<string, RulePlan>();
      const assembled = assemble(
        snapshot,
        (view, gateway, route, listeners) => {
          const place = keyOf(gateway.metadata);
          // A bad version and the last good one are both looked at, each time.
          const key = `${place} ${keyOf(route.metadata)} ${route.metadata.generation}`;
          const known = entries.get(key);
          if (
            known !== undefined &&
            sameMeaning(known.route, route) &&
            sameMeaning(known.gateway, gateway) &&
            known.listeners.join() === listeners.join() &&
            known.reads.holdsFor(view)
          ) {
            nextEntries.set(key, known);
            return known.unit;
          }
          compiled += 1;
          const { unit, reads } = compileUnit(view, gateway, route, listeners, options);
          const kept = {
            ...unit,
            rules: unit.rules.map((rule) => sameOrNew(rules.get(ruleKey(place, rule)), rule)),
          };
          nextEntries.set(key, { gateway, route, listeners, reads, unit: kept });
          return kept;
        },
        good,
        options,
        remembered,
      );
      for (const gateway of assembled.plan.gateways) {
        for (const rule of gateway.rules) nextRules.set(ruleKey(gateway.name, rule), rule);
      }
      entries = nextEntries;
      rules = nextRules;
      good = assembled.good;
      return assembled.plan;
    },
  };
}

const ruleKey = (gateway: string, { id }: RulePlan): string => `${gateway} ${id}`;

/** The revision leaves secrets out that stand in a plan, so that it alone does not tell. */
const sameOrNew = (known: RulePlan | undefined, rule: RulePlan): RulePlan =>
  known?.revision === rule.revision && JSON.stringify(known) === JSON.stringify(rule)
    ? known
    : rule;
