import fc from "fast-check";
import type { ChatCompletionChunk } from "openai/resources/chat/completions";
import type { Block, ConversationEvent, FinishReason } from "../../conversation/events.ts";
import { sseParser } from "../../lib/sse.ts";
import { chatCompletions } from "./index.ts";

type Events = ConversationEvent[];

const HEAD = { id: "chatcmpl-1", created: 7 };

function encode(events: Events, stream: boolean, body: Record<string, unknown> = {}): string {
  const encoder = chatCompletions.conversation?.encoder(
    { model: "asked", stream, body },
    { stream, ...HEAD },
  );
  if (encoder === undefined) throw new Error("chat completions have an internal form");
  expect(encoder.contentType).toBe(stream ? "text/event-stream" : "application/json");
  const out = [...events.flatMap((event) => encoder.push(event)), ...encoder.finish()];
  return Buffer.concat(out).toString();
}
const whole = (events: Events, body = {}) => JSON.parse(encode(events, false, body));
const data = (events: Events, body = {}): string[] =>
  sseParser()
    .push(Buffer.from(encode(events, true, body)))
    .map((event) => event.data);
/** The chunks; the stream has to end with [DONE]. */
function chunks(events: Events, body = {}): ChatCompletionChunk[] {
  const all = data(events, body);
  expect(all.at(-1)).toBe("[DONE]");
  return all.slice(0, -1).map((chunk) => JSON.parse(chunk));
}
const deltas = (events: Events, body = {}) =>
  chunks(events, body).map(({ choices }) => choices[0]?.delta);

/** A block from its start to its stop. */
function block(index: number, kind: Block, ...inside: Events): Events {
  return [{ type: "block-start", index, block: kind }, ...inside, { type: "block-stop", index }];
}
const text = (index: number, ...pieces: string[]): Events =>
  block(
    index,
    { type: "text" },
    ...pieces.map((piece) => ({ type: "text-delta" as const, index, text: piece })),
  );
const answer = (reason: FinishReason, ...inside: Events): Events => [
  { type: "start", id: "msg_1", model: "served", created: 9 },
  ...inside,
  { type: "finish", reason },
  {
    type: "usage",
    usage: { inputTokens: 5, outputTokens: 4, cachedInputTokens: 2, reasoningTokens: 3 },
  },
  { type: "end" },
];
const thought: Events = [
  ...block(
    0,
    { type: "thinking" },
    { type: "thinking-delta", index: 0, text: "hm" },
    { type: "signature-delta", index: 0, signature: "sig" },
  ),
  ...block(1, { type: "redacted-thinking", data: "xx" }),
];
const called: Events = [
  ...block(
    3,
    { type: "tool-use", id: "c1", name: "f" },
    { type: "tool-input-delta", index: 3, json: '{"a"' },
    { type: "tool-input-delta", index: 3, json: ":1}" },
  ),
  ...block(4, { type: "tool-use", id: "c2", name: "g" }),
];
const usage = {
  prompt_tokens: 5,
  completion_tokens: 4,
  total_tokens: 9,
  prompt_tokens_details: { cached_tokens: 2 },
  completion_tokens_details: { reasoning_tokens: 3 },
};

describe("a whole answer", () => {
  test("text", () => {
    expect(whole(answer("stop", ...text(0, "a", "b"), ...text(1, "c")))).toEqual({
      id: "msg_1",
      object: "chat.completion",
      created: 9,
      model: "served",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "abc", refusal: null },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
      usage,
    });
  });

  test("reasoning and tools", () => {
    const [choice] = whole(answer("tool-use", ...thought, ...called)).choices;
    expect(choice).toEqual({
      index: 0,
      message: {
        role: "assistant",
        content: null,
        refusal: null,
        reasoning_content: "hm",
        thinking_blocks: [
          { type: "thinking", thinking: "hm", signature: "sig" },
          { type: "redacted_thinking", data: "xx" },
        ],
        tool_calls: [
          { id: "c1", type: "function", function: { name: "f", arguments: '{"a":1}' } },
          { id: "c2", type: "function", function: { name: "g", arguments: "{}" } },
        ],
      },
      logprobs: null,
      finish_reason: "tool_calls",
    });
  });

  test("what the provider leaves out is filled in; usage that nobody counted is not made up", () => {
    expect(whole([{ type: "start" }, { type: "end" }])).toEqual({
      ...HEAD,
      object: "chat.completion",
      model: "asked",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: null, refusal: null },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
    });
  });

  test("several candidates, in the order of their numbers", () => {
    const { choices } = whole([
      { type: "start" },
      { type: "block-start", index: 0, candidate: 1, block: { type: "text" } },
      ...text(1, "zero"),
      { type: "text-delta", index: 0, text: "one" },
      { type: "block-stop", index: 0 },
      { type: "finish", candidate: 1, reason: "length" },
      { type: "finish", reason: "stop" },
      { type: "end" },
    ]);
    expect(choices).toMatchObject([
      { index: 0, message: { content: "zero" }, finish_reason: "stop" },
      { index: 1, message: { content: "one" }, finish_reason: "length" },
    ]);
  });

  test("an error takes its place", () => {
    const error = { status: 400, kind: "context-window" as const, message: "too long" };
    expect(whole([{ type: "start" }, { type: "error", error }])).toEqual({
      error: {
        message: "too long",
        type: "invalid_request_error",
        param: null,
        code: "context_length_exceeded",
      },
    });
  });
});

describe("a streamed answer", () => {
  test("the role, the text, the end, the usage where it was asked for", () => {
    const include = { stream_options: { include_usage: true } };
    const shared = {
      id: "msg_1",
      object: "chat.completion.chunk",
      created: 9,
      model: "served",
      usage: null,
    };
    const choice = (delta: object, finish_reason: string | null = null) => [
      { index: 0, delta, logprobs: null, finish_reason },
    ];
    const events = answer("length", ...text(0, "a", "b"));
    expect(chunks(events, include)).toEqual([
      { ...shared, choices: choice({ role: "assistant", content: "", refusal: null }) },
      { ...shared, choices: choice({ content: "a" }) },
      { ...shared, choices: choice({ content: "b" }) },
      { ...shared, choices: choice({}, "length") },
      { ...shared, choices: [], usage },
    ]);
    expect(chunks(events).every((chunk) => !("usage" in chunk))).toBe(true);
  });

  test("reasoning and tools", () => {
    expect(deltas(answer("tool-use", ...thought, ...called)).slice(1, -1)).toEqual([
      { reasoning_content: "hm" },
      { thinking_blocks: [{ index: 0, type: "thinking", thinking: "hm", signature: "sig" }] },
      { thinking_blocks: [{ index: 1, type: "redacted_thinking", data: "xx" }] },
      {
        tool_calls: [
          { index: 0, id: "c1", type: "function", function: { name: "f", arguments: "" } },
        ],
      },
      { tool_calls: [{ index: 0, function: { arguments: '{"a"' } }] },
      { tool_calls: [{ index: 0, function: { arguments: ":1}" } }] },
      {
        tool_calls: [
          { index: 1, id: "c2", type: "function", function: { name: "g", arguments: "" } },
        ],
      },
      { tool_calls: [{ index: 1, function: { arguments: "{}" } }] },
    ]);
  });

  test("nothing is written before the model begins, so that an error can have its status", () => {
    expect(encode([{ type: "start" }, { type: "usage", usage: {} }], true)).toBe("");
  });

  test("an error is the last event, without [DONE]", () => {
    const error = { status: 0, kind: "overloaded" as const, message: "busy" };
    const events: Events = [{ type: "start" }, ...text(0, "a"), { type: "error", error }];
    expect(JSON.parse(data([...events, { type: "end" }]).at(-1) ?? "")).toEqual({
      error: { message: "busy", type: "server_error", param: null, code: null },
    });
  });

  test("one that breaks off is not made to look complete", () => {
    expect(data([{ type: "start" }, ...text(0, "a")])).toHaveLength(2);
  });

  test("one without a reason to finish gets one", () => {
    const events: Events = [{ type: "start" }, ...text(0, "a"), { type: "end" }];
    expect(chunks(events).at(-1)?.choices[0]?.finish_reason).toBe("stop");
  });
});

test.each<[FinishReason, string]>([
  ["stop", "stop"],
  ["stop-sequence", "stop"],
  ["length", "length"],
  ["context-window", "length"],
  ["tool-use", "tool_calls"],
  ["content-filter", "content_filter"],
  ["refusal", "content_filter"],
  ["pause", "stop"],
  ["error", "error"],
])("an answer that finishes by %s finishes by %s", (reason, told) => {
  const events = answer(reason, ...text(0, "a"));
  expect(whole(events).choices[0].finish_reason).toBe(told);
  expect(chunks(events).at(-1)?.choices[0]?.finish_reason).toBe(told);
});

test("a refusal in words is a message that stops", () => {
  const said = { type: "refusal-delta" as const, index: 0, text: "no" };
  const events = answer("refusal", ...block(0, { type: "refusal" }, said));
  expect(whole(events).choices[0]).toMatchObject({
    message: { content: null, refusal: "no" },
    finish_reason: "stop",
  });
  expect(deltas(events)[1]).toEqual({ refusal: "no" });
});

test("citations of the web are annotations of the text that they stand behind", () => {
  const cite = (citation: object): ConversationEvent => ({ type: "citation", index: 1, citation });
  const events = answer(
    "stop",
    ...text(0, "abc"),
    ...block(
      1,
      { type: "text" },
      cite({ type: "web_search_result_location", url: "https://a.example", title: "A" }),
      cite({ type: "char_location", document_index: 0 }),
      { type: "text-delta", index: 1, text: "de" },
    ),
  );
  const annotations = [
    {
      type: "url_citation",
      url_citation: { start_index: 3, end_index: 5, url: "https://a.example", title: "A" },
    },
  ];
  expect(whole(events).choices[0].message.annotations).toEqual(annotations);
  expect(deltas(events)).toContainEqual({ annotations });
});

test("clients from before tools read a function call", () => {
  const functions = { functions: [{ name: "f" }] };
  const events = answer("tool-use", ...called);
  expect(whole(events, functions).choices[0]).toMatchObject({
    message: { function_call: { name: "f", arguments: '{"a":1}' } },
    finish_reason: "function_call",
  });
  expect(deltas(events, functions).slice(1, -1)).toEqual([
    { function_call: { name: "f", arguments: "" } },
    { function_call: { arguments: '{"a"' } },
    { function_call: { arguments: ":1}" } },
  ]);
});

test("deltas add up to the whole message", () => {
  const pieces = fc.array(fc.string({ minLength: 1, maxLength: 8 }), { maxLength: 4 });
  const kinds = fc.constantFrom<Block>(
    { type: "text" },
    { type: "thinking" },
    { type: "refusal" },
    { type: "tool-use", id: "c", name: "f" },
    { type: "redacted-thinking", data: "xx" },
  );
  const inside = (kind: Block, index: number, said: string[]): Events =>
    said.flatMap((piece): Events => {
      switch (kind.type) {
        case "tool-use":
          return [{ type: "tool-input-delta", index, json: piece }];
        case "redacted-thinking":
          return [];
        default:
          return [{ type: `${kind.type}-delta`, index, text: piece }];
      }
    });
  fc.assert(
    fc.property(fc.array(fc.tuple(kinds, pieces), { maxLength: 5 }), (blocks) => {
      const events = answer(
        "stop",
        ...blocks.flatMap(([kind, said], at) => block(at, kind, ...inside(kind, at, said))),
      );
      const sum = { content: "", refusal: "", reasoning_content: "" };
      const calls: string[] = [];
      for (const delta of deltas(events)) {
        for (const field of ["content", "refusal", "reasoning_content"] as const) {
          sum[field] += (delta as Partial<typeof sum>)[field] ?? "";
        }
        for (const call of delta?.tool_calls ?? []) {
          calls[call.index] = (calls[call.index] ?? "") + (call.function?.arguments ?? "");
        }
      }
      const { message } = whole(events).choices[0];
      expect(sum).toEqual({
        content: message.content ?? "",
        refusal: message.refusal ?? "",
        reasoning_content: message.reasoning_content ?? "",
      });
      expect(calls).toEqual(
        (message.tool_calls ?? []).map(
          (call: { function: { arguments: string } }) => call.function.arguments,
        ),
      );
    }),
    { numRuns: 200 },
  );
});
