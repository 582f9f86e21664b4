import { tokens } from "../script.ts";
import type { StandIn } from "../standin.ts";
import { OPENAI_KEY, OPENAI_MODELS, startOpenAi } from "./server.ts";

let standIn: StandIn;

beforeAll(async () => {
  standIn = await startOpenAi();
});

afterAll(() => standIn.close());

const HELLO = { role: "user", content: "Hello" };
const CALL = { id: "call_1", type: "function", function: { name: "f", arguments: "{}" } };
const TOOL = { type: "function", function: { name: "f", parameters: { type: "object" } } };

interface Answered {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are compared, not computed with
  json: any;
}

async function post(body: unknown, headers: Record<string, string> = {}): Promise<Answered> {
  const response = await fetch(`${standIn.url}/v1/chat/completions`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${OPENAI_KEY}`,
      "content-type": "application/json",
      ...headers,
    },
    body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
  });
  return { status: response.status, json: await response.json() };
}

const chat = (fields: object) => post({ model: "gpt-4o", messages: [HELLO], ...fields });

describe("refuses, in the vendor's words", () => {
  test.each<[string, object, string, string | null, string | null]>([
    ["an unknown field", { foo: 1 }, "Unrecognized request argument supplied: foo", null, null],
    [
      "an unknown field within a message",
      { messages: [{ ...HELLO, foo: 1 }] },
      "Unknown parameter: 'messages[0].foo'.",
      "messages[0].foo",
      "unknown_parameter",
    ],
    [
      "another vendor's field within a part",
      { messages: [{ role: "user", content: [{ type: "text", text: "a", cache_control: {} }] }] },
      "Unknown parameter: 'messages[0].content[0].cache_control'.",
      "messages[0].content[0].cache_control",
      "unknown_parameter",
    ],
    [
      "missing messages",
      { messages: undefined },
      "Missing required parameter: 'messages'.",
      "messages",
      "missing_required_parameter",
    ],
    [
      "no messages",
      { messages: [] },
      "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
      "messages",
      "empty_array",
    ],
    ["a missing model", { model: undefined }, "you must provide a model parameter", null, null],
    [
      "an unknown role",
      { messages: [{ role: "robot", content: "a" }] },
      "Invalid value: 'robot'.",
      "messages[0].role",
      "invalid_value",
    ],
    [
      "content of a wrong type",
      { messages: [{ role: "user", content: 7 }] },
      "Invalid type for 'messages[0].content': expected one of a string or an array, but got an integer instead.",
      "messages[0].content",
      "invalid_type",
    ],
    [
      "an unknown kind of part",
      { messages: [{ role: "user", content: [{ type: "video", video: {} }] }] },
      "Invalid value: 'video'.",
      "messages[0].content[0].type",
      "invalid_value",
    ],
    [
      "a wrong type",
      { temperature: "hot" },
      "Invalid type for 'temperature': expected a decimal, but got a string instead.",
      "temperature",
      "invalid_type",
    ],
    [
      "too high a temperature",
      { temperature: 2.5 },
      "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5 instead.",
      "temperature",
      "decimal_above_max_value",
    ],
    [
      "n of 0",
      { n: 0 },
      "Invalid 'n': integer below minimum value. Expected a value >= 1, but got 0 instead.",
      "n",
      "integer_below_min_value",
    ],
    [
      "a fractional n",
      { n: 1.5 },
      "Invalid type for 'n': expected an integer, but got a decimal number instead.",
      "n",
      "invalid_type",
    ],
    [
      "five stop sequences",
      { stop: ["a", "b", "c", "d", "e"] },
      "Invalid 'stop': array too long. Expected an array with maximum length 4, but got an array with length 5 instead.",
      "stop",
      "array_above_max_length",
    ],
    [
      "stream_options without a stream",
      { stream_options: { include_usage: true } },
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
      "stream_options",
      null,
    ],
    [
      "tool_choice without tools",
      { tool_choice: "auto" },
      "'tool_choice' is only allowed when 'tools' are specified.",
      "tool_choice",
      null,
    ],
    [
      "a choice of a tool that is not offered",
      { tools: [TOOL], tool_choice: { type: "function", function: { name: "g" } } },
      "Invalid value for 'tool_choice': no function named 'g' was specified in the 'tools' parameter.",
      "tool_choice",
      null,
    ],
    [
      "a tool's name with a space",
      { tools: [{ type: "function", function: { name: "a b" } }] },
      "Invalid 'tools[0].function.name': string does not match pattern. Expected a string that matches the pattern '/^[a-zA-Z0-9_-]{1,64}$/'.",
      "tools[0].function.name",
      "invalid_value",
    ],
    [
      "a tool result that answers nothing",
      { messages: [HELLO, { role: "tool", tool_call_id: "x", content: "" }] },
      "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
      "messages.[1].role",
      null,
    ],
    [
      "a tool call without an answer",
      { messages: [HELLO, { role: "assistant", tool_calls: [CALL] }, HELLO] },
      "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: call_1",
      "messages.[2].role",
      null,
    ],
    [
      "an assistant's message without content",
      { messages: [HELLO, { role: "assistant", content: null }] },
      "Invalid value for 'content': expected a string, got null.",
      "messages.[1].content",
      null,
    ],
    [
      "arguments that are no text",
      {
        messages: [
          HELLO,
          { role: "assistant", tool_calls: [{ ...CALL, function: { name: "f", arguments: {} } }] },
        ],
      },
      "Invalid type for 'messages[1].tool_calls[0].function.arguments': expected a string, but got an object instead.",
      "messages[1].tool_calls[0].function.arguments",
      "invalid_type",
    ],
    [
      "a schema without a name",
      { response_format: { type: "json_schema", json_schema: { schema: {} } } },
      "Missing required parameter: 'response_format.json_schema.name'.",
      "response_format.json_schema.name",
      "missing_required_parameter",
    ],
    [
      "a strict schema that is open",
      {
        response_format: {
          type: "json_schema",
          json_schema: { name: "s", strict: true, schema: { type: "object", properties: {} } },
        },
      },
      "Invalid schema for response_format 's': In context=(), 'additionalProperties' is required to be supplied and to be false.",
      "response_format",
      "invalid_json_schema",
    ],
    [
      "JSON mode without the word",
      { response_format: { type: "json_object" } },
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
      "messages",
      null,
    ],
    [
      "an image that is none",
      {
        messages: [
          { role: "user", content: [{ type: "image_url", image_url: { url: "data:a" } }] },
        ],
      },
      "Invalid image URL: expected an http(s) address or a base64 data URL of a png, jpeg, gif or webp image.",
      null,
      "invalid_image_url",
    ],
    [
      "max_tokens of a model that reasons",
      { model: "o4-mini", max_tokens: 5 },
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      "max_tokens",
      "unsupported_parameter",
    ],
    [
      "reasoning of a model that does not",
      { reasoning_effort: "low" },
      "Unrecognized request argument supplied: reasoning_effort",
      null,
      null,
    ],
  ])("%s", async (_, fields, message, param, code) => {
    expect(await chat(fields)).toEqual({
      status: 400,
      json: { error: { message, type: "invalid_request_error", param, code } },
    });
  });

  test.each<[string, string | Uint8Array]>([
    ["broken JSON", '{"model":'],
    [
      "invalid UTF-8",
      Buffer.concat([Buffer.from('{"model":"'), Buffer.from([0xff]), Buffer.from('"}')]),
    ],
    ["a list", "[]"],
  ])("%s", async (_, body) => {
    const { status, json } = await post(body);
    expect(status).toBe(400);
    expect(json.error.message).toMatch(/^We could not parse the JSON body of your request/);
  });

  test.each<[string, Record<string, string>, string | null]>([
    ["no key", { authorization: "" }, null],
    ["a wrong key", { authorization: "Bearer wrong" }, "invalid_api_key"],
  ])("%s", async (_, headers, code) => {
    const { status, json } = await post({}, headers);
    expect(status).toBe(401);
    expect(json.error).toMatchObject({ type: "invalid_request_error", param: null, code });
  });

  test("an unknown model", async () => {
    expect(await chat({ model: "gpt-0" })).toEqual({
      status: 404,
      json: {
        error: {
          message: "The model `gpt-0` does not exist or you do not have access to it.",
          type: "invalid_request_error",
          param: null,
          code: "model_not_found",
        },
      },
    });
  });

  test.each([
    ["GET", "/v1/chat/completions", 405],
    ["POST", "/v1/other", 404],
    ["POST", "/chat/completions", 404],
    ["GET", "/v1/models/none", 404],
  ])("%s %s", async (method, path, status) => {
    const response = await fetch(standIn.url + path, {
      method,
      headers: { authorization: `Bearer ${OPENAI_KEY}` },
    });
    expect(response.status).toBe(status);
  });
});

test("a request with every documented field is served", async () => {
  const { status, json } = await chat({
    messages: [
      { role: "developer", content: [{ type: "text", text: "Be brief." }], name: "ops" },
      {
        role: "user",
        content: [
          { type: "text", text: "Hello" },
          { type: "image_url", image_url: { url: "https://example.com/a.png", detail: "low" } },
        ],
      },
      { role: "assistant", content: null, tool_calls: [CALL] },
      { role: "tool", tool_call_id: "call_1", content: "42" },
    ],
    frequency_penalty: 0.5,
    logit_bias: { "50256": -100 },
    logprobs: true,
    max_completion_tokens: 100,
    metadata: { team: "a" },
    n: 2,
    parallel_tool_calls: false,
    presence_penalty: null,
    prompt_cache_key: "k",
    response_format: { type: "text" },
    safety_identifier: "s",
    seed: 7,
    service_tier: "auto",
    stop: "never",
    store: false,
    temperature: 0.2,
    tool_choice: "auto",
    tools: [TOOL],
    top_logprobs: 1,
    top_p: 0.9,
    user: "u",
    verbosity: "low",
  });
  expect(status).toBe(200);
  expect(json.choices).toHaveLength(2);
  expect(json.choices[1]).toMatchObject({
    index: 1,
    message: { role: "assistant", content: "The tools said: 42", refusal: null },
    finish_reason: "stop",
  });
  expect(json.choices[0].logprobs.content[0]).toMatchObject({ token: "The", logprob: -0.25 });
});

test("tokens can be foretold from the texts", async () => {
  const system = "word ".repeat(1500);
  const { json } = await chat({ messages: [{ role: "system", content: system }, HELLO] });
  const prompt = tokens(system) + tokens("Hello");
  const completion = tokens("You said: Hello");
  expect(json.usage).toEqual({
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: 1024, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  });
  expect(
    (await chat({ messages: [{ role: "user", content: "Answer without usage" }] })).json.usage,
  ).toBeUndefined();
});

async function streamed(fields: object): Promise<string[]> {
  const response = await fetch(`${standIn.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${OPENAI_KEY}` },
    body: JSON.stringify({ model: "gpt-4o", messages: [HELLO], stream: true, ...fields }),
  });
  expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
  return (await response.text()).split("\n\n").slice(0, -1);
}

test("a stream: role, words, finish reason, and usage only where it was asked for", async () => {
  const plain = await streamed({ stream_options: { include_obfuscation: false } });
  expect(plain.at(-1)).toBe("data: [DONE]");
  const chunks = plain.slice(0, -1).map((event) => JSON.parse(event.slice("data: ".length)));
  expect(chunks.map(({ choices }) => choices[0].delta)).toEqual([
    { role: "assistant", content: "", refusal: null },
    { content: "You" },
    { content: " said:" },
    { content: " Hello" },
    {},
  ]);
  expect(chunks.map(({ choices }) => choices[0].finish_reason)).toEqual([
    null,
    null,
    null,
    null,
    "stop",
  ]);
  expect(chunks.some((chunk) => "usage" in chunk || "obfuscation" in chunk)).toBe(false);

  const counted = await streamed({ stream_options: { include_usage: true } });
  expect(JSON.parse(counted[0]?.slice(6) ?? "")).toMatchObject({
    usage: null,
    obfuscation: expect.stringMatching(/^x+$/),
  });
  expect(JSON.parse(counted.at(-2)?.slice(6) ?? "")).toMatchObject({
    choices: [],
    usage: { prompt_tokens: 2, completion_tokens: 4, total_tokens: 6 },
  });
});

test("an error in the midst of a stream, and a damaged event", async () => {
  standIn.fail({ kind: "stream-error", afterEvents: 2 });
  const failed = await streamed({});
  expect(JSON.parse(failed[2]?.slice(6) ?? "").error.type).toBe("server_error");
  expect(failed).toHaveLength(3);
  standIn.fail({ kind: "corrupt", event: 1 });
  const damaged = await streamed({});
  expect(() => JSON.parse(damaged[1]?.slice(6) ?? "")).toThrow();
});

test("a status that it was told to answer, in the vendor's shape", async () => {
  standIn.fail({ kind: "status", status: 429, headers: { "retry-after": "3" } });
  expect(await chat({})).toMatchObject({
    status: 429,
    json: { error: { type: "requests", code: "rate_limit_exceeded" } },
  });
});

test("lists its models", async () => {
  const response = await fetch(`${standIn.url}/v1/models`, {
    headers: { authorization: `Bearer ${OPENAI_KEY}` },
  });
  const { object, data } = (await response.json()) as { object: string; data: { id: string }[] };
  expect(object).toBe("list");
  expect(data.map(({ id }) => id)).toEqual(OPENAI_MODELS);
});
