import { inputTokens, tokens } from "../script.ts";
import type { StandIn } from "../standin.ts";
import { ANTHROPIC_KEY, ANTHROPIC_MODELS, startAnthropic } from "./server.ts";
import { sign } from "./signature.ts";

let standIn: StandIn;

beforeAll(async () => {
  standIn = await startAnthropic();
});

afterAll(() => standIn.close());

const HEADERS = { "x-api-key": ANTHROPIC_KEY, "anthropic-version": "2023-06-01" };
const HELLO = { role: "user", content: "Hello" };
const CALL = { type: "tool_use", id: "toolu_1", name: "f", input: {} };
const RESULT = { type: "tool_result", tool_use_id: "toolu_1", content: "42" };
const TOOL = { name: "f", input_schema: { type: "object" } };
const THINKING = { type: "thinking", thinking: "hm", signature: sign("hm") };
const DOCUMENT = { type: "text", media_type: "text/plain", data: "a" };
const CITATION = {
  type: "char_location",
  cited_text: "a",
  document_index: 0,
  document_title: null,
  start_char_index: 0,
  end_char_index: 1,
};
const thinks = { max_tokens: 3000, thinking: { type: "enabled", budget_tokens: 1024 } };
const text = (count: number) =>
  Array.from({ length: count }, () => ({
    type: "text",
    text: "a",
    cache_control: { type: "ephemeral" },
  }));

interface Answered {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are compared, not computed with
  json: any;
}

async function post(
  body: unknown,
  headers: Record<string, string> = HEADERS,
  path = "/v1/messages",
): Promise<Answered> {
  const response = await fetch(standIn.url + path, {
    method: "POST",
    headers,
    body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
  });
  return { status: response.status, json: await response.json() };
}

const base = { model: "claude-haiku-4-5", max_tokens: 100, messages: [HELLO] };
const message = (fields: object) => post({ ...base, ...fields });

const reply = (assistant: unknown, user: unknown) => ({
  messages: [HELLO, { role: "assistant", content: assistant }, { role: "user", content: user }],
});

describe("refuses, in the vendor's words", () => {
  test.each<[string, object, string | RegExp]>([
    ["a missing limit", { max_tokens: undefined }, "max_tokens: Field required"],
    ["an unknown field", { foo: 1 }, "foo: Extra inputs are not permitted"],
    [
      "another vendor's field in a message",
      { messages: [{ ...HELLO, name: "a" }] },
      "messages.0.name: Extra inputs are not permitted",
    ],
    [
      "an unknown field of a block",
      { messages: [{ role: "user", content: [{ type: "text", text: "a", foo: 1 }] }] },
      "messages.0.content.0.text.foo: Extra inputs are not permitted",
    ],
    [
      "an unknown field of a cache breakpoint",
      { system: [{ type: "text", text: "a", cache_control: { type: "ephemeral", scope: "x" } }] },
      "system.0.text.cache_control.ephemeral.scope: Extra inputs are not permitted",
    ],
    [
      "an unknown kind of block",
      { messages: [{ role: "user", content: [{ type: "image_url" }] }] },
      "messages.0.content.0: Input tag 'image_url' found using 'type' does not match any of the expected tags",
    ],
    [
      "content of a wrong type",
      { messages: [{ role: "user", content: 7 }] },
      "messages.0.content: Input should be a valid string or array",
    ],
    ["no messages", { messages: [] }, "messages: at least one message is required"],
    [
      "an unknown role",
      { messages: [{ role: "tool", content: "a" }] },
      "messages.0.role: Input should be 'user', 'assistant' or 'system'",
    ],
    [
      "a system message of a model that takes none",
      { messages: [HELLO, { role: "system", content: "a" }] },
      "messages.1.role: Input should be 'user' or 'assistant'",
    ],
    [
      "an assistant who begins",
      { messages: [{ role: "assistant", content: "a" }] },
      'messages: first message must use the "user" role',
    ],
    [
      "an empty text",
      { messages: [{ role: "user", content: [{ type: "text", text: "" }] }] },
      "messages: text content blocks must be non-empty",
    ],
    ["an empty message", reply("a", ""), /^messages\.2: all messages must have non-empty content/],
    [
      "too high a temperature",
      { temperature: 1.5 },
      "temperature: Input should be less than or equal to 1",
    ],
    [
      "two ways of sampling",
      { temperature: 0.5, top_p: 0.5 },
      "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
    ],
    [
      "sampling of a model without",
      { model: "claude-opus-4-8", temperature: 1 },
      "`temperature` is deprecated for this model.",
    ],
    ["text for a number", { max_tokens: "5" }, "max_tokens: Input should be a valid number"],
    [
      "too many tokens",
      { max_tokens: 100_000 },
      "max_tokens: 100000 > 64000, which is the maximum allowed number of output tokens for claude-haiku-4-5",
    ],
    [
      "a call without a result",
      reply([CALL], "go on"),
      /^messages\.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1\./,
    ],
    [
      "a result without a call",
      reply("a", [RESULT]),
      /^messages\.2\.content\.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_1\./,
    ],
    [
      "a result after other words",
      reply([CALL], [{ type: "text", text: "a" }, RESULT]),
      "messages.2.content.1: `tool_result` blocks must come first in a message",
    ],
    ["two results of a call", reply([CALL], [RESULT, RESULT]), /must have a single result/],
    [
      "arguments in text",
      reply([{ ...CALL, input: "{}" }], [RESULT]),
      "messages.1.content.0.tool_use.input: Input should be a valid dictionary",
    ],
    [
      "an id of another alphabet",
      reply([{ ...CALL, id: "a.b" }], [RESULT]),
      "messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'",
    ],
    [
      "a call by the user",
      { messages: [{ role: "user", content: [CALL] }] },
      "messages.0.content.0: `tool_use` blocks can only be in `assistant` messages",
    ],
    [
      "a tool without a schema",
      { tools: [{ name: "f" }] },
      "tools.0.custom.input_schema: Field required",
    ],
    ["two tools of one name", { tools: [TOOL, TOOL] }, "tools: Tool names must be unique."],
    [
      "a choice without tools",
      { tool_choice: { type: "auto" } },
      "tool_choice may only be specified while providing tools.",
    ],
    [
      "an image in broken base64",
      {
        messages: [
          {
            role: "user",
            content: [
              { type: "image", source: { type: "base64", media_type: "image/png", data: "#" } },
            ],
          },
        ],
      },
      "messages.0.content.0.image.source.base64.data: Invalid base64 data",
    ],
    [
      "five cache breakpoints",
      { messages: [{ role: "user", content: text(5) }] },
      "A maximum of 4 blocks with cache_control may be provided. Found 5.",
    ],
    [
      "a small budget",
      { max_tokens: 3000, thinking: { type: "enabled", budget_tokens: 100 } },
      "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
    ],
    [
      "a budget above the limit",
      { thinking: { type: "enabled", budget_tokens: 1024 } },
      "`max_tokens` must be greater than `thinking.budget_tokens`.",
    ],
    [
      "thinking at a low temperature",
      { ...thinks, temperature: 0 },
      "`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.",
    ],
    [
      "thinking with a forced tool",
      { ...thinks, tools: [TOOL], tool_choice: { type: "any" } },
      "Thinking may not be enabled when tool_choice forces tool use.",
    ],
    [
      "a budget where thinking is adaptive",
      { ...thinks, model: "claude-opus-4-8" },
      /^"thinking\.type\.enabled" is not supported/,
    ],
    [
      "a tampered signature",
      reply(
        [
          { ...THINKING, signature: sign("ho") },
          { type: "text", text: "a" },
        ],
        "b",
      ),
      "messages.1.content.0: Invalid `signature` in `thinking` block",
    ],
    [
      "a signature cut short",
      reply([{ ...THINKING, signature: THINKING.signature.slice(4) }], "b"),
      "messages.1.content.0: Invalid `signature` in `thinking` block",
    ],
    [
      "a tool turn without its thinking",
      { ...thinks, ...reply([CALL], [RESULT]) },
      /^messages\.1\.content\.0\.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`\./,
    ],
    [
      "a prefill that ends in a space",
      { messages: [HELLO, { role: "assistant", content: "a " }] },
      "messages: final assistant content cannot end with trailing whitespace",
    ],
    [
      "a prefill where there are none",
      { model: "claude-opus-4-8", messages: [HELLO, { role: "assistant", content: "a" }] },
      /^This model does not support assistant message prefill\./,
    ],
    [
      "an open schema",
      { output_config: { format: { type: "json_schema", schema: { type: "object" } } } },
      /'additionalProperties' must be explicitly set to false$/,
    ],
  ])("%s", async (_, fields, expected) => {
    const { status, json } = await message(fields);
    expect(json.error?.message).toEqual(
      typeof expected === "string" ? expected : expect.stringMatching(expected),
    );
    expect(status).toBe(400);
    expect(json).toMatchObject({
      type: "error",
      error: { type: "invalid_request_error" },
      request_id: expect.any(String),
    });
  });

  test.each<[string, string | Uint8Array]>([
    ["broken JSON", '{"model":'],
    [
      "invalid UTF-8",
      Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')]),
    ],
  ])("%s", async (_, body) => {
    const { status, json } = await post(body);
    expect([status, json.error.type]).toEqual([400, "invalid_request_error"]);
  });

  test.each<[string, Record<string, string>, number, string]>([
    ["no key", { "anthropic-version": "2023-06-01" }, 401, "x-api-key header is required"],
    ["a wrong key", { ...HEADERS, "x-api-key": "x" }, 401, "invalid x-api-key"],
    ["a second key", { ...HEADERS, authorization: "Bearer x" }, 401, "invalid x-api-key"],
    ["no version", { "x-api-key": ANTHROPIC_KEY }, 400, "anthropic-version: header is required"],
    [
      "a wrong version",
      { ...HEADERS, "anthropic-version": "bedrock-2023-05-31" },
      400,
      'anthropic-version: "bedrock-2023-05-31" is not a valid version',
    ],
  ])("%s", async (_, headers, status, expected) => {
    const answered = await post(base, headers);
    expect([answered.status, answered.json.error.message]).toEqual([status, expected]);
  });

  test.each<[string, object, RegExp]>([
    ["sampling", { temperature: 1 }, /^temperature: Extra inputs are not permitted$/],
    [
      "documents of the assistant",
      reply([{ type: "document", source: DOCUMENT }], "b"),
      /^messages\.1\.content\.0: `document` blocks/,
    ],
    [
      "citations of the user",
      {
        messages: [{ role: "user", content: [{ type: "text", text: "a", citations: [CITATION] }] }],
      },
      /^messages\.0\.content\.0: `citations`/,
    ],
  ])("%s, from version 2026-10-21 on", async (_, fields, expected) => {
    const body = { ...base, ...fields };
    expect((await post(body)).status).toBe(200);
    const later = { ...HEADERS, "anthropic-version": "2026-10-21" };
    const { status, json } = await post(body, later);
    expect([status, json.error?.message]).toEqual([400, expect.stringMatching(expected)]);
  });

  test("an unknown model", async () => {
    const { status, json } = await message({ model: "claude-0" });
    expect(status).toBe(404);
    expect(json.error).toEqual({ type: "not_found_error", message: "model: claude-0" });
  });

  test("what counting tokens does not take", async () => {
    const { json } = await post(base, HEADERS, "/v1/messages/count_tokens");
    expect(json.error.message).toBe("max_tokens: Extra inputs are not permitted");
  });
});

test("takes the key as a bearer token as well", async () => {
  const headers = { authorization: `Bearer ${ANTHROPIC_KEY}`, "anthropic-version": "2026-10-21" };
  expect((await post(base, headers)).status).toBe(200);
});

test("a request with every documented field of its kind is served", async () => {
  const { status, json } = await message({
    max_tokens: 2000,
    system: [{ type: "text", text: "Be brief." }],
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "Look" },
          { type: "image", source: { type: "url", url: "https://example.com/a.png" } },
        ],
      },
      { role: "user", content: "please" },
      {
        role: "assistant",
        content: [THINKING, { type: "text", text: "a" }, { ...CALL, caller: { type: "direct" } }],
      },
      {
        role: "user",
        content: [{ ...RESULT, is_error: false, content: [{ type: "text", text: "42" }] }],
      },
    ],
    metadata: { user_id: "u" },
    service_tier: "auto",
    stop_sequences: ["never"],
    stream: false,
    temperature: 1,
    thinking: { type: "enabled", budget_tokens: 1024, display: "summarized" },
    tool_choice: { type: "auto", disable_parallel_tool_use: true },
    tools: [
      {
        ...TOOL,
        type: "custom",
        description: "d",
        strict: true,
        cache_control: { type: "ephemeral", ttl: "1h" },
      },
      { type: "web_search_20250305", name: "web_search", max_uses: 1 },
    ],
  });
  expect(json.error).toBeUndefined();
  expect(status).toBe(200);
  expect(json).toMatchObject({
    type: "message",
    role: "assistant",
    stop_reason: "end_turn",
    stop_sequence: null,
    content: [
      { type: "thinking", signature: expect.any(String) },
      { type: "text", text: "The tools said: 42" },
    ],
  });
});

test("tokens can be foretold from the texts, and are counted the same beforehand", async () => {
  const { json } = await message({ system: "Be brief." });
  const input = inputTokens({ texts: ["Be brief.", "Hello"], images: 0 });
  expect(json.usage).toMatchObject({
    input_tokens: input,
    output_tokens: tokens("You said: Hello"),
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
  });
  const { max_tokens, ...countable } = base;
  const counted = await post(
    { ...countable, system: "Be brief." },
    HEADERS,
    "/v1/messages/count_tokens",
  );
  expect(counted.json).toEqual({ input_tokens: input });
});

test("a prompt is created in the cache once and read from it ever after", async () => {
  const system = [
    { type: "text", text: "word ".repeat(400), cache_control: { type: "ephemeral", ttl: "1h" } },
  ];
  const cached = tokens("word ".repeat(400));
  expect((await message({ system })).json.usage).toMatchObject({
    input_tokens: tokens("Hello"),
    cache_creation_input_tokens: cached,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: cached },
    cache_read_input_tokens: 0,
  });
  expect((await message({ system })).json.usage).toMatchObject({
    input_tokens: tokens("Hello"),
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
  });
});

async function streamed(
  fields: object,
): Promise<{ name: string; data: Record<string, unknown> }[]> {
  const response = await fetch(`${standIn.url}/v1/messages`, {
    method: "POST",
    headers: HEADERS,
    body: JSON.stringify({ ...base, stream: true, ...fields }),
  });
  const events = (await response.text()).split("\n\n").slice(0, -1);
  return events.map((event) => {
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
    return { name: name ?? "", data: JSON.parse(data ?? "null") };
  });
}

test("a stream with thinking: every event in its order", async () => {
  const events = await streamed(thinks);
  expect(events.every(({ name, data }) => data.type === name)).toBe(true);
  expect(events.map(({ name }) => name)).toEqual([
    "message_start",
    "content_block_start",
    "ping",
    ...Array.from({ length: 5 }, () => "content_block_delta"),
    "content_block_stop",
    "content_block_start",
    ...Array.from({ length: 3 }, () => "content_block_delta"),
    "content_block_stop",
    "message_delta",
    "message_stop",
  ]);
  expect(events[7]?.data).toMatchObject({
    index: 0,
    delta: { type: "signature_delta", signature: sign("The user said: Hello") },
  });
  const thinking = tokens("The user said: Hello");
  expect(events.at(-2)?.data).toMatchObject({
    delta: { stop_reason: "end_turn", stop_sequence: null },
    usage: {
      output_tokens: thinking + tokens("You said: Hello"),
      output_tokens_details: { thinking_tokens: thinking },
    },
  });
});

test("an error in the midst of a stream is an event of its own", async () => {
  standIn.fail({ kind: "stream-error", afterEvents: 3 });
  const events = await streamed({});
  expect(events).toHaveLength(4);
  expect(events[3]).toEqual({
    name: "error",
    data: { type: "error", error: { type: "overloaded_error", message: expect.any(String) } },
  });
});

test("documents are cited, thinking is hidden or redacted, and refusals are told", async () => {
  const source = { type: "text", media_type: "text/plain", data: "Water boils at 100 degrees." };
  const cited = await message({
    messages: [
      {
        role: "user",
        content: [
          { type: "document", source, title: "Water", citations: { enabled: true } },
          { type: "text", text: "Hello" },
        ],
      },
    ],
  });
  expect(cited.json.content[1].citations).toEqual([
    {
      type: "char_location",
      cited_text: source.data,
      document_index: 0,
      document_title: "Water",
      start_char_index: 0,
      end_char_index: source.data.length,
      file_id: null,
    },
  ]);

  const omitted = await message({ model: "claude-opus-4-8", thinking: { type: "adaptive" } });
  expect(omitted.json.content[0]).toMatchObject({ type: "thinking", thinking: "" });
  expect(omitted.json.content[0].signature).toBe(sign("The user said: Hello"));

  const redacted = await message({
    ...thinks,
    messages: [{ role: "user", content: "hide your thinking" }],
  });
  expect(redacted.json.content[0]).toMatchObject({ type: "redacted_thinking" });

  const refused = await message({ messages: [{ role: "user", content: "refuse" }] });
  expect(refused.json).toMatchObject({ stop_reason: "refusal", stop_details: { type: "refusal" } });
});

test("an overload that it was told of, in the vendor's shape", async () => {
  standIn.fail({ kind: "status", status: 529 });
  expect(await message({})).toMatchObject({
    status: 529,
    json: { type: "error", error: { type: "overloaded_error" } },
  });
});

test("lists its models", async () => {
  const response = await fetch(`${standIn.url}/v1/models`, { headers: HEADERS });
  const { data, has_more } = (await response.json()) as {
    data: { id: string }[];
    has_more: boolean;
  };
  expect(data.map(({ id }) => id)).toEqual(ANTHROPIC_MODELS);
  expect(has_more).toBe(false);
});
