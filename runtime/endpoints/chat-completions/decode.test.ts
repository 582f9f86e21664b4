import { UserError } from "../../lib/errors.ts";
import { chatCompletions } from "./index.ts";

const decode = (body: Record<string, unknown>) => {
  const raw = Buffer.from(JSON.stringify({ model: "m", messages: [], ...body }));
  const conversation = chatCompletions.conversation?.decode(chatCompletions.parse(raw));
  if (conversation === undefined) throw new Error("chat completions have an internal form");
  return conversation;
};
const turnsOf = (...messages: unknown[]) => decode({ messages }).turns;
const call = (id: string, name: string, args: string) => ({
  id,
  type: "function",
  function: { name, arguments: args },
});

describe("messages", () => {
  test("prompts of system and developer, in order, with their breakpoints", () => {
    const cache_control = { type: "ephemeral", ttl: "1h" };
    const messages = [
      { role: "system", content: "one" },
      { role: "user", content: "hello" },
      { role: "developer", content: [{ type: "text", text: "two", cache_control }] },
    ];
    expect(decode({ messages })).toMatchObject({
      system: [
        { type: "text", text: "one" },
        { type: "text", text: "two", cache: { ttl: "1h" } },
      ],
      turns: [{ role: "user", content: [{ type: "text", text: "hello" }] }],
    });
  });

  test("results of tools are the user's, and neighbours of one role make one turn", () => {
    expect(
      turnsOf(
        { role: "user", content: "a" },
        { role: "user", content: [{ type: "text", text: "b" }] },
        {
          role: "assistant",
          content: "",
          tool_calls: [call("1", "f", '{"x":1}'), call("2", "g", "")],
        },
        { role: "tool", tool_call_id: "1", content: "r1" },
        {
          role: "tool",
          tool_call_id: "2",
          content: [{ type: "text", text: "r2", cache_control: { type: "ephemeral" } }],
        },
        { role: "user", content: "c" },
      ),
    ).toEqual([
      {
        role: "user",
        content: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "tool-use", id: "1", name: "f", input: { x: 1 } },
          { type: "tool-use", id: "2", name: "g", input: {} },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool-result", toolUseId: "1", content: [{ type: "text", text: "r1" }] },
          {
            type: "tool-result",
            toolUseId: "2",
            content: [{ type: "text", text: "r2" }],
            cache: {},
          },
          { type: "text", text: "c" },
        ],
      },
    ]);
  });

  test("functions, the API before tools: answers find their calls by name", () => {
    const turns = turnsOf(
      { role: "user", content: "a" },
      { role: "assistant", content: null, function_call: { name: "f", arguments: "{}" } },
      { role: "function", name: "f", content: "first" },
      { role: "assistant", content: null, function_call: { name: "f", arguments: "{}" } },
      { role: "function", name: "f", content: "second" },
    );
    const ids = turns.flatMap(({ content }) =>
      content.flatMap((part) =>
        part.type === "tool-use" ? [part.id] : part.type === "tool-result" ? [part.toolUseId] : [],
      ),
    );
    expect(ids).toEqual(["call_1", "call_1", "call_2", "call_2"]);
  });

  test("arguments that are not JSON are kept as the model wrote them", () => {
    expect(
      turnsOf({ role: "assistant", tool_calls: [call("1", "f", '{"broken')] })[0]?.content,
    ).toEqual([{ type: "tool-use", id: "1", name: "f", input: '{"broken' }]);
  });

  test("refusals, by member and by part", () => {
    expect(
      turnsOf(
        { role: "assistant", content: null, refusal: "no" },
        { role: "user", content: "why" },
        { role: "assistant", content: [{ type: "refusal", refusal: "no!" }], refusal: null },
      ),
    ).toMatchObject([
      { content: [{ type: "refusal", text: "no" }] },
      {},
      { content: [{ type: "refusal", text: "no!" }] },
    ]);
  });
});

describe("parts of a user's message", () => {
  test.each([
    [
      { type: "image_url", image_url: { url: "data:image/png;base64,AA==", detail: "low" } },
      {
        type: "image",
        source: { kind: "base64", mediaType: "image/png", data: "AA==" },
        detail: "low",
      },
    ],
    [
      {
        type: "image_url",
        image_url: { url: "https://a.example/x.png", detail: "medium" },
        cache_control: { type: "ephemeral" },
      },
      { type: "image", source: { kind: "url", url: "https://a.example/x.png" }, cache: {} },
    ],
    [
      { type: "input_audio", input_audio: { data: "AA==", format: "mp3" } },
      { type: "audio", source: { kind: "base64", mediaType: "audio/mpeg", data: "AA==" } },
    ],
    [
      { type: "video_url", video_url: { url: "s3://bucket/x.mp4" } },
      { type: "video", source: { kind: "url", url: "s3://bucket/x.mp4" } },
    ],
    [
      {
        type: "file",
        file: { filename: "a.pdf", file_data: "data:application/pdf;base64,AA==" },
      },
      {
        type: "document",
        title: "a.pdf",
        source: { kind: "base64", mediaType: "application/pdf", data: "AA==" },
      },
    ],
    [
      { type: "file", file: { filename: "a.csv", file_data: "AA==" } },
      {
        type: "document",
        title: "a.csv",
        source: { kind: "base64", mediaType: "text/csv", data: "AA==" },
      },
    ],
    [
      { type: "file", file: { file_id: "file-1" } },
      { type: "document", source: { kind: "file", fileId: "file-1" } },
    ],
    [
      { type: "file", file: { file_data: "data:,a%20b" } },
      {
        type: "document",
        source: { kind: "base64", mediaType: "text/plain", data: "YSBi" },
      },
    ],
    [
      { type: "text", text: "a", prompt_cache_breakpoint: { mode: "explicit" } },
      { type: "text", text: "a", cache: { ttl: "1h" } },
    ],
  ])("%j", (part, expected) => {
    expect(turnsOf({ role: "user", content: [part] })[0]?.content).toEqual([expected]);
  });
});

describe("reasoning that comes back", () => {
  const thinking = { type: "thinking", text: "hm", signature: "sig" };
  test.each([
    ["blocks", { thinking_blocks: [{ type: "thinking", thinking: "hm", signature: "sig" }] }],
    [
      "the text, and a signature that a stream told apart",
      { reasoning_content: "hm", thinking_blocks: [{ type: "thinking", signature: "sig" }] },
    ],
    [
      "Bedrock's block",
      {
        reasoning_content: {
          reasoningContent: { reasoningText: { text: "hm", signature: "sig" } },
        },
      },
    ],
  ])("%s", (_, members) => {
    expect(turnsOf({ role: "assistant", content: "a", ...members })[0]?.content).toEqual([
      thinking,
      { type: "text", text: "a" },
    ]);
  });

  test("as parts of the content, which win", () => {
    const content = [
      { type: "thinking", text: "hm", signature: "sig" },
      { type: "redacted_thinking", redactedContent: "xx" },
      { type: "text", text: "a" },
    ];
    expect(turnsOf({ role: "assistant", content, reasoning_content: "hm" })[0]?.content).toEqual([
      thinking,
      { type: "redacted-thinking", data: "xx" },
      { type: "text", text: "a" },
    ]);
  });

  test("as plain text", () => {
    expect(
      turnsOf({ role: "assistant", content: "a", reasoning_content: "hm" })[0]?.content,
    ).toEqual([
      { type: "thinking", text: "hm" },
      { type: "text", text: "a" },
    ]);
  });
});

describe("tools", () => {
  const tool = (name: string) => ({ type: "function", function: { name } });
  test("with schema, strictness and breakpoint; other types go on as they came", () => {
    const parameters = { type: "object", properties: { x: { type: "number" } } };
    const search = { type: "google_search", google_search: {} };
    expect(
      decode({
        tools: [
          {
            type: "function",
            function: { name: "f", description: "d", parameters, strict: true },
            cache_control: { type: "ephemeral" },
          },
          search,
        ],
        parallel_tool_calls: false,
      }),
    ).toMatchObject({
      tools: [{ name: "f", description: "d", inputSchema: parameters, strict: true, cache: {} }],
      parallelToolCalls: false,
      vendor: { tools: [search] },
    });
  });

  test.each([
    ["auto", { type: "auto" }],
    ["none", { type: "none" }],
    ["required", { type: "any" }],
    [tool("f"), { type: "tool", name: "f" }],
  ])("choice %j", (tool_choice, expected) => {
    expect(decode({ tools: [tool("f")], tool_choice }).toolChoice).toEqual(expected);
  });

  test("some allowed ones", () => {
    expect(
      decode({
        tools: [tool("f"), tool("g")],
        tool_choice: {
          type: "allowed_tools",
          allowed_tools: { mode: "required", tools: [tool("g")] },
        },
      }),
    ).toMatchObject({ tools: [{ name: "g" }], toolChoice: { type: "any" } });
  });

  test("functions, the API before tools", () => {
    expect(decode({ functions: [{ name: "f" }], function_call: { name: "f" } })).toMatchObject({
      tools: [{ name: "f", inputSchema: { type: "object", properties: {} } }],
      toolChoice: { type: "tool", name: "f" },
    });
  });
});

test("parameters", () => {
  expect(
    decode({
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 5,
      max_completion_tokens: 7,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 3,
      stop: "x",
      seed: 1,
      frequency_penalty: 1,
      presence_penalty: -1,
      n: 2,
      logprobs: true,
      top_logprobs: 4,
      user: "u",
      metadata: { a: "b" },
      service_tier: "flex",
      response_format: {
        type: "json_schema",
        json_schema: { name: "n", schema: { type: "object" }, strict: true },
      },
      reasoning_effort: "high",
      logit_bias: { 1: 2 },
      verbosity: null,
    }),
  ).toEqual({
    model: "m",
    stream: true,
    system: [],
    turns: [],
    tools: [],
    maxTokens: 7,
    temperature: 0.5,
    topP: 0.9,
    topK: 3,
    stop: ["x"],
    seed: 1,
    frequencyPenalty: 1,
    presencePenalty: -1,
    candidates: 2,
    logprobs: { top: 4 },
    userId: "u",
    metadata: { a: "b" },
    serviceTier: "flex",
    outputFormat: { type: "json-schema", name: "n", schema: { type: "object" }, strict: true },
    reasoning: { mode: "enabled", effort: "high" },
    vendor: { logit_bias: { 1: 2 } },
  });
});

test.each([
  [{ reasoning_effort: "none" }, { mode: "disabled", effort: "none" }],
  [{ thinking: { type: "enabled", budget_tokens: 2048 } }, { mode: "enabled", budgetTokens: 2048 }],
  [
    { thinking: { type: "adaptive" }, reasoning_effort: "low" },
    { mode: "adaptive", effort: "low" },
  ],
])("reasoning asked for by %j", (members, expected) => {
  expect(decode(members).reasoning).toEqual(expected);
});

test.each([
  [{ modalities: ["text", "audio"], audio: { voice: "alloy", format: "wav" } }, "modalities[1]"],
  [{ tools: [{ type: "custom", custom: { name: "free" } }] }, "tools[0].type"],
])("%j is more than other providers can do", (body, param) => {
  expect(() => decode(body)).toThrow(
    expect.objectContaining({ status: 422, code: "unsupported", param }),
  );
});

test("how thinking is shown is a wish of one vendor", () => {
  expect(decode({ thinking: { type: "adaptive", display: "omitted" } }).vendor).toEqual({
    "thinking.display": "omitted",
  });
});

test.each<[string, Record<string, unknown>]>([
  ["messages", { messages: null }],
  ["messages[0]", { messages: ["hi"] }],
  ["messages[0].role", { messages: [{ role: "robot" }] }],
  ["messages[0].content", { messages: [{ role: "user", content: 3 }] }],
  ["messages[0].content[0].type", { messages: [{ role: "user", content: [{ type: "x" }] }] }],
  [
    "messages[0].content[0].image_url.url",
    { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "x" } }] }] },
  ],
  ["messages[0].tool_call_id", { messages: [{ role: "tool", content: "x" }] }],
  ["messages[0].name", { messages: [{ role: "function", name: "f", content: "x" }] }],
  ["messages[0].audio", { messages: [{ role: "assistant", audio: { id: "a" } }] }],
  [
    "messages[0].tool_calls[0].function.name",
    { messages: [{ role: "assistant", tool_calls: [{ id: "1", function: {} }] }] },
  ],
  ["tools[0].function", { tools: [{ type: "function" }] }],
  ["tool_choice", { tool_choice: "maybe" }],
  ["tool_choice.function.name", { tool_choice: { type: "function", function: {} } }],
  ["temperature", { temperature: "hot" }],
  ["max_tokens", { max_tokens: 0 }],
  ["stop[1]", { stop: ["a", 1] }],
  ["n", { n: 0.5 }],
  ["reasoning_effort", { reasoning_effort: "heroic" }],
  ["thinking.type", { thinking: {} }],
  ["metadata.a", { metadata: { a: 1 } }],
  [
    "response_format.json_schema.name",
    { response_format: { type: "json_schema", json_schema: {} } },
  ],
])("%s is named as the field at fault", (param, body) => {
  let thrown: unknown;
  try {
    decode(body);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(UserError);
  expect(thrown).toMatchObject({ status: 422, param });
  expect((thrown as UserError).message).toMatch(param);
});
