import type { ProviderContext } from "../conversation/codec.ts";
import { observeBySelectors, observeNothing } from "./observe.ts";
import type { NativeUsage, Passthrough } from "./provider.ts";

/** Where a server has `embeddings` and the like; some name the model in the path. */
export type ApiPath = (context: ProviderContext, rest: string, model: string) => string;

type Selectors = NativeUsage["json"];

const NOTHING: NativeUsage = { json: {}, sse: {} };

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

/** One operation of OpenAI's API, whoever serves it. */
export const operation = (
  pathOf: ApiPath,
  rest: string,
  nativeUsage: NativeUsage = NOTHING,
): Passthrough => ({
  path: (context, model) => pathOf(context, rest, model),
  observer: (stream) =>
    nativeUsage === NOTHING ? observeNothing() : observeBySelectors(nativeUsage, stream),
  nativeUsage,
});

/** What OpenAI and Azure have beside conversation, by endpoint id. */
export const openAiOperations = (pathOf: ApiPath): Record<string, Passthrough> => ({
  completions: {
    ...operation(pathOf, "completions", { json: completionTokens, sse: completionTokens }),
    streamUsageOption: true,
  },
  embeddings: operation(pathOf, "embeddings", {
    json: promptTokens,
    sse: {},
    zero: ["outputTokens", "cachedInputTokens", "cacheCreationInputTokens", "reasoningTokens"],
  }),
  "image-edits": operation(pathOf, "images/edits", { json: inputTokens, sse: inputTokens }),
  "image-generations": operation(pathOf, "images/generations", {
    json: inputTokens,
    sse: inputTokens,
  }),
  // Sound as bytes says nothing; its last event does.
  speech: operation(pathOf, "audio/speech", { json: {}, sse: inputTokens }),
  // Models that are charged by time tell no tokens, and subtitles have no place for them.
  transcriptions: operation(pathOf, "audio/transcriptions", {
    json: inputTokens,
    sse: inputTokens,
  }),
  translations: operation(pathOf, "audio/translations"),
});

/** Jina's rerank, which servers like OpenAI's have. */
export const rerankUsage: NativeUsage = {
  json: { inputTokens: ["usage", "prompt_tokens"], totalTokens: ["usage", "total_tokens"] },
  sse: {},
};

const responseTokens: Selectors = {
  ...inputTokens,
  cachedInputTokens: ["usage", "input_tokens_details", "cached_tokens"],
  reasoningTokens: ["usage", "output_tokens_details", "reasoning_tokens"],
  model: ["model"],
};

/** Responses: the events of a stream that tell of the response hold all of it. */
export const responsesUsage: NativeUsage = {
  json: responseTokens,
  sse: Object.fromEntries(
    Object.entries(responseTokens).map(([field, selector]) => [field, ["response", ...selector]]),
  ),
};
