import Anthropic from "@anthropic-ai/sdk";
import fc from "fast-check";
import type { ConversationEncoder } from "../../conversation/codec.ts";
import type { ConversationEvent, FinishReason } from "../../conversation/events.ts";
import { sseParser } from "../../lib/sse.ts";
import { messages } from "./index.ts";

function encoder(stream: boolean): ConversationEncoder {
  const request = { model: "asked", stream, body: {} };
  const made = messages.conversation?.encoder(request, { stream, created: 0, id: "msg_own" });
  if (made === undefined) throw new Error("no conversation");
  return made;
}

function write(stream: boolean, events: ConversationEvent[]): Buffer {
  const { push, finish } = encoder(stream);
  return Buffer.concat([...events.flatMap((event) => push(event)), ...finish()]);
}

const whole = (events: ConversationEvent[]) => JSON.parse(write(false, events).toString());
const streamed = (events: ConversationEvent[]) =>
  sseParser()
    .push(write(true, events))
    .map(({ data }) => JSON.parse(data));

/** What Anthropic's own client makes of the bytes. */
async function asClient(stream: boolean, events: ConversationEvent[]) {
  const { contentType } = encoder(stream);
  const client = new Anthropic({
    apiKey: "k",
    fetch: async () =>
      new Response(new Uint8Array(write(stream, events)), {
        headers: { "content-type": contentType },
      }),
  });
  const params = {
    model: "asked",
    max_tokens: 1,
    messages: [{ role: "user" as const, content: "Hi" }],
  };
  const message = await (stream
    ? client.messages.stream(params).finalMessage()
    : client.messages.create(params));
  return JSON.parse(JSON.stringify(message));
}

const START: ConversationEvent = { type: "start", id: "msg_1", model: "m" };
const finish = (reason: FinishReason): ConversationEvent => ({ type: "finish", reason });
const END: ConversationEvent = { type: "end" };

const EVERYTHING: ConversationEvent[] = [
  START,
  { type: "usage", usage: { inputTokens: 111, cachedInputTokens: 10, outputTokens: 0 } },
  { type: "block-start", index: 0, block: { type: "thinking" } },
  { type: "thinking-delta", index: 0, text: "H" },
  { type: "thinking-delta", index: 0, text: "m" },
  { type: "signature-delta", index: 0, signature: "S" },
  { type: "block-stop", index: 0 },
  { type: "block-start", index: 1, block: { type: "redacted-thinking", data: "D" } },
  { type: "block-stop", index: 1 },
  { type: "block-start", index: 2, block: { type: "text" } },
  { type: "text-delta", index: 2, text: "Hello" },
  { type: "citation", index: 2, citation: { type: "char_location", cited_text: "x" } },
  { type: "block-stop", index: 2 },
  { type: "block-start", index: 3, block: { type: "tool-use", id: "t", name: "look" } },
  { type: "tool-input-delta", index: 3, json: '{"a":' },
  { type: "tool-input-delta", index: 3, json: "1}" },
  { type: "block-stop", index: 3 },
  finish("tool-use"),
  {
    type: "usage",
    usage: { cacheCreationInputTokens: 100, outputTokens: 5, reasoningTokens: 2 },
  },
  END,
];

const MESSAGE = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "m",
  content: [
    { type: "thinking", thinking: "Hm", signature: "S" },
    { type: "redacted_thinking", data: "D" },
    {
      type: "text",
      text: "Hello",
      citations: [{ type: "char_location", cited_text: "x" }],
    },
    { type: "tool_use", id: "t", name: "look", input: { a: 1 }, caller: { type: "direct" } },
  ],
  stop_reason: "tool_use",
  stop_sequence: null,
  stop_details: null,
  container: null,
  diagnostics: null,
  usage: {
    input_tokens: 1,
    cache_read_input_tokens: 10,
    cache_creation_input_tokens: 100,
    output_tokens: 5,
    output_tokens_details: { thinking_tokens: 2 },
    cache_creation: null,
    inference_geo: null,
    server_tool_use: null,
    service_tier: null,
    speed: null,
  },
};

test("a whole message", () => {
  expect(whole(EVERYTHING)).toEqual(MESSAGE);
});

test("Anthropic's client reads the same from a stream as from a whole message", async () => {
  const { _request_id, ...read } = await asClient(false, EVERYTHING);
  expect(read).toEqual(MESSAGE);
  expect(await asClient(true, EVERYTHING)).toMatchObject(MESSAGE);
});

test("a stream begins with what is known of the input", () => {
  const [start] = streamed(EVERYTHING);
  expect(start).toMatchObject({
    type: "message_start",
    message: { content: [], stop_reason: null, usage: { input_tokens: 101, output_tokens: 0 } },
  });
});

test("an answer whose provider names neither id nor model, and counts nothing", () => {
  const events: ConversationEvent[] = [{ type: "start" }, finish("stop"), END];
  expect(whole(events)).toMatchObject({ id: "msg_own", model: "asked", content: [] });
  expect(streamed(events).map(({ type }) => type)).toEqual([
    "message_start",
    "message_delta",
    "message_stop",
  ]);
});

test.each<[FinishReason, string]>([
  ["stop", "end_turn"],
  ["length", "max_tokens"],
  ["tool-use", "tool_use"],
  ["content-filter", "refusal"],
  ["context-window", "model_context_window_exceeded"],
  ["pause", "pause_turn"],
  ["error", "end_turn"],
])("the reason %s is %s", (reason, stop_reason) => {
  expect(whole([START, finish(reason), END])).toMatchObject({ stop_reason });
});

test("the stop sequence is named", () => {
  const reason: ConversationEvent = { type: "finish", reason: "stop-sequence", stopSequence: "X" };
  expect(whole([START, reason, END])).toMatchObject({
    stop_reason: "stop_sequence",
    stop_sequence: "X",
  });
});

test("who stops with a tool use wants the tool used", () => {
  const events: ConversationEvent[] = [
    START,
    { type: "block-start", index: 0, block: { type: "tool-use", id: "t", name: "now" } },
    { type: "block-stop", index: 0 },
    finish("stop"),
    END,
  ];
  expect(whole(events)).toMatchObject({ stop_reason: "tool_use", content: [{ input: {} }] });
  expect(streamed(events).at(-2)).toMatchObject({ delta: { stop_reason: "tool_use" } });
});

test("a refusal is told beside the content", () => {
  const events: ConversationEvent[] = [
    START,
    { type: "block-start", index: 0, block: { type: "refusal" } },
    { type: "refusal-delta", index: 0, text: "I " },
    { type: "refusal-delta", index: 0, text: "won't." },
    { type: "block-stop", index: 0 },
    finish("stop"),
    END,
  ];
  const ending = {
    stop_reason: "refusal",
    stop_sequence: null,
    stop_details: { type: "refusal", category: null, explanation: "I won't." },
  };
  expect(whole(events)).toMatchObject({ content: [], ...ending });
  expect(streamed(events).at(-2)).toMatchObject({ delta: ending });
});

test("alternatives beside the first answer are left out", () => {
  const events: ConversationEvent[] = [
    START,
    { type: "block-start", index: 0, block: { type: "text" } },
    { type: "text-delta", index: 0, text: "a" },
    { type: "block-start", index: 1, candidate: 1, block: { type: "text" } },
    { type: "text-delta", index: 1, text: "b" },
    { type: "block-stop", index: 1 },
    { type: "block-stop", index: 0 },
    finish("stop"),
    { type: "finish", candidate: 1, reason: "length" },
    END,
  ];
  expect(whole(events)).toMatchObject({ content: [{ text: "a" }], stop_reason: "end_turn" });
  expect(write(true, events).toString()).not.toContain('"b"');
});

const call = (json: string, reason: FinishReason): ConversationEvent[] => [
  START,
  { type: "block-start", index: 0, block: { type: "tool-use", id: "t", name: "look" } },
  { type: "tool-input-delta", index: 0, json },
  { type: "block-stop", index: 0 },
  finish(reason),
  END,
];

test("input that was cut off is no input, input that is broken is an error", () => {
  expect(whole(call('{"a', "length"))).toMatchObject({ content: [{ input: {} }] });
  expect(() => whole(call('{"a', "tool-use"))).toThrow('tool "look"');
});

test("an error is the last that is said", () => {
  const error: ConversationEvent = {
    type: "error",
    error: { status: 503, kind: "overloaded", message: "Overloaded" },
  };
  const wanted = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
  expect(whole([START, error, END])).toEqual(wanted);
  expect(streamed([START, finish("stop"), error, END]).at(-1)).toEqual(wanted);
});

test("an answer without an end ends in an error", () => {
  expect(() => whole([START])).toThrow("before it was complete");
  expect(streamed([START]).at(-1)).toMatchObject({ type: "error", error: { type: "api_error" } });
});

/** Blocks with their events in order, but those of different blocks in any order between them. */
const interleaved = fc
  .array(fc.array(fc.string({ minLength: 1, maxLength: 5 }), { maxLength: 4 }), { maxLength: 5 })
  .chain((blocks) =>
    fc.infiniteStream(fc.nat()).map((picks) => {
      const events = blocks.map((pieces, index): ConversationEvent[] => [
        { type: "block-start", index, block: { type: "text" } },
        ...pieces.map((text) => ({ type: "text-delta" as const, index, text })),
        { type: "block-stop", index },
      ]);
      const mixed: ConversationEvent[] = [];
      for (const pick of picks) {
        const left = events.filter(({ length }) => length > 0);
        const next = left[pick % left.length]?.shift();
        if (next === undefined) break;
        mixed.push(next);
      }
      return mixed;
    }),
  );

test("blocks that interleave are streamed one after the other, as they stand in a whole message", () => {
  fc.assert(
    fc.property(interleaved, (mixed) => {
      const events = [START, ...mixed, finish("stop"), END];
      const texts: string[] = [];
      let open = false;
      for (const { type, index, delta } of streamed(events)) {
        if (!type.startsWith("content_block")) continue;
        if (type === "content_block_start") {
          expect({ open, index }).toEqual({ open: false, index: texts.length });
          texts.push("");
          open = true;
          continue;
        }
        expect({ open, index }).toEqual({ open: true, index: texts.length - 1 });
        if (type === "content_block_stop") open = false;
        else texts[index] += delta.text;
      }
      expect(open).toBe(false);
      expect(texts).toEqual(whole(events).content.map(({ text }: { text: string }) => text));
    }),
    { numRuns: 100 },
  );
});
