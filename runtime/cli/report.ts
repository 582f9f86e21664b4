import type { Problem } from "../controller/compile/problem.ts";

/** One line per problem: what, where, why and how to mend it. */
export function formatProblem(problem: Problem): string {
  const { severity, kind, object, field, reason, message } = problem;
  return `${severity}: ${kind} ${object}: ${field}: ${message} (${reason})`;
}
