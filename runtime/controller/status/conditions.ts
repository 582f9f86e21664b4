import type { Problem, Reason } from "../compile/problem.ts";
import type { Condition } from "./types.ts";

export type Status = Condition["status"];

/** A condition without its type. */
export interface Verdict {
  status: Status;
  reason: string;
  message: string;
}

export const holds = (reason: string, message: string): Verdict => ({
  status: "True",
  reason,
  message,
});
export const fails = (reason: string, message: string): Verdict => ({
  status: "False",
  reason,
  message,
});
export const pending = (message: string): Verdict => ({
  status: "Unknown",
  reason: "Pending",
  message,
});

/** Problems that are about what an object refers to; all others are about what it says. */
const OF_REFERENCES: ReadonlySet<Reason> = new Set<Reason>([
  "BackendNotFound",
  "RefNotPermitted",
  "SecretNotFound",
  "SecretInvalid",
]);

/** Follows from other problems, which are told themselves. */
const DERIVED: ReadonlySet<Reason> = new Set<Reason>(["NoBackend"]);

export const isError = ({ severity, reason }: Problem): boolean =>
  severity === "error" && !DERIVED.has(reason);
export const aboutReferences = ({ reason }: Problem): boolean => OF_REFERENCES.has(reason);

/** One message of several problems: the first in full, and how many there are more. */
export function failsBy(
  problems: readonly Pick<Problem, "reason" | "field" | "message">[],
): Verdict | undefined {
  const [first, ...others] = problems;
  if (first === undefined) return undefined;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return fails(first.reason, `${first.field}: ${first.message}${more}`);
}

/** `Accepted` as far as what the object itself says goes; warnings are told with it. */
export function accepted(problems: readonly Problem[], what: string): Verdict {
  const failure = failsBy(problems.filter((p) => isError(p) && !aboutReferences(p)));
  if (failure !== undefined) return failure;
  const [warning, ...others] = problems.filter(({ severity }) => severity === "warning");
  if (warning === undefined) return holds("ReconciliationSucceeded", `${what} is valid`);
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return holds(
    "ReconciliationSucceeded",
    `${what} is valid; but ${warning.field}: ${warning.message}${more}`,
  );
}

/** `ResolvedRefs` as far as the object's own references go. */
export const resolvedRefs = (problems: readonly Problem[]): Verdict =>
  failsBy(problems.filter((p) => isError(p) && aboutReferences(p))) ??
  holds("ResolvedRefs", "all references lead to what they name");

/**
 * The conditions of an object. The last one is what the reference would have as its only one, since
 * tools and the `Status` column look there: `Accepted`, or `NotAccepted` with status False.
 */
export function conditionsOf(verdicts: {
  accepted: Verdict;
  resolvedRefs: Verdict;
  programmed: Verdict;
}): Condition[] {
  const { accepted: own } = verdicts;
  const others: Condition[] = [
    { type: "ResolvedRefs", ...verdicts.resolvedRefs },
    { type: "Programmed", ...verdicts.programmed },
  ];
  return own.status === "True"
    ? [...others, { type: "Accepted", ...own }]
    : [
        { type: "Accepted", ...own },
        ...others,
        { type: "NotAccepted", ...fails("ReconciliationFailed", own.message) },
      ];
}
