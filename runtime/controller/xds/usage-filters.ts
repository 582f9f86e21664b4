import {
  METADATA_NAMESPACE,
  STREAM_NAMESPACE,
  USAGE_HEADER,
  USAGE_KEYS,
} from "../../program/names.ts";
import type { GatewayPlan, UsageProfile } from "../compile/plan.ts";
import { extension, type JsonObject, typed } from "./json.ts";
import { byHeader, chosenFilter, run, skip } from "./matching.ts";

export const USAGE_FILTER = "usage/sse";

/**
 * The downstream filter that reads usage out of native streams, by the profile that the final route
 * names. It stands in the listener, not on routes (Envoy cannot build it there); profiles depend
 * on metadata keys only, so that models come and go without touching it. Whole answers are read in Lua.
 */
export function usageFilters(gateway: Pick<GatewayPlan, "rules">): JsonObject[] {
  const profiles = profilesOf(gateway);
  if (profiles.length === 0) return [];
  const actions = profiles.map((p) => [p.name, run(USAGE_FILTER, sseToMetadata(p))] as const);
  return [chosenFilter(USAGE_FILTER, byHeader(USAGE_HEADER, Object.fromEntries(actions), skip))];
}

/** Distinct profiles of a gateway that find something in streams, in a stable order. */
function profilesOf(gateway: Pick<GatewayPlan, "rules">): UsageProfile[] {
  const byName = new Map<string, UsageProfile>();
  for (const rule of gateway.rules) {
    for (const { usage } of Object.values(rule.endpoints)) {
      if (usage !== undefined && usage.sse.length > 0) byName.set(usage.name, usage);
    }
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const FOR_ACCOUNTING: ReadonlySet<string> = new Set(Object.values(USAGE_KEYS));

const rule = ({ selector, key, text }: UsageProfile["sse"][number]): JsonObject => ({
  selectors: selector.map((part) => ({ key: part })),
  on_present: {
    metadata_namespace: FOR_ACCOUNTING.has(key) ? STREAM_NAMESPACE : METADATA_NAMESPACE,
    key,
    type: text ? "STRING" : "NUMBER",
  },
});

const sseToMetadata = (profile: UsageProfile): JsonObject =>
  typed("envoy.extensions.filters.http.sse_to_metadata.v3.SseToMetadata", {
    response_rules: {
      content_parser: extension(
        "envoy.content_parsers.json",
        "envoy.extensions.content_parsers.json.v3.JsonContentParser",
        { rules: profile.sse.map((r) => ({ rule: rule(r) })) },
      ),
    },
  });
