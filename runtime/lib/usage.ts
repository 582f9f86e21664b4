/**
 * Token counts of one request, in the reference's terms: `inputTokens` includes cached and
 * cache-creation tokens, `outputTokens` includes reasoning tokens.
 */
export interface Usage {
  inputTokens?: number;
  outputTokens?: number;
  totalTokens?: number;
  /** Input tokens read from a prompt cache. */
  cachedInputTokens?: number;
  /** Input tokens written to a prompt cache. */
  cacheCreationInputTokens?: number;
  /** Output tokens spent on reasoning. */
  reasoningTokens?: number;
}

/** The same with counts that clients are told of and nothing is charged by. */
export interface DetailedUsage extends Usage {
  /** Input tokens of sound, where there are any. */
  audioInputTokens?: number;
}

/**
 * What is read of an answer. `uncachedInputTokens` are those that no prompt cache was read or written with, where a
 * protocol tells only the parts.
 */
export type UsageField = keyof Usage | "uncachedInputTokens" | "model";
