import { compile } from "../controller/compile/compile.ts";
import type { GatewayPlan } from "../controller/compile/plan.ts";
import type { Problem } from "../controller/compile/problem.ts";
import { snapshotOf } from "../controller/snapshot/snapshot.ts";
import type { LoadedConfig } from "./config/loaded.ts";

/** What a configuration comes to: the gateway that it describes, and all that is to be said of it. */
export interface Prepared {
  gateway: GatewayPlan | undefined;
  /** Why this configuration must not replace a good one. */
  errors: string[];
  /** What is served differently than a reader might think, or not at all. */
  warnings: string[];
}

/** Pure: resources as loaded to a plan, and to messages that name object, field and mend. */
export function prepare(loaded: LoadedConfig): Prepared {
  const plan = compile(snapshotOf(loaded.resources), { platform: "standalone" });
  const errors = loaded.problems.filter((p) => p.severity === "error").map((p) => p.message);
  const warnings = [
    ...loaded.problems.filter((p) => p.severity !== "error").map((p) => p.message),
    ...loaded.unserved.map((entry) => entry.message),
  ];
  for (const problem of plan.problems) {
    (problem.severity === "error" ? errors : warnings).push(formatProblem(problem));
  }
  const [gateway, ...others] = plan.gateways;
  if (gateway === undefined) {
    errors.push(
      "no Gateway resource: add one, and name it in the parentRefs of your AIGatewayRoutes",
    );
  }
  for (const other of others) {
    warnings.push(
      `Gateway ${other.name} is not served: one gateway runs at a time, ${gateway?.name}`,
    );
  }
  return { gateway, errors, warnings };
}

/** One line per problem: what, where, why and how to mend it. */
export function formatProblem(problem: Problem): string {
  const { kind, object, field, reason, message } = problem;
  return `${kind} ${object}: ${field}: ${message} (${reason})`;
}
