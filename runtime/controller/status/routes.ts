import type { AIGatewayRoute } from "../../api/index.ts";
import { gatewayOf, parentRefsOf } from "../compile/attachment.ts";
import type { Plan, RulePlan } from "../compile/plan.ts";
import type { Problem } from "../compile/problem.ts";
import { keyOf, namespaceOf } from "../snapshot/snapshot.ts";
import {
  aboutReferences,
  accepted,
  conditionsOf,
  fails,
  failsBy,
  holds,
  isError,
  pending,
  type Verdict,
} from "./conditions.ts";
import type { Findings } from "./findings.ts";
import type { Condition, HttpRouteFacts, ProgrammedFacts } from "./types.ts";

/** A route's rules by Gateway. */
export type PlannedRules = ReadonlyMap<string, readonly RulePlan[]>;

export function routeConditions(
  route: AIGatewayRoute,
  plan: Plan,
  planned: PlannedRules,
  findings: Findings,
  facts: ProgrammedFacts,
): Condition[] {
  const key = keyOf(route.metadata);
  const problems = findings.of("AIGatewayRoute", key);
  const httpRoute = facts.httpRoutes.get(key);
  return conditionsOf({
    accepted: routeAccepted(problems, planned),
    resolvedRefs:
      failsBy([
        ...problems.filter((p) => isError(p) && aboutReferences(p)),
        ...unservedBackends(route, planned, findings),
      ]) ?? judgedRefs(httpRoute),
    programmed: programmed(route, plan, planned, httpRoute, facts),
  });
}

/** Parents that are not there count only where no other Gateway takes the route. */
function routeAccepted(problems: readonly Problem[], planned: PlannedRules): Verdict {
  const taken = [...planned.values()].some((rules) => rules.some((r) => r.listeners.length > 0));
  const counted = problems.map(
    (problem): Problem =>
      taken && (problem.reason === "GatewayNotFound" || problem.reason === "NotAttached")
        ? { ...problem, severity: "warning" }
        : problem,
  );
  return accepted(counted, "the route");
}

/** References that lead somewhere, to a backend that cannot be served. */
function unservedBackends(
  route: AIGatewayRoute,
  planned: PlannedRules,
  findings: Findings,
): { reason: "BackendNotFound"; field: string; message: string }[] {
  const [rules = []] = planned.values();
  return rules.flatMap((plan, ruleIndex) => {
    const served = new Set(plan.backends.map(({ origin }) => origin.position));
    return (route.spec.rules[ruleIndex]?.backendRefs ?? []).flatMap((ref, position) => {
      if (served.has(position)) return [];
      const kind = ref.kind ?? "AIServiceBackend";
      const key = `${ref.namespace || namespaceOf(route.metadata)}/${ref.name}`;
      const why = findings.whyNotServed(kind, key);
      return why === undefined
        ? []
        : [
            {
              reason: "BackendNotFound" as const,
              field: `spec.rules[${ruleIndex}].backendRefs[${position}]`,
              message: `${kind} ${key} is not served: ${why}`,
            },
          ];
    });
  });
}

/** Envoy Gateway's word on the references of the HTTPRoute. */
function judgedRefs(httpRoute: HttpRouteFacts | undefined): Verdict {
  for (const { gateway, conditions } of httpRoute?.parents ?? []) {
    const refs = conditions.find(({ type }) => type === "ResolvedRefs");
    if (refs?.status === "False") {
      return fails(refs.reason, `Envoy Gateway, for Gateway ${gateway}: ${refs.message}`);
    }
  }
  return holds("ResolvedRefs", "all references lead to what they name");
}

function programmed(
  route: AIGatewayRoute,
  plan: Plan,
  planned: PlannedRules,
  httpRoute: HttpRouteFacts | undefined,
  facts: ProgrammedFacts,
): Verdict {
  if (route.spec.rules.length === 0) return fails("NoRules", "spec.rules: there is none to serve");
  if (planned.size === 0) return fails("NotAttached", "no Gateway serves the route");
  const served = plan.routes.get(keyOf(route.metadata));
  if (served !== undefined && served.metadata.generation !== route.metadata.generation) {
    return fails(
      "LastGoodServed",
      `generation ${served.metadata.generation} goes on serving, since this one is not accepted`,
    );
  }
  if (httpRoute === undefined) return pending("the HTTPRoute is not written yet");
  for (const [gateway, rules] of planned) {
    const verdict = onGateway(route, gateway, rules, httpRoute, facts);
    if (verdict !== undefined) return verdict;
  }
  return holds("Programmed", `served by ${[...planned.keys()].join(", ")}`);
}

/** What keeps one Gateway from serving the whole route. */
function onGateway(
  route: AIGatewayRoute,
  gateway: string,
  rules: readonly RulePlan[],
  httpRoute: HttpRouteFacts,
  facts: ProgrammedFacts,
): Verdict | undefined {
  const parents = httpRoute.parents.filter((parent) => parent.gateway === gateway);
  const wanted = parentRefsOf(route).refs.filter(({ ref }) => gatewayOf(route, ref) === gateway);
  if (parents.length < wanted.length) {
    return pending(`Envoy Gateway has not judged the HTTPRoute for Gateway ${gateway} yet`);
  }
  for (const { conditions } of parents) {
    const judged = conditions.find(({ type }) => type === "Accepted");
    if (judged === undefined || (judged.observedGeneration ?? 0) < httpRoute.generation) {
      return pending(`Envoy Gateway has yet to judge the newest HTTPRoute for Gateway ${gateway}`);
    }
    if (judged.status !== "True") {
      return fails(judged.reason, `Envoy Gateway, for Gateway ${gateway}: ${judged.message}`);
    }
  }
  const empty = rules.findIndex(({ backends }) => backends.length === 0);
  if (empty !== -1) {
    return fails("NoBackend", `spec.rules[${empty}]: no backend can be served; it answers 503`);
  }
  return inXds(gateway, rules, facts);
}

/** What Envoy Gateway says of the Gateway, and the extension server of the rules. */
function inXds(
  gateway: string,
  rules: readonly RulePlan[],
  { denied, rejected }: ProgrammedFacts,
): Verdict | undefined {
  const refusal = rejected.get(gateway);
  if (refusal !== undefined) {
    return fails("GatewayNotProgrammed", `Gateway ${gateway} serves nothing: ${refusal}`);
  }
  const waiting = rules.findIndex(({ id }) => denied.has(id));
  return waiting === -1
    ? undefined
    : pending(
        `spec.rules[${waiting}] answers 503 on Gateway ${gateway} until Envoy Gateway has its newest version`,
      );
}
