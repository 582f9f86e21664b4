import type { AIGatewayRoute } from "../../api/index.ts";
import { MODEL_HEADER } from "../../program/names.ts";
import type { HeaderMatch, RulePlan } from "./plan.ts";

const DEFAULT_OWNER = "Envoy AI Gateway";

type Rule = AIGatewayRoute["spec"]["rules"][number];

/** Models that a rule names by an exact match on the model header, as the model list shows them. */
export function modelsOf(
  route: AIGatewayRoute,
  rule: Rule,
  matches: readonly HeaderMatch[][],
): RulePlan["models"] {
  const created = rule.modelsCreatedAt ?? route.metadata.creationTimestamp;
  const createdAt = created === undefined ? 0 : Math.floor(Date.parse(created) / 1000) || 0;
  return matches.flatMap((alternative) =>
    alternative
      .filter((match) => match.type === "Exact" && match.name === MODEL_HEADER)
      .map((match) => ({
        id: match.value,
        ownedBy: rule.modelsOwnedBy ?? DEFAULT_OWNER,
        createdAt,
      })),
  );
}
