import { z } from "zod";
import { withRules } from "./schema/rules.ts";
import { versionedApiSchema } from "./shared/api-schema.ts";
import { backendObjectReference } from "./shared/gateway-api.ts";
import { httpBodyMutation, httpHeaderMutation } from "./shared/mutations.ts";
import { resourceOf } from "./shared/resource.ts";
import { conditionsStatus } from "./shared/status.ts";

const spec = z
  .object({
    schema: versionedApiSchema.describe(
      "The API that this backend speaks; requests and answers are translated where the client speaks another.",
    ),
    backendRef: withRules(backendObjectReference, [
      {
        rule: "has(self.kind) && has(self.group) && ((self.kind == 'Backend' && self.group == 'gateway.envoyproxy.io') || (self.kind == 'Service' && self.group == ''))",
        message: "backendRef must name a Backend of gateway.envoyproxy.io or a Service",
      },
    ]).describe(
      "The Backend of Envoy Gateway that holds the address, or a Service and its port. Outside a cluster there are only Backends.",
    ),
    headerMutation: httpHeaderMutation.optional(),
    bodyMutation: httpBodyMutation.optional(),
  })
  .describe("What the backend speaks and where it is.");

export const aiServiceBackend = resourceOf("AIServiceBackend", spec, conditionsStatus).describe(
  "A service that answers requests for models: its address and the API that it speaks.",
);

/** A valid backend, with its defaults. */
export type AIServiceBackend = z.output<typeof aiServiceBackend>;
/** A backend as a user writes it. */
export type AIServiceBackendInput = z.input<typeof aiServiceBackend>;
