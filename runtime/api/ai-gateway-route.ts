import { z } from "zod";
import { dateTime, int32, text } from "./schema/fields.ts";
import { list, mapOf } from "./schema/lists.ts";
import { withRules } from "./schema/rules.ts";
import { llmRequestCost } from "./shared/costs.ts";
import {
  duration,
  hostname,
  httpHeaderMatch,
  httpRouteTimeouts,
  namespace,
  parentReference,
  sectionName,
} from "./shared/gateway-api.ts";
import { httpBodyMutation, httpHeaderMutation } from "./shared/mutations.ts";
import { resourceOf } from "./shared/resource.ts";
import { conditionsStatus } from "./shared/status.ts";

const backendRef = withRules(
  z.object({
    name: text({ min: 1 }).describe(
      "Name of the AIServiceBackend, or of the object that group and kind name.",
    ),
    namespace: namespace().optional(),
    group: text({
      max: 253,
      pattern: /^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    })
      .describe("`inference.networking.k8s.io` for an InferencePool; left out otherwise.")
      .optional(),
    kind: text({ max: 63, pattern: /^$|^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/ })
      .describe("`InferencePool`; left out for an AIServiceBackend.")
      .optional(),
    modelNameOverride: z
      .string()
      .describe("Model to ask this backend for, instead of the one that the client named.")
      .optional(),
    headerMutation: httpHeaderMutation
      .describe("Changes to headers for this backend; goes before those of the AIServiceBackend.")
      .optional(),
    bodyMutation: httpBodyMutation
      .describe("Changes to the body for this backend; goes before those of the AIServiceBackend.")
      .optional(),
    weight: int32({ min: 0 })
      .default(1)
      .describe(
        "Share of the traffic among backends of the same priority, relative to the sum of their weights. 0 sends none.",
      ),
    priority: int32({ min: 0 })
      .default(0)
      .describe("Order of failover: backends of a higher number serve when the lower ones fail."),
  }),
  [
    {
      rule: "has(self.group) == has(self.kind)",
      message: "group and kind must be given together",
    },
    {
      rule: "!has(self.group) || (self.group == 'inference.networking.k8s.io' && self.kind == 'InferencePool')",
      message: "the only other kind of backend is InferencePool of inference.networking.k8s.io",
    },
  ],
).describe("A backend of the rule.");

const ruleMatch = z
  .object({
    headers: mapOf(httpHeaderMatch, "name", { max: 16 })
      .describe(
        "Conditions on headers, all of which must hold. `x-ai-eg-model` holds the model that the request's body names.",
      )
      .optional(),
  })
  .describe("Conditions on a request.");

const routeRule = withRules(
  z.object({
    name: sectionName()
      .describe("Name of the rule, unique in the route; `route-not-found` is taken.")
      .optional(),
    backendRefs: list(backendRef, { max: 128 })
      .describe("Where the requests go: several AIServiceBackends, or one InferencePool.")
      .optional(),
    matches: list(ruleMatch, { max: 128 })
      .describe("Requests that this rule serves: those of any match; all where left out.")
      .optional(),
    timeouts: httpRouteTimeouts
      .describe("Time limits. A whole request may take 60 seconds where `request` is left out.")
      .optional(),
    streamIdleTimeout: duration()
      .describe(
        "Longest silence of a backend. Before the first byte, the next backend is tried; after it, the answer ends. No limit where left out.",
      )
      .optional(),
    modelsOwnedBy: z
      .string()
      .default("Envoy AI Gateway")
      .describe("`owned_by` of this rule's models in the answer of `/v1/models`."),
    modelsCreatedAt: dateTime()
      .describe(
        "`created` of this rule's models in the answer of `/v1/models`; the route's own creation time where left out.",
      )
      .optional(),
  }),
  [
    {
      rule: "!has(self.name) || self.name != 'route-not-found'",
      message: "the rule name route-not-found is reserved",
    },
    {
      rule: "!has(self.backendRefs) || self.backendRefs.all(ref, !has(ref.group) && !has(ref.kind)) || self.backendRefs.all(ref, has(ref.group) && has(ref.kind))",
      message: "a rule has either AIServiceBackends or an InferencePool, not both",
    },
    {
      rule: "!has(self.backendRefs) || size(self.backendRefs) <= 1 || !self.backendRefs.exists(ref, has(ref.group) && has(ref.kind))",
      message: "a rule has at most one InferencePool",
    },
  ],
).describe("Requests and the backends that serve them.");

const spec = z
  .object({
    parentRefs: withRules(list(parentReference, { max: 16 }), [
      {
        rule: "self.all(parent, parent.kind == 'Gateway')",
        message: "only a Gateway can be a parent",
      },
    ])
      .describe("Gateways that serve this route.")
      .optional(),
    hostnames: list(hostname(), { max: 16 })
      .describe("Host names that this route answers to; those of the listeners where left out.")
      .optional(),
    rules: withRules(list(routeRule, { max: 15 }), [
      {
        rule: "self.all(a, !has(a.name) || self.exists_one(b, has(b.name) && a.name == b.name))",
        message: "names of rules must be unique in the route",
      },
    ]).describe(
      "Rules, chosen by the precedence of the Gateway API: the more header conditions the sooner, then in this order.",
    ),
    llmRequestCosts: list(llmRequestCost, { max: 36 })
      .describe(
        "Numbers to compute from the usage of each request, for rate limits and access logs. They replace those of the GatewayConfig that have the same metadataKey.",
      )
      .optional(),
  })
  .describe("What the route serves, and how.");

export const aiGatewayRoute = resourceOf("AIGatewayRoute", spec, conditionsStatus).describe(
  "Routes requests for models to the backends that serve them, whatever API those speak. It becomes an HTTPRoute of the same name.",
);

/** A valid route, with its defaults. */
export type AIGatewayRoute = z.output<typeof aiGatewayRoute>;
/** A route as a user writes it. */
export type AIGatewayRouteInput = z.input<typeof aiGatewayRoute>;
