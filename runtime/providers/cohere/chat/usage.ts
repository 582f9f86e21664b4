import { present } from "../../../lib/present.ts";
import type { Usage } from "../../../lib/usage.ts";
import type { CohereUsage } from "../../../schemas/cohere/response.ts";

/** `tokens` counts all that the model read and wrote; `billed_units` leaves Cohere's own prompts out. */
export function usageOf({ tokens, billed_units, cached_tokens }: CohereUsage): Usage {
  const inputTokens = tokens?.input_tokens ?? billed_units?.input_tokens ?? undefined;
  const outputTokens = tokens?.output_tokens ?? billed_units?.output_tokens ?? undefined;
  return present({
    inputTokens,
    outputTokens,
    totalTokens:
      inputTokens === undefined || outputTokens === undefined
        ? undefined
        : inputTokens + outputTokens,
    cachedInputTokens: cached_tokens ?? undefined,
  });
}
