import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import type { Message, RawMessageStreamEvent } from "@anthropic-ai/sdk/resources";
import { assertSame, type Target } from "../scenario.ts";

export interface AnthropicContext {
  target: Target;
  client: Anthropic;
}

export function anthropicContext(target: Target): AnthropicContext {
  const { baseUrl: baseURL, apiKey } = target;
  return { target, client: new Anthropic({ baseURL, apiKey, maxRetries: 0, timeout: 20_000 }) };
}

export const ask = (content: string) => [{ role: "user" as const, content }];

export const MAX_TOKENS = 1000;

/** All text of an answer. */
export const textOf = ({ content }: Pick<Message, "content">): string =>
  content.map((block) => (block.type === "text" ? block.text : "")).join("");

/** What every complete answer has. */
export function assertComplete(message: Message): void {
  assert.equal(message.type, "message");
  assert.equal(message.role, "assistant");
  assert.ok(message.id, "an id");
  assert.ok(message.model, "a model");
  assert.ok(message.usage.input_tokens > 0, "input tokens");
  assert.ok(message.usage.output_tokens > 0, "output tokens");
}

export async function collect(
  stream: AsyncIterable<RawMessageStreamEvent>,
): Promise<RawMessageStreamEvent[]> {
  const events: RawMessageStreamEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

/** The order that the vendor promises for the events of a stream. */
export function assertOrder(events: RawMessageStreamEvent[]): void {
  assert.equal(events[0]?.type, "message_start");
  assertSame(
    events.slice(-2).map(({ type }) => type),
    ["message_delta", "message_stop"],
  );
  let open: number | undefined;
  let next = 0;
  for (const event of events) {
    switch (event.type) {
      case "content_block_start":
        assert.equal(open, undefined, "one block at a time");
        assert.equal(event.index, next, "indices count up");
        open = event.index;
        next += 1;
        break;
      case "content_block_delta":
        assert.equal(event.index, open, "deltas belong to the open block");
        break;
      case "content_block_stop":
        assert.equal(event.index, open, "the open block ends");
        open = undefined;
        break;
      case "message_delta":
        assert.equal(open, undefined, "all blocks have ended");
    }
  }
}
