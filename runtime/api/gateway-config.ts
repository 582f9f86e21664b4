import { z } from "zod";
import { kubernetesContainer } from "./envoy-gateway/container.ts";
import { text } from "./schema/fields.ts";
import { mapOf } from "./schema/lists.ts";
import { llmRequestCost } from "./shared/costs.ts";
import { resourceOf } from "./shared/resource.ts";
import { keyedConditionsStatus } from "./shared/status.ts";

const spec = z
  .object({
    extProc: z
      .object({
        kubernetes: kubernetesContainer.describe("The container that it runs in.").optional(),
      })
      .describe("The external processor.")
      .optional(),
    globalLLMRequestCosts: mapOf(llmRequestCost, "metadataKey")
      .describe(
        "Numbers to compute from the usage of each request on every route; a route's own entry with the same metadataKey goes before.",
      )
      .optional(),
    forwardProxy: z
      .object({
        address: text({ min: 1 }).describe(
          "The proxy, as `host:port`. TLS with the backend stays end to end, through an HTTP CONNECT tunnel.",
        ),
      })
      .describe("Proxy through which all backends are reached.")
      .optional(),
  })
  .describe("Settings of the gateway.");

export const gatewayConfig = resourceOf(
  "GatewayConfig",
  // No field is required, so an object without a spec is a config that changes nothing.
  spec.default({}),
  keyedConditionsStatus,
).describe(
  "Settings for every Gateway of the same namespace that names it in the annotation `aigateway.envoyproxy.io/gateway-config`.",
);

/** A valid config, with its defaults. */
export type GatewayConfig = z.output<typeof gatewayConfig>;
/** A config as a user writes it. */
export type GatewayConfigInput = z.input<typeof gatewayConfig>;
