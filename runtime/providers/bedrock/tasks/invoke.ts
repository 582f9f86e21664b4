import type { HeaderLookup, ProviderRequest } from "../../../conversation/codec.ts";
import type { Usage } from "../../../lib/usage.ts";
import { modelPath } from "../../../schemas/bedrock/path.ts";

/** A request to `InvokeModel`, whose body is the model's own. */
export const invocation = (
  model: string,
  body: object,
  dropped: Iterable<string>,
): ProviderRequest => ({
  path: modelPath(model, "invoke"),
  body: Buffer.from(JSON.stringify(body)),
  headers: [["content-type", "application/json"]],
  dropped: [...new Set(dropped)],
});

/** Bedrock counts for every model, in headers. */
export function countedByHeader(headers: HeaderLookup): Usage | undefined {
  const inputTokens = Number(headers("x-amzn-bedrock-input-token-count") ?? Number.NaN);
  if (!Number.isSafeInteger(inputTokens)) return undefined;
  return { inputTokens, totalTokens: inputTokens };
}
