import { endpointById } from "../endpoints/registry.ts";
import type { Usage } from "../lib/usage.ts";
import type { Cost, CostType } from "../program/program.ts";
import { providerBySchema } from "../providers/registry.ts";
import type { Registries } from "./session/programs.ts";

const FIELD: Record<Exclude<CostType, "CEL">, keyof Usage> = {
  InputToken: "inputTokens",
  OutputToken: "outputTokens",
  TotalToken: "totalTokens",
  CachedInputToken: "cachedInputTokens",
  CacheCreationInputToken: "cacheCreationInputTokens",
  ReasoningToken: "reasoningTokens",
};

/** Everything that the gateway serves. */
export const registries: Registries = {
  endpointById,
  providerBySchema,
  computeCosts: (costs: Cost[], { usage }) =>
    Object.fromEntries(
      costs.map(({ key, type }) => [key, type === "CEL" ? 0 : (usage[FIELD[type]] ?? 0)]),
    ),
};
