import { METADATA_NAMESPACE, STREAM_SUFFIX, USAGE_HEADER } from "../../program/names.ts";
import type { GatewayPlan, UsageProfile } from "../compile/plan.ts";
import { extension, type JsonObject, typed } from "./json.ts";
import { byHeader, chosenFilter, run, skip } from "./matching.ts";

/**
 * Two downstream filters that read usage out of native answers, whole and streamed, by the profile
 * that the final route names. They stand in the listener, not on routes (Envoy cannot build them
 * there); profiles depend on metadata keys only, so that models come and go without touching it.
 */
export function usageFilters(gateway: Pick<GatewayPlan, "rules">): JsonObject[] {
  const profiles = profilesOf(gateway);
  if (profiles.length === 0) return [];
  const chosen = (form: "json" | "sse", config: (profile: UsageProfile) => JsonObject) => {
    // Answers in which nothing is to be found are not held back to be read.
    const reading = profiles.filter((profile) => profile[form].length > 0);
    if (reading.length === 0) return [];
    const name = `usage/${form}`;
    // A stream may be refused with a JSON answer; an answer that was asked for whole is never a stream.
    const forms = form === "json" ? ["", STREAM_SUFFIX] : [STREAM_SUFFIX];
    const actions = reading.flatMap((p) =>
      forms.map((suffix) => [`${p.name}${suffix}`, run(name, config(p))] as const),
    );
    return [chosenFilter(name, byHeader(USAGE_HEADER, Object.fromEntries(actions), skip))];
  };
  return [...chosen("json", jsonToMetadata), ...chosen("sse", sseToMetadata)];
}

/** Distinct profiles of a gateway, in a stable order. */
function profilesOf(gateway: Pick<GatewayPlan, "rules">): UsageProfile[] {
  const byName = new Map<string, UsageProfile>();
  for (const rule of gateway.rules) {
    for (const { usage } of Object.values(rule.endpoints)) if (usage) byName.set(usage.name, usage);
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

type UsageRule = UsageProfile["json"][number];

const rule = ({ selector, key, text }: UsageRule): JsonObject => ({
  selectors: selector.map((part) => ({ key: part })),
  on_present: {
    metadata_namespace: METADATA_NAMESPACE,
    key,
    type: text ? "STRING" : "NUMBER",
  },
});

const jsonToMetadata = (profile: UsageProfile): JsonObject =>
  typed("envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata", {
    response_rules: { rules: profile.json.map(rule) },
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
