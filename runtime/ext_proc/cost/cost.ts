import type { Usage } from "../../lib/usage.ts";
import type { Cost, CostType } from "../../program/program.ts";
import type { CostVariables } from "../pipeline/lane.ts";
import { evaluateCost } from "./expression.ts";
import { tokenCount, totalTokens } from "./tokens.ts";

const FIELD_OF_TYPE: Record<Exclude<CostType, "CEL" | "TotalToken">, keyof Usage> = {
  InputToken: "inputTokens",
  OutputToken: "outputTokens",
  CachedInputToken: "cachedInputTokens",
  CacheCreationInputToken: "cacheCreationInputTokens",
  ReasoningToken: "reasoningTokens",
};

/** Told of a cost without a value; must not throw. */
export type OnCostProblem = (cost: Cost, variables: CostVariables, problem: string) => void;

/**
 * What a request costs, by metadata key: integers from 0 to 2^53 - 1. Counts that are not known are
 * 0, and the total is input and output where it was not reported. A cost whose expression fails has
 * no entry, so that an estimate which was written under its key before keeps standing. Never throws.
 */
export function computeCosts(
  costs: readonly Cost[],
  variables: CostVariables,
  onProblem?: OnCostProblem,
): Record<string, number> {
  const { usage } = variables;
  const values: Record<string, number> = {};
  for (const cost of costs) {
    if (cost.type === "CEL") {
      const outcome = evaluateCost(cost.cel ?? "", variables);
      if (outcome.ok) values[cost.key] = outcome.value;
      else onProblem?.(cost, variables, outcome.problem);
    } else if (cost.type === "TotalToken") {
      values[cost.key] = totalTokens(usage);
    } else {
      values[cost.key] = tokenCount(usage[FIELD_OF_TYPE[cost.type]]);
    }
  }
  return values;
}
