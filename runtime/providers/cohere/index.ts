import type { Provider } from "../provider.ts";
import { cohereProviderError } from "./errors.ts";
import { cohereMeta } from "./meta.ts";
import { rerankPassthrough } from "./passthrough.ts";

/** Cohere, by the second version of its API. */
export const cohere: Provider = {
  meta: cohereMeta,
  passthrough: { rerank: rerankPassthrough },
  error: cohereProviderError,
};
