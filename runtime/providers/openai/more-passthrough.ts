import { observeBySelectors, observeNothing } from "../observe.ts";
import type { NativeUsage, Passthrough, UsageField } from "../provider.ts";
import { openAiPath } from "./passthrough.ts";

/** The rest of OpenAI's API, and of what servers like it add to it, by endpoint id. */

const NOTHING: NativeUsage = { json: {}, sse: {} };

const passthrough = (rest: string, nativeUsage: NativeUsage): Passthrough => ({
  path: ({ prefix }) => openAiPath(prefix, rest),
  observer: (stream) =>
    nativeUsage === NOTHING ? observeNothing() : observeBySelectors(nativeUsage, stream),
  nativeUsage,
});

type Selectors = Partial<Record<UsageField, readonly string[]>>;

const promptTokens: Selectors = {
  inputTokens: ["usage", "prompt_tokens"],
  totalTokens: ["usage", "total_tokens"],
  model: ["model"],
};

const completionTokens: Selectors = {
  ...promptTokens,
  outputTokens: ["usage", "completion_tokens"],
  cachedInputTokens: ["usage", "prompt_tokens_details", "cached_tokens"],
  reasoningTokens: ["usage", "completion_tokens_details", "reasoning_tokens"],
};

/** The newer names, of pictures and sound. */
const inputTokens: Selectors = {
  inputTokens: ["usage", "input_tokens"],
  outputTokens: ["usage", "output_tokens"],
  totalTokens: ["usage", "total_tokens"],
};

export const completionsPassthrough: Passthrough = {
  ...passthrough("completions", { json: completionTokens, sse: completionTokens }),
  streamUsageOption: true,
};

export const embeddingsPassthrough = passthrough("embeddings", {
  json: promptTokens,
  sse: {},
  zero: ["outputTokens", "cachedInputTokens", "cacheCreationInputTokens", "reasoningTokens"],
});

export const moderationsPassthrough = passthrough("moderations", NOTHING);

export const imagesPassthrough = passthrough("images/generations", {
  json: inputTokens,
  sse: inputTokens,
});

/** Sound as bytes says nothing; its last event does. */
export const speechPassthrough = passthrough("audio/speech", { json: {}, sse: inputTokens });

export const imageEditsPassthrough = passthrough("images/edits", {
  json: inputTokens,
  sse: inputTokens,
});

/** Models that are charged by time tell no tokens, and subtitles have no place for them. */
export const transcriptionsPassthrough = passthrough("audio/transcriptions", {
  json: inputTokens,
  sse: inputTokens,
});

export const translationsPassthrough = passthrough("audio/translations", NOTHING);

export const inputTokensPassthrough = passthrough("responses/input_tokens", NOTHING);

export const rerankPassthrough = passthrough("rerank", {
  json: { inputTokens: ["usage", "prompt_tokens"], totalTokens: ["usage", "total_tokens"] },
  sse: {},
});

/** vLLM has it beside its OpenAI API, not below. */
export const tokenizePassthrough: Passthrough = {
  ...passthrough("tokenize", NOTHING),
  path: ({ prefix }) => openAiPath(prefix.replace(/(^|\/)v\d+$/, ""), "tokenize"),
};
