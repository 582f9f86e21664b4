/** Names that both planes, clients and users' own policies rely on. */
import type { UsageField } from "../lib/usage.ts";

/** Request header with the model that the client asked for; the gateway sets it, clients cannot. */
export const MODEL_HEADER = "x-ai-eg-model";
/** Endpoint id, set by the gateway. */
export const ENDPOINT_HEADER = "x-ai-eg-endpoint";
/** `native` or `translated`, set by the gateway. */
export const LANE_HEADER = "x-ai-eg-lane";
/** Name of the usage profile by which Envoy reads usage out of a native stream. */
export const USAGE_HEADER = "x-ai-eg-usage";
/** The client's path with its query, kept because attempts rewrite `:path`. */
export const ORIGINAL_PATH_HEADER = "x-ai-eg-original-path";
/** Key of the backend that was chosen for this attempt; lives within the upstream filter chain. */
export const BACKEND_HEADER = "x-ai-eg-backend";
/**
 * On answers, within the gateway: who served the request, as `<route> <backend> <model, where renamed>`, where
 * somebody reads that in the request's dynamic metadata.
 */
export const SERVED_BY_HEADER = "x-ai-eg-served-by";
/**
 * Which of the filters of a listener the final route wants, where the listener is shared with others:
 * short hashes of their names, each between bars.
 */
export const FILTERS_HEADER = "x-ai-eg-filters";
/** A credential that the request's dynamic metadata hold, on its way through the upstream chain. */
export const CREDENTIAL_HEADER = "x-ai-eg-credential";
/** Set by ext_proc on requests that it has signed with keys that they brought along. */
export const SIGNED_HEADER = "x-ai-eg-signed";
/** Every header of the gateway's own; what a client sends under it is dropped first of all. */
export const GATEWAY_HEADER_PREFIX = "x-ai-eg-";

/** Dynamic metadata of a request: costs, usage, names; read by rate limits and access logs. */
export const METADATA_NAMESPACE = "io.envoy.ai_gateway";
/** Endpoint metadata: who a host is. */
export const ENDPOINT_METADATA_NAMESPACE = "aigateway.envoyproxy.io";
export const BACKEND_METADATA_KEY = "per_route_rule_backend_name";

/** Dynamic metadata key by which ext_proc says that its answer has the client's shape already. */
export const SHAPED_KEY = "shaped";

/** Dynamic metadata key of what Lua or ext_proc have read of an answer's usage (`usageText`), for the accounting server. */
export const USAGE_TEXT_KEY = "gen_ai.usage";
/** Dynamic metadata that Envoy's own filter reads out of streams, for the accounting server. */
export const STREAM_NAMESPACE = "aigateway.envoyproxy.io/stream";
/** Keys of what is read of an answer for the accounting server, costs apart. */
export const USAGE_KEYS: Readonly<Record<UsageField, string>> = {
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  totalTokens: "gen_ai.usage.total_tokens",
  cachedInputTokens: "gen_ai.usage.cached_input_tokens",
  cacheCreationInputTokens: "gen_ai.usage.cache_creation_input_tokens",
  reasoningTokens: "gen_ai.usage.reasoning_tokens",
  uncachedInputTokens: "gen_ai.usage.uncached_input_tokens",
  model: "response_model",
};
