import type { Plan } from "../compile/plan.ts";
import type { InferencePool } from "../snapshot/foreign.ts";
import { keyOf, namespaceOf } from "../snapshot/snapshot.ts";
import { accepted, fails, resolvedRefs } from "./conditions.ts";
import type { Findings } from "./findings.ts";
import type { StatusUpdate } from "./types.ts";

/** Gateways by the InferencePools that their rules refer to, whether these can be served or not. */
export function gatewaysOfPools(plan: Plan): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const gateway of plan.gateways) {
    for (const { route: key, id } of gateway.rules) {
      const route = plan.routes.get(key);
      const rule = route?.spec.rules[Number(id.slice(id.lastIndexOf("/") + 1))];
      for (const ref of rule?.backendRefs ?? []) {
        if (route === undefined || ref.kind !== "InferencePool") continue;
        const pool = `${ref.namespace || namespaceOf(route.metadata)}/${ref.name}`;
        found.set(pool, (found.get(pool) ?? new Set()).add(gateway.name));
      }
    }
  }
  return found;
}

/** `Accepted` and `ResolvedRefs`, as Gateway API's inference extension has them, under each Gateway. */
export function poolStatus(
  pool: InferencePool,
  gateways: ReadonlySet<string> | undefined,
  findings: Findings,
): StatusUpdate {
  const { apiVersion, kind, metadata, spec } = pool;
  const problems = findings.of("InferencePool", keyOf(metadata));
  const picker = `${namespaceOf(metadata)}/${spec.endpointPickerRef?.name}`;
  const found = findings.snapshot.Service.has(picker);
  return {
    apiVersion,
    kind,
    namespace: namespaceOf(metadata),
    name: metadata.name,
    generation: metadata.generation ?? 0,
    parents: [...(gateways ?? [])].sort(),
    conditions:
      gateways === undefined
        ? []
        : [
            { type: "Accepted", ...accepted(problems, "the pool") },
            {
              type: "ResolvedRefs",
              ...(found
                ? resolvedRefs(problems)
                : fails(
                    "InvalidExtensionRef",
                    `spec.endpointPickerRef.name: Service ${picker} does not exist`,
                  )),
            },
          ],
  };
}
