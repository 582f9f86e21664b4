import { z } from "zod";
import { dateTime, int32, text } from "../../runtime/api/schema/fields.ts";
import { list } from "../../runtime/api/schema/lists.ts";
import { named } from "../../runtime/api/schema/names.ts";
import { withRules as withValueRules } from "../../runtime/api/schema/rules.ts";
import { llmRequestCost } from "../../runtime/api/shared/costs.ts";
import { httpHeaderMatch } from "../../runtime/api/shared/gateway-api.ts";
import { httpBodyMutation, httpHeaderMutation } from "../../runtime/api/shared/mutations.ts";
import { endpointIds } from "../args/support.generated.ts";
import { choice, host, plain, time, withRules } from "./fields.ts";
import { tokenLimit } from "./limits.ts";

const routeBackend = named(
  "LlmRouteBackend",
  z
    .object({
      backend: plain(text({ min: 1, max: 253 })).describe("Name of the backend."),
      model: text({ min: 1 })
        .describe("Model to ask this backend for, instead of the one that the client named.")
        .optional(),
      weight: int32({ min: 0 })
        .default(1)
        .describe("Share of the traffic among backends of the same priority; 0 sends none."),
      priority: int32({ min: 0 })
        .default(0)
        .describe("Order of failover: backends of a higher number serve when the lower ones fail."),
      headers: httpHeaderMutation.optional(),
      body: httpBodyMutation.optional(),
    })
    .describe("A backend of a rule."),
);

const inferencePool = named(
  "InferencePoolReference",
  z
    .object({
      name: text({ min: 1, max: 253 }).describe("Name of the InferencePool."),
      namespace: text({ min: 1, max: 63 })
        .describe("Its namespace; the route's where left out.")
        .optional(),
      model: text({ min: 1 }).describe("Model to ask for, instead of the client's.").optional(),
    })
    .describe("Model servers of your own, chosen by an endpoint picker."),
);

const routeRule = named(
  "LlmRouteRule",
  withRules(
    withValueRules(
      z.object({
        name: plain(text({ min: 1, max: 253 }))
          .describe("Name, unique in the route.")
          .optional(),
        models: list(text({ min: 1, max: 4096 }), { min: 1, max: 128 })
          .describe(
            "Models, as clients name them. Any model where both models and modelPattern are left out.",
          )
          .optional(),
        modelPattern: text({ min: 1, max: 4096 })
          .describe("RE2 expression over the whole name of the model, as `claude-.*`.")
          .optional(),
        requestHeaders: list(httpHeaderMatch, { max: 15 })
          .describe("Further conditions on the request, all of which must hold.")
          .optional(),
        backends: list(routeBackend, { max: 128 })
          .describe("Backends that serve the requests, by weight and priority.")
          .optional(),
        inferencePool: inferencePool.optional(),
        endpoints: plain(list(choice("Endpoint", endpointIds), { min: 1 }))
          .describe(
            "Endpoints that every backend of this rule must be able to serve; checked in preview.",
          )
          .optional(),
        timeout: time()
          .describe("Longest time for a whole request, as `120s`. 60 seconds where left out.")
          .optional(),
        attemptTimeout: time().describe("Longest time for one attempt at one backend.").optional(),
        streamIdleTimeout: time()
          .describe(
            "Longest silence of a backend. Before the first byte, the next backend is tried; after it, the answer ends.",
          )
          .optional(),
        ownedBy: text({ min: 1 })
          .describe("`owned_by` of the models in the answer of `/v1/models`.")
          .optional(),
        createdAt: dateTime()
          .describe("`created` of the models in the answer of `/v1/models`.")
          .optional(),
      }),
      [
        {
          rule: "!has(self.timeout) || !has(self.attemptTimeout) || duration(self.timeout) == duration('0s') || duration(self.attemptTimeout) <= duration(self.timeout)",
          message: "attemptTimeout must not be longer than timeout",
        },
      ],
    ),
    [
      {
        rule: "!(has(self.models) && has(self.modelPattern))",
        message: "give models or modelPattern, not both",
      },
      {
        rule: "(has(self.backends) && size(self.backends) > 0) != has(self.inferencePool)",
        message: "a rule has either backends, at least one, or an inferencePool",
      },
    ],
  ).describe("Requests and the backends that serve them."),
);

const retry = named(
  "RetrySettings",
  z
    .object({
      attempts: int32({ min: 0, max: 20 }).describe("Attempts after the first.").optional(),
      statusCodes: list(int32({ min: 400, max: 599 }), { max: 32 })
        .describe("Statuses of a backend that are tried again; 429 and 500 to 504 where left out.")
        .optional(),
      attemptsPerPriority: int32({ min: 1, max: 20 })
        .describe("Attempts at one priority before the next one.")
        .optional(),
      perAttemptTimeout: time().describe("Longest time for one attempt.").optional(),
      backoff: time().describe("Pause before the second attempt; it grows.").optional(),
    })
    .describe("When and how often a request is tried again."),
);

export const routeShape = {
  hostnames: list(host(), { max: 16 })
    .describe("Host names that the route answers to; those of the gateway where left out.")
    .optional(),
  rules: list(routeRule, { min: 1, max: 15 }).describe(
    "Rules: the more conditions the sooner, then in this order.",
  ),
  costs: list(llmRequestCost, { max: 30 })
    .describe("Numbers to compute from the usage of each request, for limits and access logs.")
    .optional(),
  limits: list(tokenLimit, { max: 32 })
    .describe(
      "Limits on tokens; 429 above them. They need a Redis for Envoy Gateway's rate limit service.",
    )
    .optional(),
  retry: retry
    .describe(
      "Retries. Where left out, a rule with several priorities tries each once on 429, 5xx and failed connections.",
    )
    .optional(),
};

export const routeRules = [
  {
    rule: "self.rules.all(a, !has(a.name) || self.rules.exists_one(b, has(b.name) && a.name == b.name))",
    message: "names of rules must be unique in the route",
  },
];

export const llmRouteSettings = named(
  "LlmRouteSettings",
  withRules(z.object(routeShape), routeRules).describe(
    "Which models clients find at the gateway, and the backends that serve them.",
  ),
);
