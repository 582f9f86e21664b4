/** Limits on tokens, counted by client (routes) or by backend (quotas). */
import { z } from "zod";
import { int64, text } from "../../runtime/api/schema/fields.ts";
import { list } from "../../runtime/api/schema/lists.ts";
import { named } from "../../runtime/api/schema/names.ts";
import { httpHeaderMatch } from "../../runtime/api/shared/gateway-api.ts";
import { choice, plain, withRules } from "./fields.ts";

export const tokenLimit = named(
  "TokenLimit",
  z
    .object({
      tokens: int64({ min: 1 }).describe("Most tokens within the time."),
      per: z
        .enum(["Second", "Minute", "Hour", "Day", "Month", "Year"])
        .meta({ "x-type-name": "LimitPeriod" })
        .describe("The time."),
      counted: choice("CountedTokens", ["Total", "Input", "Output"])
        .default("Total")
        .describe("Which tokens are counted."),
      cost: plain(text({ min: 1 }))
        .describe("Count this cost of the route, by its metadataKey, instead of tokens.")
        .optional(),
      perHeader: text({ min: 1, max: 256 })
        .describe(
          "Header whose every value has a limit of its own, as `x-user-id`. Let your authentication set it: clients can write what they like.",
        )
        .optional(),
      models: list(text({ min: 1 }), { min: 1, max: 64 })
        .describe("Models that share this limit; all where left out.")
        .optional(),
      requestHeaders: list(httpHeaderMatch, { max: 16 })
        .describe("Conditions on the requests that are counted.")
        .optional(),
    })
    .describe("A limit on tokens."),
);

const quotaPer = z
  .enum(["1s", "1m", "1h", "1d"])
  .meta({ "x-type-name": "QuotaPeriod" })
  .describe("Length of the sliding window.");

const quotaAmount = {
  tokens: int64({ min: 0 }).describe("Most tokens, or most cost, within the time."),
  per: quotaPer,
};

const clientQuota = named(
  "ClientQuota",
  withRules(
    z.object({
      ...quotaAmount,
      requestHeaders: list(httpHeaderMatch, { min: 1, max: 16 })
        .describe("Conditions on the requests that it is for.")
        .optional(),
      perHeader: text({ min: 1, max: 256 })
        .describe("Header whose every value has a quota of its own.")
        .optional(),
      shadow: z.boolean().describe("Whether it is counted but refuses nothing.").optional(),
    }),
    [
      {
        rule: "has(self.requestHeaders) || has(self.perHeader)",
        message: "give requestHeaders, perHeader or both",
      },
    ],
  ).describe("A quota of some clients."),
);

const modelQuota = named(
  "ModelQuota",
  withRules(
    z.object({
      model: text({ min: 1 }).describe("The model, as the backend knows it."),
      tokens: quotaAmount.tokens.optional(),
      per: quotaPer.optional(),
      cost: text({ min: 1 })
        .describe("CEL expression of a request's cost; `total_tokens` where left out.")
        .optional(),
      clients: list(clientQuota, { max: 32 }).describe("Quotas of some clients.").optional(),
    }),
    [
      { rule: "has(self.tokens) == has(self.per)", message: "tokens and per belong together" },
      {
        rule: "has(self.tokens) || has(self.clients)",
        message: "give tokens and per, or clients",
      },
    ],
  ).describe("The quota of one model."),
);

const serviceQuota = named(
  "ServiceQuota",
  z
    .object({
      ...quotaAmount,
      cost: text({ min: 1 })
        .describe("CEL expression of a request's cost; `total_tokens` where left out.")
        .optional(),
    })
    .describe("A quota over all models."),
);

export const quotaShape = {
  backends: plain(list(plain(text({ min: 1, max: 253 })), { min: 1, max: 16 })).describe(
    "Backends whose use is limited.",
  ),
  total: serviceQuota.optional(),
  models: list(modelQuota, { max: 128 })
    .describe("Quotas by model; an entry replaces `total` for its model.")
    .optional(),
};

export const quotaRules = [
  { rule: "has(self.total) || has(self.models)", message: "give total, models or both" },
];

export const tokenQuotaSettings = named(
  "TokenQuotaSettings",
  withRules(z.object(quotaShape), quotaRules).describe(
    "How much of a provider may be used, whoever asks.",
  ),
);
