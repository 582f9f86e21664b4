import type { Input } from "@pulumi/pulumi";
import type { HTTPHeaderMatch } from "../../args/resources.generated.ts";
import type { LlmRouteRule, LlmRouteSettings } from "../../args/settings.generated.ts";
import { compact } from "../inputs.ts";
import { costsOfLimits, MODEL_HEADER, trafficPolicy } from "./limits.ts";
import { AI_VERSION, GATEWAY_GROUP, type ObjectTemplate, objectIn, type Place } from "./object.ts";

/** A route and the policy that goes with it. */
export function routeObjects(
  place: Place,
  gateway: Input<string>,
  settings: LlmRouteSettings,
  backendName: (backend: string) => string,
): ObjectTemplate[] {
  const { hostnames, rules, costs = [], limits = [], retry } = settings;
  const own = new Set(costs.map((cost) => (cost as { metadataKey?: unknown }).metadataKey));
  const all = [...costs, ...costsOfLimits(limits).filter((cost) => !own.has(cost.metadataKey))];
  return [
    objectIn(place, AI_VERSION, "AIGatewayRoute", {
      spec: compact({
        parentRefs: [{ group: GATEWAY_GROUP, kind: "Gateway", name: gateway }],
        hostnames,
        rules: rules.map((rule) => ruleOf(rule, backendName)),
        llmRequestCosts: all.length === 0 ? undefined : all,
      }),
    }),
    ...trafficPolicy(place, { kind: "HTTPRoute", name: place.name }, { limits, retry }),
  ];
}

function ruleOf(rule: LlmRouteRule, backendName: (backend: string) => string): object {
  const { timeout, attemptTimeout } = rule;
  return compact({
    name: rule.name,
    matches: matchesOf(rule),
    backendRefs: backendRefsOf(rule, backendName),
    timeouts:
      timeout === undefined && attemptTimeout === undefined
        ? undefined
        : compact({ request: timeout, backendRequest: attemptTimeout }),
    streamIdleTimeout: rule.streamIdleTimeout,
    modelsOwnedBy: rule.ownedBy,
    modelsCreatedAt: rule.createdAt,
  });
}

function backendRefsOf(rule: LlmRouteRule, backendName: (backend: string) => string): object[] {
  const { inferencePool: pool, backends = [] } = rule;
  if (pool !== undefined) {
    return [
      compact({
        group: "inference.networking.k8s.io",
        kind: "InferencePool",
        name: pool.name,
        namespace: pool.namespace,
        modelNameOverride: pool.model,
      }),
    ];
  }
  return backends.map(({ backend, model, weight, priority, headers, body }) =>
    compact({
      name: backendName(backend),
      modelNameOverride: model,
      weight,
      priority,
      headerMutation: headers,
      bodyMutation: body,
    }),
  );
}

/** A match for each model, all with the further conditions. */
function matchesOf(rule: LlmRouteRule): object[] | undefined {
  const { models, modelPattern, requestHeaders = [] } = rule;
  const byModel: Input<HTTPHeaderMatch>[][] =
    modelPattern !== undefined
      ? [[{ type: "RegularExpression", name: MODEL_HEADER, value: modelPattern }]]
      : models === undefined
        ? requestHeaders.length === 0
          ? []
          : [[]]
        : models.map((model) => [{ type: "Exact", name: MODEL_HEADER, value: model }]);
  if (byModel.length === 0) return undefined;
  return byModel.map((conditions) => ({ headers: [...conditions, ...requestHeaders] }));
}
