import type { Conversation, Part } from "../../conversation/conversation.ts";
import { isEnforceable } from "../../conversation/openai/schema.ts";
import { UserError } from "../../lib/errors.ts";
import { openAiConversation } from "./conversation.ts";

const encode = (more: Partial<Conversation>, prefix = "v1") => {
  const { body, ...request } = openAiConversation.encode(
    {
      model: "gpt-4o",
      stream: false,
      system: [],
      turns: [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
      tools: [],
      vendor: {},
      ...more,
    },
    { prefix },
  );
  return { ...request, body: JSON.parse(body.toString()) };
};
const said = (role: "user" | "assistant", ...content: Part[]) => [{ role, content }];

test.each([
  ["v1", "/v1/chat/completions"],
  ["gateway/v1", "/gateway/v1/chat/completions"],
  ["", "/chat/completions"],
])("below the prefix %p", (prefix, path) => expect(encode({}, prefix).path).toBe(path));

test("a stream is asked for its usage", () => {
  expect(encode({ stream: true }).body).toMatchObject({
    stream: true,
    stream_options: { include_usage: true },
  });
});

describe("how much to think", () => {
  test.each([
    ["gpt-4o", { mode: "enabled", budgetTokens: 4096 }, {}, ["reasoning"]],
    ["gpt-4o", { mode: "disabled" }, {}, []],
    ["gpt-5-mini", { mode: "disabled" }, { reasoning_effort: "none" }, []],
    ["o4-mini", { mode: "enabled", budgetTokens: 1024 }, { reasoning_effort: "low" }, []],
    ["openai/gpt-5", { mode: "enabled", budgetTokens: 9000 }, { reasoning_effort: "high" }, []],
    ["o3", { mode: "adaptive" }, { reasoning_effort: "medium" }, []],
    ["o3", { mode: "adaptive", effort: "xhigh" }, { reasoning_effort: "xhigh" }, []],
    ["qwen3", { mode: "adaptive", effort: "low" }, { reasoning_effort: "low" }, []],
    [
      "deepseek-chat",
      { mode: "enabled", budgetTokens: 2000 },
      { thinking: { type: "enabled", budget_tokens: 2000 } },
      [],
    ],
  ] as const)("%s %j", (model, reasoning, fields, left) => {
    const { body, dropped } = encode({ model, reasoning });
    const { reasoning_effort, thinking } = body;
    expect(JSON.parse(JSON.stringify({ reasoning_effort, thinking }))).toEqual(fields);
    expect(dropped).toEqual(left);
  });
});

test("thoughts go back to the servers that show theirs, signed where they were", () => {
  const turns = said(
    "assistant",
    { type: "thinking", text: "Hm", signature: "s" },
    { type: "redacted-thinking", data: "r" },
    { type: "text", text: "Yes" },
  );
  expect(encode({ model: "some-model", turns }).body.messages).toEqual([
    {
      role: "assistant",
      content: "Yes",
      reasoning_content: "Hm",
      thinking_blocks: [
        { type: "thinking", thinking: "Hm", signature: "s" },
        { type: "redacted_thinking", data: "r" },
      ],
    },
  ]);
  expect(encode({ turns })).toMatchObject({
    body: { messages: [{ role: "assistant", content: "Yes" }] },
    dropped: ["messages: thinking", "messages: beginning of the answer"],
  });
});

test("what a model wrote that was no JSON goes back as it was", () => {
  const turns = said("assistant", { type: "tool-use", id: "1", name: "f", input: '{"a":' });
  const [message] = encode({ turns }).body.messages;
  expect(message.tool_calls[0].function.arguments).toBe('{"a":');
  expect(message.content).toBeNull();
});

test.each<[string, Partial<Conversation>, string]>([
  ["servers of tools", { vendor: { mcp_servers: [{}] } }, "mcp_servers"],
  ["a container", { vendor: { container: "c" } }, "container"],
  [
    "a document behind a URL",
    {
      turns: said("user", {
        type: "document",
        source: { kind: "url", url: "https://example.com/a.pdf" },
      }),
    },
    "messages",
  ],
  [
    "another provider's file",
    { turns: said("user", { type: "image", source: { kind: "file", fileId: "f" } }) },
    "messages",
  ],
  [
    "audio in a format of its own",
    {
      turns: said("user", {
        type: "audio",
        source: { kind: "base64", mediaType: "audio/ogg", data: "AA==" },
      }),
    },
    "messages",
  ],
  [
    "a video",
    { turns: said("user", { type: "video", source: { kind: "url", url: "https://e.com/v" } }) },
    "messages",
  ],
])("%s is refused", (_, more, param) => {
  expect(() => encode(more)).toThrow(UserError);
  expect(() => encode(more)).toThrow(expect.objectContaining({ status: 422, param }));
});

test("what only other vendors know is left out, and said to be", () => {
  const { body, dropped } = encode({
    topK: 3,
    metadata: { a: "b" },
    serviceTier: "reserved",
    vendor: { verbosity: "low", context_management: {}, anthropic_beta: ["x"] },
  });
  expect(body).toMatchObject({ verbosity: "low" });
  expect(Object.keys(body)).toEqual(["model", "messages", "verbosity"]);
  expect(dropped).toEqual([
    "service_tier",
    "top_k",
    "metadata",
    "context_management",
    "anthropic_beta",
  ]);
});

const closed = {
  type: "object",
  properties: { a: {} },
  required: ["a"],
  additionalProperties: false,
};
test.each([
  [closed, true],
  [{ ...closed, required: [] }, false],
  [{ ...closed, additionalProperties: undefined }, false],
  [{ type: "array", items: closed }, true],
  [{ type: "array", items: { type: "object" } }, false],
  [{ anyOf: [closed, { type: "null" }], $defs: { b: { properties: {} } } }, false],
])("%j can be enforced: %p", (schema, expected) => expect(isEnforceable(schema)).toBe(expected));
