import { z } from "zod";
import { named } from "../schema/names.ts";

export const llmRequestCost = named(
  "LLMRequestCost",
  z
    .object({
      metadataKey: z
        .string()
        .describe(
          "Key under which the cost is stored, in the metadata namespace `io.envoy.ai_gateway`.",
        ),
      type: z
        .enum([
          "OutputToken",
          "InputToken",
          "CachedInputToken",
          "CacheCreationInputToken",
          "TotalToken",
          "ReasoningToken",
          "CEL",
        ])
        .describe(
          "What is counted: tokens of one sort, or the outcome of the expression in `cel`.",
        ),
      cel: z
        .string()
        .describe(
          "Expression for type CEL; must give a whole number of 0 or more. Variables: model and backend (text; backend as `name.namespace`), input_tokens, cached_input_tokens, cache_creation_input_tokens, output_tokens, total_tokens, reasoning_tokens (unsigned integers).",
        )
        .optional(),
    })
    .describe("A number computed from the usage of each request."),
);
