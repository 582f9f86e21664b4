import type { Ability } from "./scenario.ts";

/** All that OpenAI's own API can do for its own client. */
export const OPENAI_ABILITIES: readonly Ability[] = [
  "client-keys",
  "tools",
  "parallel-tools",
  "images",
  "structured-output",
  "json-mode",
  "candidates",
  "logprobs",
  "refusals",
  "reasoning",
  "reasoning-items",
  "stored-responses",
  "stop-sequences",
  "list-models",
];

/** All that Anthropic's own API can do for its own client. */
export const ANTHROPIC_ABILITIES: readonly Ability[] = [
  "client-keys",
  "tools",
  "parallel-tools",
  "images",
  "structured-output",
  "refusals",
  "reasoning",
  "reasoning-text",
  "redacted-reasoning",
  "stop-sequences",
  "prompt-caching",
  "citations",
  "count-tokens",
  "list-models",
];
