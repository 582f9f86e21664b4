import type { AIGatewayRoute, GatewayConfig } from "../../api/index.ts";
import type { Endpoint } from "../../endpoints/endpoint.ts";
import { checkCostExpression } from "../../ext_proc/cost/expression.ts";
import { shortHash } from "../../lib/hash.ts";
import type { Usage, UsageField } from "../../lib/usage.ts";
import { USAGE_KEYS } from "../../program/names.ts";
import type { Cost, CostType } from "../../program/program.ts";
import type { Passthrough } from "../../providers/provider.ts";
import type { UsageProfile } from "./plan.ts";
import type { ProblemLog } from "./problem.ts";

type CostSpec = { metadataKey: string; type: string; cel?: string | undefined };

/** The costs of a route over the gateway's defaults, by metadata key; bad expressions left out. */
export function costsOf(
  route: AIGatewayRoute,
  config: GatewayConfig | undefined,
  log: ProblemLog,
): Cost[] {
  const byKey = new Map(
    [
      ...(config ? configCosts(config, log) : []),
      ...usable(route, "llmRequestCosts", route.spec.llmRequestCosts, log),
    ].map((cost) => [cost.key, cost]),
  );
  return [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The costs that a config gives every route; bad expressions left out. */
export const configCosts = (config: GatewayConfig, log: ProblemLog): Cost[] =>
  usable(config, "globalLLMRequestCosts", config.spec.globalLLMRequestCosts, log);

function usable(
  on: AIGatewayRoute | GatewayConfig,
  field: string,
  costs: readonly CostSpec[] = [],
  log: ProblemLog,
): Cost[] {
  return costs.flatMap(({ metadataKey: key, type, cel }, index): Cost[] => {
    if (type !== "CEL") return [{ key, type: type as CostType }];
    const problem =
      cel === undefined ? "type CEL needs an expression in cel" : checkCostExpression(cel);
    if (cel !== undefined && problem === undefined) return [{ key, type, cel }];
    log.error(on, `spec.${field}[${index}].cel`, "InvalidCost", problem ?? "");
    return [];
  });
}

const FIELD_OF_TYPE: Record<Exclude<CostType, "CEL">, keyof Usage> = {
  InputToken: "inputTokens",
  OutputToken: "outputTokens",
  TotalToken: "totalTokens",
  CachedInputToken: "cachedInputTokens",
  CacheCreationInputToken: "cacheCreationInputTokens",
  ReasoningToken: "reasoningTokens",
};

/** The first cost that Envoy's own filters cannot read from this protocol's answers. */
export function unreadableCost(
  costs: readonly Cost[],
  endpoint: Endpoint,
  protocol: Passthrough,
): Cost | undefined {
  const { json, sse } = protocol.nativeUsage;
  return costs.find((cost) => {
    if (cost.type === "CEL") return true;
    if (startsAtZero(cost, endpoint, protocol)) return false;
    const field = FIELD_OF_TYPE[cost.type];
    return !(field in json && (field in sse || !endpoint.streams));
  });
}

/** Nothing is charged where answers do not say so. */
function startsAtZero(
  { type }: Cost,
  { usage = "always" }: Endpoint,
  { nativeUsage: { zero = [] } }: Passthrough,
): boolean {
  return type !== "CEL" && (usage !== "always" || zero.includes(FIELD_OF_TYPE[type]));
}

/** What Envoy's filters extract for these costs, and for metrics; every cost is readable. */
export function usageProfile(costs: readonly Cost[], protocol: Passthrough): UsageProfile {
  const rules = (selectors: Partial<Record<UsageField, readonly string[]>>): UsageProfile["json"] =>
    (Object.keys(USAGE_KEYS) as UsageField[]).flatMap((field) => {
      const selector = selectors[field];
      if (selector === undefined) return [];
      const keys = [
        USAGE_KEYS[field],
        ...costs
          .filter((c) => c.type !== "CEL" && FIELD_OF_TYPE[c.type] === field)
          .map((c) => c.key),
      ];
      return keys.map((key) => ({ selector, key, ...(field === "model" ? { text: true } : {}) }));
    });
  const json = rules(protocol.nativeUsage.json);
  const sse = rules(protocol.nativeUsage.sse);
  return { name: shortHash(JSON.stringify([json, sse])), json, sse };
}

/** Costs for which the size of the prompt is a first guess. */
export const estimatedKeys = (costs: readonly Cost[], { usage = "always" }: Endpoint): string[] =>
  costs
    .filter(({ type }) => usage === "always" && (type === "InputToken" || type === "TotalToken"))
    .map(({ key }) => key);

/** Costs that are nothing where answers do not say so. */
export const zeroKeys = (
  costs: readonly Cost[],
  endpoint: Endpoint,
  protocol: Passthrough,
): string[] => costs.filter((cost) => startsAtZero(cost, endpoint, protocol)).map(({ key }) => key);
