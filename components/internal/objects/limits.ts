import type { Input } from "@pulumi/pulumi";
import type {
  ClientQuota,
  ModelQuota,
  RetrySettings,
  TokenLimit,
  TokenQuotaSettings,
} from "../../args/settings.generated.ts";
import { compact, derive } from "../inputs.ts";
import {
  AI_ALPHA,
  AI_GROUP,
  ENVOY_VERSION,
  GATEWAY_GROUP,
  type ObjectTemplate,
  objectIn,
  type Place,
} from "./object.ts";

/** Header in which the gateway keeps the model of a request. */
export const MODEL_HEADER = "x-ai-eg-model";
/** Namespace of the metadata in which costs are kept. */
const COSTS = "io.envoy.ai_gateway";

const COUNTED = {
  Total: { metadataKey: "llm_total_token", type: "TotalToken" },
  Input: { metadataKey: "llm_input_token", type: "InputToken" },
  Output: { metadataKey: "llm_output_token", type: "OutputToken" },
} as const;

/** Key of the cost that a limit counts. */
export const costKeyOf = (limit: TokenLimit): string =>
  limit.cost ?? COUNTED[limit.counted ?? "Total"].metadataKey;

/** Costs that limits read and that no one has to write down. */
export function costsOfLimits(
  limits: readonly TokenLimit[],
): { metadataKey: string; type: string }[] {
  const counted = limits.filter((limit) => limit.cost === undefined);
  return [...new Set(counted.map((limit) => COUNTED[limit.counted ?? "Total"]))];
}

/** Envoy Gateway's policy on a route or Gateway: who may use how much, and what is tried again. */
export function trafficPolicy(
  place: Place,
  target: { kind: "HTTPRoute" | "Gateway"; name: Input<string> },
  settings: { limits?: readonly TokenLimit[] | undefined; retry?: RetrySettings | undefined },
): ObjectTemplate[] {
  const { limits = [], retry } = settings;
  if (limits.length === 0 && retry === undefined) return [];
  return [
    objectIn(place, ENVOY_VERSION, "BackendTrafficPolicy", {
      spec: compact({
        targetRefs: [{ group: GATEWAY_GROUP, kind: target.kind, name: target.name }],
        rateLimit:
          limits.length === 0
            ? undefined
            : { type: "Global", global: { rules: limits.map(limitRule) } },
        retry: retry === undefined ? undefined : retryOf(retry),
      }),
    }),
  ];
}

function limitRule(limit: TokenLimit): object {
  const { tokens, per, models, perHeader, requestHeaders } = limit;
  const headers = [
    ...(models === undefined ? [] : [derive([modelList(models)], modelCondition)]),
    ...(requestHeaders ?? []),
    ...(perHeader === undefined ? [] : [{ name: perHeader, type: "Distinct" }]),
  ];
  return compact({
    clientSelectors: headers.length === 0 ? undefined : [{ headers }],
    limit: { requests: tokens, unit: per },
    cost: {
      request: { from: "Number", number: 0 },
      response: {
        from: "Metadata",
        metadata: { namespace: COSTS, key: costKeyOf(limit) },
      },
    },
  });
}

const modelList = (models: Input<string>[]): Input<string[]> =>
  derive(models, (...known: string[]) => known);

const modelCondition = (models: string[]): object =>
  models.length === 1
    ? { name: MODEL_HEADER, type: "Exact", value: models[0] }
    : {
        name: MODEL_HEADER,
        type: "RegularExpression",
        value: `^(${models.map(escaped).join("|")})$`,
      };

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

const RETRIED = [429, 500, 502, 503, 504];

const retryOf = (retry: RetrySettings): object =>
  compact({
    numRetries: retry.attempts,
    numAttemptsPerPriority: retry.attemptsPerPriority,
    retryOn: {
      triggers: ["connect-failure", "refused-stream", "reset", "retriable-status-codes"],
      httpStatusCodes: retry.statusCodes ?? RETRIED,
    },
    perRetry:
      retry.perAttemptTimeout === undefined && retry.backoff === undefined
        ? undefined
        : compact({
            timeout: retry.perAttemptTimeout,
            backOff: retry.backoff === undefined ? undefined : { baseInterval: retry.backoff },
          }),
  });

/** A quota on backends. */
export function quotaObjects(
  place: Place,
  settings: TokenQuotaSettings,
  backendName: (backend: string) => string,
): ObjectTemplate[] {
  const { backends, total, models } = settings;
  return [
    objectIn(place, AI_ALPHA, "QuotaPolicy", {
      spec: compact({
        targetRefs: backends.map((backend) => ({
          group: AI_GROUP,
          kind: "AIServiceBackend",
          name: backendName(backend),
        })),
        serviceQuota:
          total === undefined
            ? undefined
            : compact({
                costExpression: total.cost,
                quota: { limit: total.tokens, duration: total.per },
              }),
        perModelQuotas: models?.map(modelQuota),
      }),
    }),
  ];
}

const modelQuota = ({ model, tokens, per, cost, clients }: ModelQuota): object => ({
  modelName: model,
  quota: compact({
    costExpression: cost,
    defaultBucket: tokens === undefined ? undefined : { limit: tokens, duration: per },
    bucketRules: clients?.map(clientQuota),
  }),
});

const clientQuota = ({ tokens, per, requestHeaders, perHeader, shadow }: ClientQuota): object =>
  compact({
    clientSelectors: [
      {
        headers: [
          ...(requestHeaders ?? []),
          ...(perHeader === undefined ? [] : [{ name: perHeader, type: "Distinct" }]),
        ],
      },
    ],
    quota: { limit: tokens, duration: per },
    shadowMode: shadow,
  });
