import type { AIGatewayRoute } from "../../api/index.ts";
import { re2 } from "../../lib/re2.ts";
import { GATEWAY_HEADER_PREFIX } from "../../program/names.ts";
import { matchBudgets } from "./limits.ts";
import type { HeaderMatch } from "./plan.ts";
import type { ProblemLog } from "./problem.ts";

/** Never holds: no client can send a header of the gateway's own, and the gateway sets no such one. */
const NEVER: HeaderMatch = {
  name: `${GATEWAY_HEADER_PREFIX}never`,
  value: "true",
  type: "Exact",
};

/** The matches of each rule of a route, those left out that cannot be served. */
export function matchesOf(
  route: AIGatewayRoute,
  limited: boolean,
  log: ProblemLog,
): HeaderMatch[][][] {
  const { rules } = route.spec;
  const budgets = matchBudgets(rules.map((rule) => rule.matches?.length ?? 0));
  return rules.map((rule, ruleIndex) => {
    const field = `spec.rules[${ruleIndex}].matches`;
    const matches = rule.matches ?? [];
    const budget = limited ? (budgets[ruleIndex] ?? 0) : matches.length;
    if (matches.length > budget) {
      log.error(
        route,
        field,
        "InvalidMatch",
        `only the first ${budget} of ${matches.length} matches are served: an HTTPRoute has at most 64 matches a rule and 128 in all; spread them over several AIGatewayRoutes`,
      );
    }
    const usable = matches
      .slice(0, budget)
      .flatMap((match, index) => usableMatch(route, `${field}[${index}]`, match, log));
    // A rule whose every match is broken must match nothing, not everything.
    return usable.length === 0 && matches.length > 0 ? [[NEVER]] : usable;
  });
}

function usableMatch(
  route: AIGatewayRoute,
  field: string,
  match: NonNullable<AIGatewayRoute["spec"]["rules"][number]["matches"]>[number],
  log: ProblemLog,
): HeaderMatch[][] {
  const headers = (match.headers ?? []).map(
    (header): HeaderMatch => ({
      name: header.name.toLowerCase(),
      value: header.value,
      type: header.type ?? "Exact",
    }),
  );
  const bad = headers.find((h) => h.type === "RegularExpression" && !re2(h.value).ok);
  if (bad === undefined) return [headers];
  log.error(
    route,
    field,
    "InvalidMatch",
    `"${bad.value}" is not a regular expression (RE2); this match is left out`,
  );
  return [];
}
