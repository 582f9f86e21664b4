import type { ProviderContext } from "../../conversation/codec.ts";
import { observeBySelectors } from "../observe.ts";
import type { NativeUsage, Passthrough } from "../provider.ts";

/** `/v2/rerank`; the backend's `version` names another version of the API. */
export const coherePath = ({ version = "v2" }: ProviderContext, rest: string): string =>
  `/${version}/${rest}`;

const chatTokens = {
  inputTokens: ["usage", "tokens", "input_tokens"],
  outputTokens: ["usage", "tokens", "output_tokens"],
  cachedInputTokens: ["usage", "cached_tokens"],
};

/** The last event of a stream tells them. */
const chatUsage: NativeUsage = {
  json: chatTokens,
  sse: Object.fromEntries(
    Object.entries(chatTokens).map(([field, selector]) => [field, ["delta", ...selector]]),
  ),
};

/** Told for some models; what Cohere charges are searches (`meta.billed_units.search_units`). */
const rerankUsage: NativeUsage = {
  json: {
    inputTokens: ["meta", "tokens", "input_tokens"],
    outputTokens: ["meta", "tokens", "output_tokens"],
  },
  sse: {},
};

const embedUsage: NativeUsage = {
  json: { inputTokens: ["meta", "billed_units", "input_tokens"] },
  sse: {},
  zero: ["outputTokens", "cachedInputTokens", "cacheCreationInputTokens", "reasoningTokens"],
};

const passthrough = (rest: string, nativeUsage: NativeUsage): Passthrough => ({
  path: (context) => coherePath(context, rest),
  observer: (stream) => observeBySelectors(nativeUsage, stream),
  nativeUsage,
});

export const chatPassthrough = passthrough("chat", chatUsage);

export const rerankPassthrough = passthrough("rerank", rerankUsage);

export const embedPassthrough = passthrough("embed", embedUsage);
