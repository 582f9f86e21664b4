import { z } from "zod";
import { rateLimitSelectCondition } from "./envoy-gateway/rate-limit.ts";
import { plainInteger, text } from "./schema/fields.ts";
import { list } from "./schema/lists.ts";
import { withRules } from "./schema/rules.ts";
import { localPolicyTargetReference } from "./shared/gateway-api.ts";
import { resourceOf } from "./shared/resource.ts";
import { conditionsStatus } from "./shared/status.ts";

const quotaValue = (about: string) =>
  z
    .object({
      limit: plainInteger({}).describe("Most cost within the duration."),
      duration: z
        .enum(["1s", "1m", "1h", "1d"])
        .describe("Length of the sliding window: a second, minute, hour or day."),
    })
    .describe(about);

const costExpression = z
  .string()
  .describe(
    "CEL expression of a request's cost, over the variables of llmRequestCosts; `total_tokens` where left out.",
  )
  .optional();

const bucketRule = z
  .object({
    clientSelectors: list(rateLimitSelectCondition, { max: 8 })
      .describe("Clients that the quota is for, by header; all where left out.")
      .optional(),
    quota: quotaValue("The quota of these clients."),
    shadowMode: z
      .boolean()
      .describe("Whether the quota is counted but refuses nothing.")
      .optional(),
  })
  .describe("A quota of some clients. A request is charged to every rule that it matches.");

const perModelQuota = z
  .object({
    modelName: text({ min: 1 }).describe("The model, as the backend knows it."),
    quota: z
      .object({
        costExpression,
        mode: z
          .enum(["Shared"])
          .default("Shared")
          .describe(
            "Shared: a request is charged to the default bucket and to every rule that it matches, and passes while any of them has quota left.",
          ),
        defaultBucket: quotaValue("The quota of all requests.").optional(),
        bucketRules: list(bucketRule).describe("Quotas of some clients.").optional(),
      })
      .describe("What a request costs and the quotas that it is charged to."),
  })
  .describe("The quota of one model.");

const spec = z
  .object({
    targetRefs: withRules(list(localPolicyTargetReference, { max: 16 }), [
      {
        rule: "self.all(ref, ref.group == 'aigateway.envoyproxy.io' && ref.kind == 'AIServiceBackend')",
        message: "targetRefs must be AIServiceBackends",
      },
    ])
      .describe("Backends whose use is limited.")
      .optional(),
    serviceQuota: z
      .object({ costExpression, quota: quotaValue("The quota of all requests.") })
      .describe("Quota over all models; an entry of perModelQuotas replaces it for its model.")
      .optional(),
    perModelQuotas: list(perModelQuota, { max: 128 })
      .describe(
        "Quotas by model. Of several policies for one backend and model, the first by namespace and name counts.",
      )
      .optional(),
  })
  .describe("Backends and their quotas.");

export const quotaPolicy = resourceOf(
  "QuotaPolicy",
  // No field is required, so an object without a spec is a policy that limits nothing.
  spec.default({}),
  conditionsStatus,
).describe("Limits what models may be used, by tokens or by an expression of yours; 429 above it.");

/** A valid policy, with its defaults. */
export type QuotaPolicy = z.output<typeof quotaPolicy>;
/** A policy as a user writes it. */
export type QuotaPolicyInput = z.input<typeof quotaPolicy>;
