import type { Conversation } from "../../conversation/conversation.ts";
import { UserError } from "../../lib/errors.ts";
import { anthropicConversation } from "./conversation.ts";

const talk = (more: Partial<Conversation> = {}): Conversation => ({
  model: "claude-sonnet-4-5",
  stream: false,
  system: [],
  turns: [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
  tools: [],
  vendor: {},
  ...more,
});

function encode(more: Partial<Conversation> = {}, prefix = "v1") {
  const { body, headers, ...rest } = anthropicConversation.encode(talk(more), { prefix });
  return { ...rest, headers: Object.fromEntries(headers), body: JSON.parse(body.toString()) };
}

test("a plain request", () => {
  expect(encode({ maxTokens: 5, stream: true })).toEqual({
    path: "/v1/messages",
    headers: { "content-type": "application/json", "anthropic-version": "2023-06-01" },
    dropped: [],
    body: {
      model: "claude-sonnet-4-5",
      max_tokens: 5,
      stream: true,
      messages: [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
    },
  });
});

test("the prefix leads the path", () => {
  expect(encode({}, "team/anthropic").path).toBe("/team/anthropic/messages");
});

test.each([
  ["claude-3-haiku-20240307", 4096],
  ["claude-3-5-sonnet-20241022", 8192],
  ["claude-sonnet-4-20250514", 32_000],
  ["claude-opus-4-8", 32_000],
  ["house-model", 4096],
])("%s may say up to %d tokens where the client sets no limit", (model, tokens) => {
  expect(encode({ model }).body.max_tokens).toBe(tokens);
});

test("turns alternate, begin with the user's and have tool results first", () => {
  const { body, dropped } = encode({
    turns: [
      { role: "assistant", content: [{ type: "text", text: "Welcome" }] },
      { role: "user", content: [{ type: "text", text: "  " }] },
      {
        role: "assistant",
        content: [{ type: "tool-use", id: "call 1", name: "a.b", input: { x: 1 } }],
      },
      { role: "user", content: [{ type: "text", text: "so?" }] },
      {
        role: "user",
        content: [
          {
            type: "tool-result",
            toolUseId: "call 1",
            isError: true,
            content: [{ type: "text", text: "no" }],
          },
        ],
      },
      { role: "assistant", content: [{ type: "text", text: "Well, \n" }] },
    ],
  });
  const [opening, called, answered, prefill] = body.messages;
  expect(opening).toMatchObject({ role: "user" });
  const id = called.content[1].id;
  expect(id).toMatch(/^call_1_[0-9a-f]{12}$/);
  expect(called).toEqual({
    role: "assistant",
    content: [
      { type: "text", text: "Welcome" },
      { type: "tool_use", id, name: expect.stringMatching(/^a_b_/), input: { x: 1 } },
    ],
  });
  expect(answered.content).toEqual([
    {
      type: "tool_result",
      tool_use_id: id,
      is_error: true,
      content: [{ type: "text", text: "no" }],
    },
    { type: "text", text: "so?" },
  ]);
  expect(prefill.content).toEqual([{ type: "text", text: "Well," }]);
  expect(dropped).toEqual(["messages: an empty user message"]);
});

test("media in every form that Anthropic reads", () => {
  const { body } = encode({
    turns: [
      {
        role: "user",
        content: [
          { type: "image", source: { kind: "base64", mediaType: "image/jpg", data: "AA==" } },
          { type: "image", source: { kind: "url", url: "https://a/b.png" }, cache: { ttl: "1h" } },
          { type: "image", source: { kind: "file", fileId: "file_1" } },
          {
            type: "document",
            source: { kind: "base64", mediaType: "application/pdf", data: "AA==" },
            title: "T",
            context: "C",
            citations: true,
          },
          {
            type: "document",
            source: { kind: "base64", mediaType: "text/csv; charset=utf-8", data: "YSxi" },
          },
        ],
      },
    ],
  });
  expect(body.messages[0].content).toEqual([
    { type: "image", source: { type: "base64", media_type: "image/jpeg", data: "AA==" } },
    {
      type: "image",
      source: { type: "url", url: "https://a/b.png" },
      cache_control: { type: "ephemeral", ttl: "1h" },
    },
    { type: "image", source: { type: "file", file_id: "file_1" } },
    {
      type: "document",
      source: { type: "base64", media_type: "application/pdf", data: "AA==" },
      title: "T",
      context: "C",
      citations: { enabled: true },
    },
    { type: "document", source: { type: "text", media_type: "text/plain", data: "a,b" } },
  ]);
});

test.each<[string, Partial<Conversation>, string]>([
  ["more than one answer", { candidates: 2 }, "n"],
  ["a temperature above 1", { temperature: 1.5 }, "temperature"],
  [
    "audio",
    {
      turns: [
        {
          role: "user",
          content: [
            { type: "audio", source: { kind: "base64", mediaType: "audio/wav", data: "AA==" } },
          ],
        },
      ],
    },
    "messages",
  ],
  [
    "a picture of an unknown kind",
    {
      turns: [
        {
          role: "user",
          content: [
            { type: "image", source: { kind: "base64", mediaType: "image/tiff", data: "AA==" } },
          ],
        },
      ],
    },
    "messages",
  ],
  ["no message", { turns: [] }, "messages"],
])("refuses %s", (_, more, param) => {
  let thrown: unknown;
  try {
    encode(more);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(UserError);
  expect(thrown).toMatchObject({ status: 422, param });
});

const tools = [{ name: "look", inputSchema: {} }];

test.each<[Partial<Conversation>, unknown]>([
  [{}, undefined],
  [{ toolChoice: { type: "none" }, parallelToolCalls: false }, { type: "none" }],
  [{ toolChoice: { type: "any" } }, { type: "any" }],
  [{ parallelToolCalls: false }, { type: "auto", disable_parallel_tool_use: true }],
  [
    { toolChoice: { type: "tool", name: "look" }, parallelToolCalls: false },
    { type: "tool", name: "look", disable_parallel_tool_use: true },
  ],
])("tool choice of %j", (more, choice) => {
  expect(encode({ tools, ...more }).body.tool_choice).toEqual(choice);
});

test("a tool choice without tools is left out", () => {
  expect(encode({ toolChoice: { type: "auto" } }).body).not.toHaveProperty("tool_choice");
});

test("strict tools are closed where the model can enforce them, and loose elsewhere", () => {
  const strict = [{ name: "look", inputSchema: { properties: {} }, strict: true }];
  expect(encode({ tools: strict }).body.tools).toEqual([
    {
      name: "look",
      input_schema: { type: "object", properties: {}, additionalProperties: false },
      strict: true,
    },
  ]);
  const old = encode({ model: "claude-3-5-haiku-20241022", tools: strict });
  expect(old.body.tools).toEqual([
    { name: "look", input_schema: { type: "object", properties: {} } },
  ]);
  expect(old.dropped).toEqual(["tools: strict"]);
});

test("a search of the web is a tool of Anthropic's", () => {
  const web_search_options = {
    search_context_size: "low",
    user_location: { type: "approximate", approximate: { country: "GB", city: "London" } },
  };
  const { body, dropped } = encode({ vendor: { web_search_options } });
  expect(body.tools).toEqual([
    {
      type: "web_search_20250305",
      name: "web_search",
      user_location: { type: "approximate", country: "GB", city: "London" },
    },
  ]);
  expect(dropped).toEqual(["web_search_options.search_context_size"]);
  const own = encode({
    tools: [{ name: "web_search", inputSchema: {} }],
    vendor: { web_search_options: {} },
  });
  expect(own.body.tools).toHaveLength(1);
  expect(own.dropped).toEqual(["web_search_options"]);
});

test("Anthropic's own tools go by, those of other vendors do not", () => {
  const search = { type: "web_search_20250305", name: "web_search" };
  const { body, dropped } = encode({ vendor: { tools: [search, { type: "web_search_preview" }] } });
  expect(body.tools).toEqual([search]);
  expect(dropped).toEqual(["tools: of unknown types"]);
});

test.each<[string, Partial<Conversation>, object]>([
  [
    "claude-sonnet-4-5",
    { reasoning: { mode: "enabled", effort: "high" } },
    { thinking: { type: "enabled", budget_tokens: 16_384 } },
  ],
  ["claude-sonnet-4-5", { reasoning: { mode: "enabled", effort: "low" }, maxTokens: 900 }, {}],
  [
    "claude-sonnet-4-5",
    { reasoning: { mode: "enabled", effort: "none" } },
    { thinking: { type: "disabled" } },
  ],
  [
    "claude-sonnet-4-5",
    { reasoning: { mode: "enabled", budgetTokens: 2000 } },
    { thinking: { type: "enabled", budget_tokens: 2000 } },
  ],
  [
    "claude-opus-4-5",
    { reasoning: { mode: "enabled", effort: "max" } },
    { thinking: { type: "enabled", budget_tokens: 24_576 }, output_config: { effort: "high" } },
  ],
  [
    "claude-sonnet-4-6",
    { reasoning: { mode: "enabled", effort: "minimal" } },
    { thinking: { type: "adaptive" }, output_config: { effort: "low" } },
  ],
  [
    "claude-sonnet-4-6",
    { reasoning: { mode: "enabled", budgetTokens: 2000 } },
    { thinking: { type: "enabled", budget_tokens: 2000 } },
  ],
  [
    "claude-opus-5",
    { reasoning: { mode: "enabled", budgetTokens: 2000 } },
    { thinking: { type: "adaptive" } },
  ],
  [
    "claude-opus-4-7",
    { reasoning: { mode: "enabled", effort: "xhigh" }, tools, toolChoice: { type: "any" } },
    { output_config: { effort: "xhigh" } },
  ],
  ["claude-3-5-haiku", { reasoning: { mode: "enabled", effort: "high" } }, {}],
])("%s asked to reason by %j", (model, more, wanted) => {
  const { thinking, output_config } = encode({ model, ...more }).body;
  expect({ thinking, output_config }).toEqual({
    thinking: undefined,
    output_config: undefined,
    ...wanted,
  });
});

test.each<[string, Partial<Conversation>, object, string[]]>([
  [
    "claude-3-5-haiku",
    { temperature: 0.5, topP: 0.5, topK: 3 },
    { temperature: 0.5, top_p: 0.5, top_k: 3 },
    [],
  ],
  ["claude-sonnet-4-5", { temperature: 1, topP: 1 }, { temperature: 1 }, ["top_p"]],
  ["claude-opus-4-8", { temperature: 1.5, topK: 3 }, {}, ["temperature", "top_k"]],
  [
    "claude-sonnet-4-6",
    { temperature: 0, topP: 0.99, topK: 1, reasoning: { mode: "adaptive" } },
    { top_p: 0.99 },
    ["temperature", "top_k"],
  ],
])("%s with sampling parameters %j", (model, more, taken, left) => {
  const { body, dropped } = encode({ model, ...more });
  const { temperature, top_p, top_k } = body;
  expect(JSON.parse(JSON.stringify({ temperature, top_p, top_k }))).toEqual(taken);
  expect(dropped).toEqual(left);
});

test("a schema for the answer says that its objects are closed", () => {
  const schema = {
    type: "object",
    properties: {
      list: { items: { anyOf: [{ type: "object", properties: {} }, { type: "null" }] } },
    },
    $defs: { open: { type: "object", additionalProperties: { type: "string" } } },
  };
  const { format } = encode({ outputFormat: { type: "json-schema", name: "n", schema } }).body
    .output_config;
  expect(format).toEqual({
    type: "json_schema",
    schema: {
      type: "object",
      additionalProperties: false,
      properties: {
        list: {
          items: {
            anyOf: [
              { type: "object", properties: {}, additionalProperties: false },
              { type: "null" },
            ],
          },
        },
      },
      $defs: { open: { type: "object", additionalProperties: { type: "string" } } },
    },
  });
});

test("what cannot be enforced of a schema is told", () => {
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: ["object", "null"],
    properties: {
      age: { type: "integer", description: "In years.", minimum: 0 },
      mail: { type: "string", format: "email", maxLength: 9 },
      tags: { type: "array", minItems: 1, items: { type: "string", format: "color" } },
      list: { type: "array", minItems: 3, items: { oneOf: [{ const: 1 }, { $ref: "#/$defs/a" }] } },
    },
    $defs: { a: { enum: ["a"] } },
  };
  const { format } = encode({ outputFormat: { type: "json-schema", name: "n", schema } }).body
    .output_config;
  expect(format.schema).toEqual({
    type: ["object", "null"],
    properties: {
      age: { type: "integer", description: 'In years.\n\nHas to satisfy: {"minimum":0}' },
      mail: { type: "string", format: "email", description: 'Has to satisfy: {"maxLength":9}' },
      tags: {
        type: "array",
        minItems: 1,
        items: { type: "string", description: 'Has to satisfy: {"format":"color"}' },
      },
      list: {
        type: "array",
        description: 'Has to satisfy: {"minItems":3}',
        items: { anyOf: [{ const: 1 }, { $ref: "#/$defs/a" }] },
      },
    },
    $defs: { a: { enum: ["a"] } },
    additionalProperties: false,
  });
});

test("of more than four cache breakpoints the last four stay", () => {
  const cache = {};
  const { body, dropped } = encode({
    system: [{ type: "text", text: "s", cache }],
    tools: [{ name: "look", inputSchema: {}, cache }],
    turns: [
      { role: "user", content: ["1", "2", "3"].map((text) => ({ type: "text", text, cache })) },
    ],
  });
  expect(body.tools[0]).not.toHaveProperty("cache_control");
  expect(JSON.stringify(body).match(/cache_control/g)).toHaveLength(4);
  expect(dropped).toEqual(["cache_control: more than four"]);
});

test("what has no place is named, what is Anthropic's own goes by", () => {
  const { body, headers, dropped } = encode({
    seed: 1,
    logprobs: {},
    frequencyPenalty: 1,
    metadata: { a: "b" },
    userId: "u",
    serviceTier: "default",
    outputFormat: { type: "json-object" },
    stop: ["END", " "],
    vendor: { anthropic_beta: ["a", "b"], inference_geo: "us", logit_bias: {} },
  });
  expect(dropped.toSorted()).toEqual([
    "frequency_penalty",
    "logit_bias",
    "logprobs",
    "metadata",
    "response_format",
    "seed",
    "stop: white space",
  ]);
  expect(headers["anthropic-beta"]).toBe("a,b");
  expect(body).toMatchObject({
    metadata: { user_id: "u" },
    service_tier: "standard_only",
    inference_geo: "us",
    stop_sequences: ["END"],
  });
});
