import type { Conversation } from "../../conversation/conversation.ts";
import { UserError } from "../../lib/errors.ts";
import { messages } from "./index.ts";

const BODY = { model: "m", max_tokens: 9, messages: [{ role: "user", content: "Hi" }] };

function decode(more: object = {}): Conversation {
  const request = messages.parse(Buffer.from(JSON.stringify({ ...BODY, ...more })));
  if (messages.conversation === undefined) throw new Error("no conversation");
  return messages.conversation.decode(request);
}

/** The parts that content of one user message becomes. */
const parts = (...content: unknown[]) =>
  decode({ messages: [{ role: "user", content }] }).turns[0]?.content;

test("the least that a request can be", () => {
  expect(decode()).toEqual({
    model: "m",
    stream: false,
    system: [],
    turns: [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
    tools: [],
    maxTokens: 9,
    vendor: {},
  });
});

test("every option", () => {
  const schema = { type: "object" };
  expect(
    decode({
      stream: true,
      system: [{ type: "text", text: "S", cache_control: { type: "ephemeral", ttl: "1h" } }],
      temperature: 0,
      top_p: 0.5,
      top_k: 3,
      stop_sequences: ["END"],
      tools: [
        { name: "a", input_schema: schema },
        {
          type: "custom",
          name: "b",
          description: "D",
          input_schema: schema,
          strict: true,
          cache_control: { type: "ephemeral" },
        },
      ],
      tool_choice: { type: "tool", name: "b", disable_parallel_tool_use: true },
      thinking: { type: "enabled", budget_tokens: 2048, display: "omitted" },
      output_config: { effort: "high", format: { type: "json_schema", schema } },
      metadata: { user_id: "u" },
      service_tier: "auto",
      inference_geo: "us",
      container: null,
    }),
  ).toEqual({
    model: "m",
    stream: true,
    system: [{ type: "text", text: "S", cache: { ttl: "1h" } }],
    turns: [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
    tools: [
      { name: "a", inputSchema: schema },
      { name: "b", description: "D", inputSchema: schema, strict: true, cache: {} },
    ],
    toolChoice: { type: "tool", name: "b" },
    parallelToolCalls: false,
    maxTokens: 9,
    temperature: 0,
    topP: 0.5,
    topK: 3,
    stop: ["END"],
    outputFormat: { type: "json-schema", name: "response", schema },
    reasoning: { mode: "enabled", budgetTokens: 2048, effort: "high" },
    userId: "u",
    serviceTier: "auto",
    vendor: { inference_geo: "us", "thinking.display": "omitted" },
  });
});

test.each([
  [{ thinking: { type: "disabled" } }, { mode: "disabled" }],
  [{ thinking: { type: "adaptive" } }, { mode: "adaptive" }],
  [{ thinking: { type: "between_tools" } }, { mode: "adaptive" }],
  [{ output_config: { effort: "max" } }, { mode: "adaptive", effort: "max" }],
  [{ output_config: {} }, undefined],
])("reasoning of %j", (more, reasoning) => {
  expect(decode(more).reasoning).toEqual(reasoning);
});

test("the output format of the beta", () => {
  const format = { type: "json_schema", schema: { type: "object" } };
  expect(decode({ output_format: format }).outputFormat).toMatchObject({
    type: "json-schema",
    schema: { type: "object" },
  });
});

test("media from everywhere", () => {
  const base64 = (media_type: string) => ({ type: "base64", media_type, data: "AA==" });
  expect(
    parts(
      { type: "image", source: base64("image/png"), cache_control: { type: "ephemeral" } },
      { type: "image", source: { type: "url", url: "https://a/b" } },
      { type: "document", source: { type: "file", file_id: "f" } },
      { type: "document", source: { type: "url", url: "https://a/b" }, title: "T", context: "C" },
      { type: "document", source: base64("application/pdf"), citations: { enabled: true } },
      { type: "document", source: { type: "text", media_type: "text/plain", data: "words" } },
      { type: "document", source: { type: "content", content: "words" } },
    ),
  ).toEqual([
    {
      type: "image",
      source: { kind: "base64", mediaType: "image/png", data: "AA==" },
      cache: {},
    },
    { type: "image", source: { kind: "url", url: "https://a/b" } },
    { type: "document", source: { kind: "file", fileId: "f" } },
    {
      type: "document",
      source: { kind: "url", url: "https://a/b", mediaType: "application/pdf" },
      title: "T",
      context: "C",
    },
    {
      type: "document",
      source: { kind: "base64", mediaType: "application/pdf", data: "AA==" },
      citations: true,
    },
    { type: "document", source: { kind: "text", text: "words" } },
    {
      type: "document",
      source: { kind: "content", content: [{ type: "text", text: "words" }] },
    },
  ]);
});

test("a search result is a document", () => {
  const result = {
    type: "search_result",
    title: "T",
    source: "https://a",
    content: [{ type: "text", text: "found" }],
    citations: { enabled: true },
  };
  const document = {
    type: "document",
    source: { kind: "content", content: [{ type: "text", text: "found" }] },
    title: "T",
    context: "https://a",
    citations: true,
  };
  expect(parts(result, { type: "tool_result", tool_use_id: "t", content: [result] })).toEqual([
    document,
    { type: "tool-result", toolUseId: "t", content: [document] },
  ]);
});

test("a turn with thinking and tools, and the answer to it", () => {
  const citations = [{ type: "char_location" }];
  const { turns } = decode({
    messages: [
      { role: "user", content: "Hi" },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "Hm", signature: "S" },
          { type: "thinking", thinking: "Hm", signature: "" },
          { type: "redacted_thinking", data: "D" },
          { type: "text", text: "Look", citations },
          { type: "text", text: "!", citations: null },
          { type: "tool_use", id: "t", name: "a", input: { x: 1 } },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "t", content: "seen", is_error: true },
          { type: "tool_result", tool_use_id: "u" },
        ],
      },
    ],
  });
  expect(turns.slice(1)).toEqual([
    {
      role: "assistant",
      content: [
        { type: "thinking", text: "Hm", signature: "S" },
        { type: "thinking", text: "Hm" },
        { type: "redacted-thinking", data: "D" },
        { type: "text", text: "Look", citations },
        { type: "text", text: "!" },
        { type: "tool-use", id: "t", name: "a", input: { x: 1 } },
      ],
    },
    {
      role: "user",
      content: [
        {
          type: "tool-result",
          toolUseId: "t",
          content: [{ type: "text", text: "seen" }],
          isError: true,
        },
        { type: "tool-result", toolUseId: "u", content: [] },
      ],
    },
  ]);
});

test("instructions in the midst join the system prompt", () => {
  const { system, turns } = decode({
    system: "first",
    messages: [...BODY.messages, { role: "system", content: "then" }],
  });
  expect(system.map(({ text }) => text)).toEqual(["first", "then"]);
  expect(turns).toHaveLength(1);
});

const user = (...content: unknown[]) => ({ messages: [{ role: "user", content }] });

test.each<[number, string, object]>([
  [400, "max_tokens", { max_tokens: undefined }],
  [400, "messages", { messages: undefined }],
  [422, "max_tokens", { max_tokens: "9" }],
  [422, "max_tokens", { max_tokens: -1 }],
  [422, "messages", { messages: [] }],
  [422, "messages", { messages: {} }],
  [422, "messages[0].role", { messages: [{ role: "tool", content: "" }] }],
  [422, "messages[0].content", { messages: [{ role: "user" }] }],
  [422, "messages[0].content[1].type", user({ type: "text", text: "" }, { type: "video" })],
  [422, "messages[0].content[0].type", user({ text: "" })],
  [422, "messages[0].content[0].text", user({ type: "text" })],
  [422, "messages[0].content[0].source.type", user({ type: "image", source: { type: "ftp" } })],
  [
    422,
    "messages[0].content[0].content[0].type",
    user({
      type: "tool_result",
      tool_use_id: "t",
      content: [{ type: "thinking", thinking: "Hm" }],
    }),
  ],
  [422, "messages[0].content[0].type", user({ type: "server_tool_use", id: "s" })],
  [422, "messages[0].content[0].type", user({ type: "web_search_tool_result" })],
  [422, "system[0].type", { system: [{ type: "image" }] }],
  [422, "temperature", { temperature: "hot" }],
  [422, "stop_sequences[0]", { stop_sequences: [1] }],
  [422, "tools[0].type", { tools: [{ type: "web_search_20250305", name: "web_search" }] }],
  [422, "tools[0].input_schema", { tools: [{ name: "a" }] }],
  [422, "tool_choice.type", { tool_choice: { type: "required" } }],
  [422, "tool_choice.name", { tool_choice: { type: "tool" } }],
  [422, "thinking.budget_tokens", { thinking: { type: "enabled" } }],
  [422, "output_config.effort", { output_config: { effort: "much" } }],
  [422, "output_config.format.schema", { output_config: { format: { type: "json_schema" } } }],
  [422, "metadata.user_id", { metadata: { user_id: 1 } }],
])("%d at %s", (status, param, more) => {
  let thrown: unknown;
  try {
    decode(more);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(UserError);
  expect(thrown).toMatchObject({ status, param, message: expect.stringContaining(param) });
});
