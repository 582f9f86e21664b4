import { shortHash } from "../../lib/hash.ts";
import type { Secret } from "../snapshot/foreign.ts";
import { keyOf, secretValue } from "../snapshot/snapshot.ts";
import type { RulePlan } from "./plan.ts";

/**
 * Hash of a rule's plan. Values of the Secrets that it was made of stand in it by the Secrets'
 * resourceVersion alone, so that nothing can be learnt of them.
 */
export function ruleRevision(rule: Omit<RulePlan, "revision">, secrets: readonly Secret[]): string {
  const values = new Set(
    secrets.flatMap((secret) =>
      [...Object.keys(secret.data ?? {}), ...Object.keys(secret.stringData ?? {})].map((key) =>
        secretValue(secret, key),
      ),
    ),
  );
  const text = JSON.stringify(rule, (_, value: unknown) =>
    typeof value === "string" && values.has(value) ? "" : value,
  );
  const versions = [
    ...new Set(
      secrets.map(({ metadata }) => `${keyOf(metadata)}@${metadata.resourceVersion ?? ""}`),
    ),
  ].sort();
  return shortHash(text, ...versions);
}
