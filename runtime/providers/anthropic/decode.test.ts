import { wireToolName } from "../../conversation/anthropic/names.ts";
import type { Conversation } from "../../conversation/conversation.ts";
import type { ConversationEvent } from "../../conversation/events.ts";
import { UserError } from "../../lib/errors.ts";
import { sseEvent } from "../../lib/sse.ts";
import { anthropicConversation } from "./conversation.ts";

const talk = (stream: boolean): Conversation => ({
  model: "asked",
  stream,
  system: [],
  turns: [],
  tools: [{ name: "files/read", inputSchema: {} }],
  vendor: {},
});

function listen(stream: boolean, bytes: Buffer | string): ConversationEvent[] {
  const decoder = anthropicConversation.decoder(talk(stream));
  return [...decoder.push(Buffer.from(bytes)), ...decoder.finish()];
}

const stream = (...events: { type: string; [field: string]: unknown }[]): ConversationEvent[] =>
  listen(true, Buffer.concat(events.map((event) => sseEvent(JSON.stringify(event), event.type))));

const START = {
  type: "message_start",
  message: {
    id: "msg_1",
    model: "m",
    usage: { input_tokens: 1, cache_read_input_tokens: 10, output_tokens: 1 },
  },
};
const STOP = { type: "message_stop" };

test("a whole message with every kind of block", () => {
  const events = listen(
    false,
    JSON.stringify({
      id: "msg_1",
      model: "m",
      content: [
        { type: "thinking", thinking: "Hm", signature: "S" },
        { type: "redacted_thinking", data: "D" },
        { type: "server_tool_use", id: "srv", name: "web_search", input: {} },
        { type: "text", text: "Hi", citations: [{ type: "char_location" }] },
        { type: "tool_use", id: "t1", name: wireToolName("files/read"), input: { a: 1 } },
      ],
      stop_reason: "tool_use",
      stop_sequence: null,
      usage: {
        input_tokens: 1,
        cache_read_input_tokens: 10,
        cache_creation_input_tokens: 100,
        output_tokens: 5,
        output_tokens_details: { thinking_tokens: 2 },
      },
    }),
  );
  expect(events).toEqual([
    { type: "start", id: "msg_1", model: "m" },
    { type: "block-start", index: 0, block: { type: "thinking" } },
    { type: "thinking-delta", index: 0, text: "Hm" },
    { type: "signature-delta", index: 0, signature: "S" },
    { type: "block-stop", index: 0 },
    { type: "block-start", index: 1, block: { type: "redacted-thinking", data: "D" } },
    { type: "block-stop", index: 1 },
    { type: "block-start", index: 2, block: { type: "text" } },
    { type: "text-delta", index: 2, text: "Hi" },
    { type: "citation", index: 2, citation: { type: "char_location" } },
    { type: "block-stop", index: 2 },
    { type: "block-start", index: 3, block: { type: "tool-use", id: "t1", name: "files/read" } },
    { type: "tool-input-delta", index: 3, json: '{"a":1}' },
    { type: "block-stop", index: 3 },
    { type: "finish", reason: "tool-use" },
    {
      type: "usage",
      usage: {
        inputTokens: 111,
        outputTokens: 5,
        totalTokens: 116,
        cachedInputTokens: 10,
        cacheCreationInputTokens: 100,
        reasoningTokens: 2,
      },
    },
    { type: "end" },
  ]);
});

test.each([
  ["end_turn", "stop"],
  ["stop_sequence", "stop-sequence"],
  ["max_tokens", "length"],
  ["refusal", "refusal"],
  ["pause_turn", "pause"],
  ["model_context_window_exceeded", "context-window"],
])("the stop reason %s", (stop_reason, reason) => {
  const events = listen(false, JSON.stringify({ content: [], stop_reason, stop_sequence: "X" }));
  expect(events).toContainEqual({ type: "finish", reason, stopSequence: "X" });
});

test("a refusal's explanation is a block of its own", () => {
  const delta = { stop_reason: "refusal", stop_details: { type: "refusal", explanation: "No." } };
  expect(stream(START, { type: "message_delta", delta }, STOP).slice(2)).toEqual([
    { type: "block-start", index: 0, block: { type: "refusal" } },
    { type: "refusal-delta", index: 0, text: "No." },
    { type: "block-stop", index: 0 },
    { type: "finish", reason: "refusal" },
    { type: "end" },
  ]);
});

test("counts of a stream add to those before", () => {
  const events = stream(
    START,
    { type: "ping" },
    {
      type: "message_delta",
      delta: { stop_reason: "end_turn" },
      usage: { output_tokens: 7, input_tokens: null },
    },
    STOP,
  );
  const counts = events.filter(({ type }) => type === "usage");
  expect(counts.at(-1)).toEqual({
    type: "usage",
    usage: { inputTokens: 11, outputTokens: 7, totalTokens: 18, cachedInputTokens: 10 },
  });
});

test("a tool without input has an empty object for one", () => {
  const block = { type: "tool_use", id: "t", name: "now", input: {} };
  const events = stream(
    START,
    { type: "content_block_start", index: 0, content_block: block },
    {
      type: "content_block_delta",
      index: 0,
      delta: { type: "input_json_delta", partial_json: "" },
    },
    { type: "content_block_stop", index: 0 },
    STOP,
  );
  expect(events).toContainEqual({ type: "tool-input-delta", index: 0, json: "{}" });
});

test.each<[string, ConversationEvent[]]>([
  [
    "an error event",
    stream(
      START,
      { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
      STOP,
    ),
  ],
  ["an early end", stream(START)],
  ["damage", listen(true, 'event: content_block_stop\ndata: {"index":\n\n')],
  ["an unknown shape", stream({ type: "content_block_stop" })],
])("%s ends a stream with an error and nothing after", (_, events) => {
  expect(events.at(-1)).toMatchObject({ type: "error", error: { status: 0 } });
  expect(events.filter(({ type }) => type === "end" || type === "error")).toHaveLength(1);
});

test("an overload in the midst of a stream is told as one", () => {
  const events = stream({
    type: "error",
    error: { type: "overloaded_error", message: "Overloaded" },
  });
  expect(events).toEqual([
    { type: "error", error: { status: 0, kind: "overloaded", message: "Overloaded" } },
  ]);
});

test.each(["<html>", "{}", '{"content": "text"}'])("%s is no message", (body) => {
  expect(() => listen(false, body)).toThrow(UserError);
});
