import { observeNothing } from "../observe.ts";
import type { Passthrough } from "../provider.ts";
import { observeMessages } from "./observe.ts";

/** The version that this protocol is written for; a client's own wins. */
export const ANTHROPIC_VERSION = "2023-06-01";

export const anthropicPath = (prefix: string, rest: string): string =>
  prefix === "" ? `/${rest}` : `/${prefix}/${rest}`;

export const messagesPassthrough: Passthrough = {
  path: ({ prefix }) => anthropicPath(prefix, "messages"),
  observer: observeMessages,
  // Input tokens are a sum of three fields, which Envoy's filters cannot make: they are read apart.
  nativeUsage: {
    json: {
      uncachedInputTokens: ["usage", "input_tokens"],
      outputTokens: ["usage", "output_tokens"],
      cachedInputTokens: ["usage", "cache_read_input_tokens"],
      cacheCreationInputTokens: ["usage", "cache_creation_input_tokens"],
      model: ["model"],
    },
    sse: {
      uncachedInputTokens: ["message", "usage", "input_tokens"],
      outputTokens: ["usage", "output_tokens"],
      cachedInputTokens: ["message", "usage", "cache_read_input_tokens"],
      cacheCreationInputTokens: ["message", "usage", "cache_creation_input_tokens"],
      model: ["message", "model"],
    },
  },
  defaultHeaders: { "anthropic-version": ANTHROPIC_VERSION },
};

/** Free of charge; its answer is a count, not a cost. */
export const countTokensPassthrough: Passthrough = {
  path: ({ prefix }) => anthropicPath(prefix, "messages/count_tokens"),
  observer: observeNothing,
  nativeUsage: { json: {}, sse: {} },
  defaultHeaders: { "anthropic-version": ANTHROPIC_VERSION },
};
