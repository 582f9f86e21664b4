import type { Conversation } from "../../conversation/conversation.ts";
import type { ConversationEvent } from "../../conversation/events.ts";
import { encodeEventStreamMessage } from "../../lib/event-stream.ts";
import { bedrockConversation } from "./conversation.ts";
import { wireToolName } from "./names.ts";

const TOOL = "files/read";

const talk = (stream: boolean): Conversation => ({
  model: "anthropic.claude-x",
  stream,
  system: [],
  turns: [],
  tools: [{ name: TOOL, inputSchema: {} }],
  vendor: {},
});

function whole(body: unknown): ConversationEvent[] {
  const decoder = bedrockConversation.decoder(talk(false));
  const bytes = typeof body === "string" ? body : JSON.stringify(body);
  return [...decoder.push(Buffer.from(bytes)), ...decoder.finish()];
}

const answer = (content: unknown[], more: object = {}) => ({
  output: { message: { role: "assistant", content } },
  stopReason: "end_turn",
  usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 },
  metrics: { latencyMs: 1 },
  ...more,
});

const frame = (type: string, payload: object) =>
  encodeEventStreamMessage({
    headers: { ":event-type": type, ":message-type": "event" },
    payload: Buffer.from(JSON.stringify(payload)),
  });

const exception = (type: string, payload: object) =>
  encodeEventStreamMessage({
    headers: { ":exception-type": type, ":message-type": "exception" },
    payload: Buffer.from(JSON.stringify(payload)),
  });

const START = frame("messageStart", { role: "assistant" });
const STOP = frame("messageStop", { stopReason: "end_turn" });
const delta = (contentBlockIndex: number, inner: object) =>
  frame("contentBlockDelta", { contentBlockIndex, delta: inner });
const blockStop = (contentBlockIndex: number) => frame("contentBlockStop", { contentBlockIndex });

function streamed(...frames: Buffer[]): ConversationEvent[] {
  const decoder = bedrockConversation.decoder(talk(true));
  return [...frames.flatMap((bytes) => decoder.push(bytes)), ...decoder.finish()];
}

/** Only what blocks are made of. */
const blocks = (events: ConversationEvent[]) =>
  events.filter(({ type }) => !["start", "finish", "usage", "end"].includes(type));

describe("whole answers", () => {
  test("text, with usage that counts cached tokens among the input", () => {
    const usage = {
      inputTokens: 10,
      outputTokens: 5,
      totalTokens: 45,
      cacheReadInputTokens: 20,
      cacheWriteInputTokens: 10,
    };
    expect(whole(answer([{ text: "hi" }], { usage }))).toEqual([
      { type: "start", model: "anthropic.claude-x" },
      { type: "block-start", index: 0, block: { type: "text" } },
      { type: "text-delta", index: 0, text: "hi" },
      { type: "block-stop", index: 0 },
      { type: "finish", reason: "stop" },
      {
        type: "usage",
        usage: {
          inputTokens: 40,
          outputTokens: 5,
          totalTokens: 45,
          cachedInputTokens: 20,
          cacheCreationInputTokens: 10,
        },
      },
      { type: "end" },
    ]);
  });

  test("reasoning, tools under the client's name, citations; blocks of no use are left out", () => {
    const content = [
      { reasoningContent: { reasoningText: { text: "Hm.", signature: "c2ln" } } },
      { reasoningContent: { redactedContent: "AAEC" } },
      { toolUse: { toolUseId: "s", name: "nova_grounding", input: {}, type: "server_tool_use" } },
      { toolResult: { toolUseId: "s", content: [] } },
      {
        citationsContent: {
          content: [{ text: "It is so." }],
          citations: [
            {
              title: "Doc",
              sourceContent: [{ text: "so" }],
              location: { documentChar: { documentIndex: 1, start: 2, end: 3 } },
            },
          ],
        },
      },
      { toolUse: { toolUseId: "t", name: wireToolName(TOOL), input: { a: 1 } } },
    ];
    expect(blocks(whole(answer(content, { stopReason: "tool_use" })))).toEqual([
      { type: "block-start", index: 0, block: { type: "thinking" } },
      { type: "thinking-delta", index: 0, text: "Hm." },
      { type: "signature-delta", index: 0, signature: "c2ln" },
      { type: "block-stop", index: 0 },
      { type: "block-start", index: 1, block: { type: "redacted-thinking", data: "AAEC" } },
      { type: "block-stop", index: 1 },
      { type: "block-start", index: 2, block: { type: "text" } },
      { type: "text-delta", index: 2, text: "It is so." },
      {
        type: "citation",
        index: 2,
        citation: {
          type: "char_location",
          cited_text: "so",
          document_title: "Doc",
          file_id: null,
          document_index: 1,
          start_char_index: 2,
          end_char_index: 3,
        },
      },
      { type: "block-stop", index: 2 },
      { type: "block-start", index: 3, block: { type: "tool-use", id: "t", name: TOOL } },
      { type: "tool-input-delta", index: 3, json: '{"a":1}' },
      { type: "block-stop", index: 3 },
    ]);
  });

  test.each([
    ["end_turn", "stop"],
    ["tool_use", "tool-use"],
    ["max_tokens", "length"],
    ["stop_sequence", "stop-sequence"],
    ["guardrail_intervened", "content-filter"],
    ["content_filtered", "content-filter"],
    ["model_context_window_exceeded", "context-window"],
    ["malformed_model_output", "error"],
    ["malformed_tool_use", "error"],
    ["of_the_future", "stop"],
  ])("stop reason %s is %s", (stopReason, reason) => {
    const finish = { type: "finish", reason };
    expect(whole(answer([], { stopReason }))).toContainEqual(finish);
    expect(streamed(START, frame("messageStop", { stopReason }))).toContainEqual(finish);
  });

  test("the stop sequence, where the model tells it", () => {
    const told = {
      stopReason: "stop_sequence",
      additionalModelResponseFields: { stop_sequence: "END" },
    };
    const finish = { type: "finish", reason: "stop-sequence", stopSequence: "END" };
    expect(whole(answer([], told))).toContainEqual(finish);
    expect(streamed(START, frame("messageStop", told))).toContainEqual(finish);
  });

  test.each([
    ["no JSON", "<html>", /not JSON/],
    ["an error of the framework", { Output: { __type: "x#UnknownOperationException" } }, /output/],
    ["an empty output", { output: {}, stopReason: "end_turn" }, /output\.message/],
  ])("%s is an error", (_, body, message) => {
    expect(() => whole(body)).toThrow(message);
    expect(() => whole(body)).toThrow(expect.objectContaining({ status: 502 }));
  });
});

describe("streams", () => {
  test("text comes as it does, and the end with the metadata", () => {
    const decoder = bedrockConversation.decoder(talk(true));
    const usage = { inputTokens: 1, outputTokens: 2, totalTokens: 3 };
    expect(decoder.push(START)).toEqual([{ type: "start", model: "anthropic.claude-x" }]);
    expect(decoder.push(delta(0, { text: "h" }))).toEqual([
      { type: "block-start", index: 0, block: { type: "text" } },
      { type: "text-delta", index: 0, text: "h" },
    ]);
    expect(decoder.push(delta(0, { text: "i" }))).toEqual([
      { type: "text-delta", index: 0, text: "i" },
    ]);
    expect(decoder.push(blockStop(0))).toEqual([{ type: "block-stop", index: 0 }]);
    expect(decoder.push(STOP)).toEqual([{ type: "finish", reason: "stop" }]);
    expect(decoder.push(frame("metadata", { usage }))).toEqual([
      { type: "usage", usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 } },
      { type: "end" },
    ]);
    expect(decoder.finish()).toEqual([]);
  });

  test("tools: inputs in pieces, and {} where there is none", () => {
    const start = (at: number, toolUse: object) =>
      frame("contentBlockStart", { contentBlockIndex: at, start: { toolUse } });
    expect(
      blocks(
        streamed(
          START,
          start(0, { toolUseId: "a", name: wireToolName(TOOL) }),
          start(1, { toolUseId: "b", name: "now" }),
          delta(0, { toolUse: { input: '{"x"' } }),
          delta(1, { toolUse: { input: "" } }),
          delta(0, { toolUse: { input: ":1}" } }),
          blockStop(0),
          blockStop(1),
          STOP,
        ),
      ),
    ).toEqual([
      { type: "block-start", index: 0, block: { type: "tool-use", id: "a", name: TOOL } },
      { type: "block-start", index: 1, block: { type: "tool-use", id: "b", name: "now" } },
      { type: "tool-input-delta", index: 0, json: '{"x"' },
      { type: "tool-input-delta", index: 0, json: ":1}" },
      { type: "block-stop", index: 0 },
      { type: "tool-input-delta", index: 1, json: "{}" },
      { type: "block-stop", index: 1 },
    ]);
  });

  test("reasoning, its signature, and redacted pieces joined", () => {
    const reasoning = (at: number, reasoningContent: object) => delta(at, { reasoningContent });
    expect(
      blocks(
        streamed(
          START,
          reasoning(0, { text: "H" }),
          reasoning(0, { text: "m" }),
          reasoning(0, { signature: "c2ln" }),
          blockStop(0),
          reasoning(1, { redactedContent: "AA==" }),
          reasoning(1, { redactedContent: "AQI=" }),
          blockStop(1),
          STOP,
        ),
      ),
    ).toEqual([
      { type: "block-start", index: 0, block: { type: "thinking" } },
      { type: "thinking-delta", index: 0, text: "H" },
      { type: "thinking-delta", index: 0, text: "m" },
      { type: "signature-delta", index: 0, signature: "c2ln" },
      { type: "block-stop", index: 0 },
      { type: "block-start", index: 1, block: { type: "redacted-thinking", data: "AAEC" } },
      { type: "block-stop", index: 1 },
    ]);
  });

  test("blocks of no use to clients are left out, and the rest numbered without them", () => {
    const start = (at: number, inner: object) =>
      frame("contentBlockStart", { contentBlockIndex: at, start: inner });
    expect(
      blocks(
        streamed(
          START,
          start(0, { toolUse: { toolUseId: "s", name: "search", type: "server_tool_use" } }),
          delta(0, { toolUse: { input: "{}" } }),
          blockStop(0),
          start(1, { toolResult: { toolUseId: "s" } }),
          delta(1, { toolResult: [{ text: "found" }] }),
          blockStop(1),
          delta(2, { text: "Found." }),
          delta(2, { citation: { source: "s", location: { web: { url: "https://a.example" } } } }),
          blockStop(2),
          STOP,
        ),
      ),
    ).toEqual([
      { type: "block-start", index: 0, block: { type: "text" } },
      { type: "text-delta", index: 0, text: "Found." },
      {
        type: "citation",
        index: 0,
        citation: expect.objectContaining({
          type: "web_search_result_location",
          url: "https://a.example",
        }),
      },
      { type: "block-stop", index: 0 },
    ]);
  });

  test("the end without metadata is the end of the body", () => {
    expect(streamed(START, STOP).map(({ type }) => type)).toEqual(["start", "finish", "end"]);
  });

  test.each([
    ["throttlingException", "rate-limit"],
    ["serviceUnavailableException", "overloaded"],
    ["internalServerException", "server"],
    ["modelStreamErrorException", "server"],
    ["validationException", "invalid-request"],
    ["exceptionOfTheFuture", "server"],
  ])("%s ends it with an error of kind %s", (type, kind) => {
    const events = streamed(START, exception(type, { message: "sorry" }), STOP);
    expect(events).toEqual([
      { type: "start", model: "anthropic.claude-x" },
      { type: "error", error: { status: 0, kind, message: "sorry" } },
    ]);
  });

  test("an unmodelled error of the protocol", () => {
    const error = encodeEventStreamMessage({
      headers: { ":message-type": "error", ":error-code": "Broken", ":error-message": "oh" },
      payload: Buffer.alloc(0),
    });
    expect(streamed(START, error).at(-1)).toEqual({
      type: "error",
      error: { status: 0, kind: "server", message: "oh" },
    });
  });

  test.each<[string, Buffer[], RegExp]>([
    ["ends early", [START, delta(0, { text: "x" })], /ended before the message was complete/],
    ["ends inside an event", [START, STOP.subarray(0, 20)], /ended inside a message/],
    ["is damaged", [START, Buffer.concat([STOP.subarray(0, -1), Buffer.of(0)])], /damaged/],
    ["has an unknown shape", [START, frame("contentBlockDelta", { delta: 1 })], /unknown shape/],
    ["is empty", [], /ended before/],
  ])("one that %s", (_, frames, message) => {
    const last = streamed(...frames, ...[]).at(-1);
    expect(last).toMatchObject({ type: "error", error: { status: 0, kind: "server" } });
    expect((last as { error: { message: string } }).error.message).toMatch(message);
  });

  test("events of the future are passed over", () => {
    expect(streamed(START, frame("somethingNew", { a: 1 }), STOP)).toHaveLength(3);
  });
});
