import { CITY_SCHEMA, PERSON_SCHEMA, PIXEL } from "../../support/clients/scenario.ts";
import { BACKENDS, type BackendName } from "../../support/every-backend.ts";

export type Api = "chat" | "messages" | "responses";

export interface PeerRequest {
  api: Api;
  backend: BackendName;
  /** What it is about. */
  about: string;
  /** As a client writes it; the model is that of the backend. */
  body: Record<string, unknown> & { model: string };
}

const user = (content: unknown) => ({ role: "user", content });
const weather = {
  type: "function",
  function: { name: "get_weather", description: "Weather of a city", parameters: CITY_SCHEMA },
};
const called = (id: string, city: string) => ({
  id,
  type: "function",
  function: { name: "get_weather", arguments: JSON.stringify({ city }) },
});
const QUESTION = "What is the weather in Paris and Rome?";

/** An application's schema as generators of schemas write it: references, alternatives, null. */
const BOOKING_SCHEMA = {
  type: "object",
  properties: {
    guest: { $ref: "#/$defs/guest" },
    room: { anyOf: [{ type: "string" }, { type: "integer" }, { type: "null" }], default: null },
    extras: { type: "array", items: { enum: ["bath", "view"] } },
  },
  required: ["guest"],
  $defs: { guest: { type: "object", properties: { name: { type: "string", minLength: 1 } } } },
};

const CHAT = {
  "turns and options": {
    messages: [
      { role: "system", content: "You are terse." },
      user("First question"),
      { role: "assistant", content: "First answer" },
      user("Second question"),
    ],
    temperature: 0.5,
    max_tokens: 100,
    stop: ["END"],
    user: "user-1",
  },
  "results of two tools, streamed": {
    messages: [
      user(QUESTION),
      {
        role: "assistant",
        content: null,
        tool_calls: [called("call_1", "Paris"), called("call_2", "Rome")],
      },
      { role: "tool", tool_call_id: "call_1", content: "18 degrees" },
      { role: "tool", tool_call_id: "call_2", content: "22 degrees" },
    ],
    tools: [weather],
    stream: true,
    stream_options: { include_usage: true },
  },
  "calls of tools": { messages: [user(QUESTION)], tools: [weather], tool_choice: "auto" },
  "a schema for the answer": {
    messages: [user("Ada")],
    response_format: {
      type: "json_schema",
      json_schema: { name: "person", schema: PERSON_SCHEMA, strict: true },
    },
  },
  "a picture": {
    messages: [
      user([
        { type: "text", text: "What is this?" },
        { type: "image_url", image_url: { url: `data:image/png;base64,${PIXEL}` } },
      ]),
    ],
  },
  "effort, streamed": {
    messages: [user("Think about this")],
    reasoning_effort: "low",
    stream: true,
    stream_options: { include_usage: true },
  },
  "a forced tool with a rich schema": {
    messages: [user("Book for Ada")],
    tools: [{ type: "function", function: { name: "book", parameters: BOOKING_SCHEMA } }],
    tool_choice: "required",
  },
} as const;

const MESSAGES = {
  "system in blocks, with caching": {
    max_tokens: 100,
    system: [{ type: "text", text: "You are terse.", cache_control: { type: "ephemeral" } }],
    messages: [user([{ type: "text", text: "Hello there" }])],
    metadata: { user_id: "user-1" },
    stop_sequences: ["END"],
  },
  "a tool's failure, streamed": {
    max_tokens: 100,
    messages: [
      user("What is the weather in Kyiv?"),
      {
        role: "assistant",
        content: [
          { type: "text", text: "I look." },
          { type: "tool_use", id: "toolu_1", name: "get_weather", input: { city: "Kyiv" } },
        ],
      },
      user([
        { type: "tool_result", tool_use_id: "toolu_1", content: "no such city", is_error: true },
      ]),
    ],
    tools: [{ name: "get_weather", input_schema: CITY_SCHEMA }],
    stream: true,
  },
} as const;

const RESPONSES = {
  "instructions and the result of a tool": {
    instructions: "You are terse.",
    input: [
      user("What is the weather in Paris?"),
      {
        type: "function_call",
        call_id: "call_1",
        name: "get_weather",
        arguments: '{"city":"Paris"}',
      },
      { type: "function_call_output", call_id: "call_1", output: "18 degrees" },
    ],
    tools: [{ ...weather.function, type: "function", strict: true }],
    max_output_tokens: 100,
  },
  "a schema for the answer": {
    input: "Ada",
    text: { format: { type: "json_schema", name: "person", schema: PERSON_SCHEMA, strict: true } },
  },
} as const;

const ALL = Object.keys(BACKENDS) as BackendName[];

const make = (
  api: Api,
  about: string,
  body: object,
  backends: readonly BackendName[],
  reasons = false,
): PeerRequest[] =>
  backends.map((backend) => {
    const { model, reasoning } = BACKENDS[backend];
    return { api, about, backend, body: { model: reasons ? reasoning : model, ...body } };
  });

const chat = (about: keyof typeof CHAT, backends: readonly BackendName[], reasons = false) =>
  make("chat", about, CHAT[about], backends, reasons);
const messages = (about: keyof typeof MESSAGES, backends: readonly BackendName[]) =>
  make("messages", about, MESSAGES[about], backends);
const responses = (about: keyof typeof RESPONSES, backends: readonly BackendName[]) =>
  make("responses", about, RESPONSES[about], backends);

/** The same for both. */
export const requests: readonly PeerRequest[] = [
  ...chat("turns and options", ALL),
  ...chat("results of two tools, streamed", ALL),
  ...chat("calls of tools", ["openai", "anthropic", "bedrock", "vertex", "cohere"]),
  ...chat("a schema for the answer", ["openai", "anthropic", "bedrock", "vertex", "cohere"]),
  ...chat("a picture", ["azure", "bedrock", "vertex", "gcp-anthropic"]),
  ...chat("effort, streamed", ["openai", "anthropic", "bedrock", "vertex", "cohere"], true),
  ...chat("a forced tool with a rich schema", ["openai", "bedrock", "vertex"]),
  ...messages("system in blocks, with caching", ["openai", "anthropic", "bedrock", "vertex"]),
  ...messages("a tool's failure, streamed", ["openai", "vertex", "cohere"]),
  ...responses("instructions and the result of a tool", [
    "openai",
    "anthropic",
    "bedrock",
    "vertex",
  ]),
  ...responses("a schema for the answer", ["anthropic"]),
];
