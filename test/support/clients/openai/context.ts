import assert from "node:assert/strict";
import OpenAI from "openai";
import type { ChatCompletion, ChatCompletionChunk } from "openai/resources";
import type { Target } from "../scenario.ts";

export interface OpenAiContext {
  target: Target;
  client: OpenAI;
}

export function openAiContext(target: Target): OpenAiContext {
  const { baseUrl: baseURL, apiKey } = target;
  return { target, client: new OpenAI({ baseURL, apiKey, maxRetries: 0, timeout: 20_000 }) };
}

export const ask = (content: string) => [{ role: "user" as const, content }];

/** The only choice of an answer. */
export function onlyChoice({ choices }: ChatCompletion): ChatCompletion.Choice {
  const [choice] = choices;
  assert.ok(choice && choices.length === 1, `one choice, not ${choices.length}`);
  return choice;
}

/** What every complete answer has. */
export function assertComplete(completion: ChatCompletion): void {
  assert.equal(completion.object, "chat.completion");
  assert.ok(completion.id, "an id");
  assert.ok(completion.model, "a model");
  assert.ok(Number.isInteger(completion.created), "created in whole seconds");
  assertUsage(completion.usage);
}

export function assertUsage(usage: OpenAI.CompletionUsage | null | undefined): void {
  assert.ok(usage, "usage");
  assert.ok(usage.prompt_tokens > 0, "prompt tokens");
  assert.ok(usage.completion_tokens > 0, "completion tokens");
  assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
}

export async function collect(
  stream: AsyncIterable<ChatCompletionChunk>,
): Promise<ChatCompletionChunk[]> {
  const chunks: ChatCompletionChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

export const textOf = (chunks: ChatCompletionChunk[]): string =>
  chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("");

export const finishReasons = (chunks: ChatCompletionChunk[]): string[] =>
  chunks.flatMap(({ choices }) => choices.flatMap(({ finish_reason }) => finish_reason ?? []));
