import type { Plan } from "../compile/plan.ts";
import type { Problem } from "../compile/problem.ts";
import { keyOf, type Snapshot } from "../snapshot/snapshot.ts";
import { targeting, type View, viewOf } from "../snapshot/view.ts";
import { isError } from "./conditions.ts";

/** Problems by the object they are about, and what leads to what. */
export interface Findings {
  snapshot: Snapshot;
  /** Of one object. */
  of(kind: string, key: string): readonly Problem[];
  /**
   * Why an AIServiceBackend (or InferencePool) is not served: the first error of its own, of its
   * policy, or of the Backend that it names.
   */
  whyNotServed(kind: string, key: string): string | undefined;
}

export function findingsOf(original: Snapshot, plan: Plan): Findings {
  const view: View = viewOf(original);
  const { snapshot } = view;
  const byObject = new Map<string, Problem[]>();
  for (const problem of plan.problems) {
    const identity = `${problem.kind} ${problem.object}`;
    const known = byObject.get(identity);
    if (known === undefined) byObject.set(identity, [problem]);
    else known.push(problem);
  }
  const of: Findings["of"] = (kind, key) => byObject.get(`${kind} ${key}`) ?? [];
  return {
    snapshot,
    of,
    whyNotServed(kind, key) {
      const [namespace = "", name = ""] = key.split("/");
      const [policy] = targeting(snapshot, "BackendSecurityPolicy", { kind, namespace, name });
      const target =
        kind === "AIServiceBackend"
          ? snapshot.AIServiceBackend.get(key)?.spec.backendRef
          : undefined;
      const chain: [kind: string, key: string][] = [
        [kind, key],
        ...(policy ? [["BackendSecurityPolicy", keyOf(policy.metadata)] as [string, string]] : []),
        ...(target
          ? [[target.kind, `${target.namespace ?? namespace}/${target.name}`] as [string, string]]
          : []),
      ];
      for (const [ofKind, ofKey] of chain) {
        const problem = of(ofKind, ofKey).find(isError);
        if (problem) return `${ofKind} ${ofKey}: ${problem.field}: ${problem.message}`;
      }
      return undefined;
    },
  };
}
