/**
 * The provider held against OpenAI's stand-in, which refuses what the API refuses, and against the
 * endpoint of its own protocol: what the one writes, the other reads.
 */
import fc from "fast-check";
import {
  type Completion,
  completionBody,
  completionEvents,
} from "../../../test/support/standins/openai/completion.ts";
import {
  OPENAI_KEY,
  OPENAI_MODELS,
  startOpenAi,
} from "../../../test/support/standins/openai/server.ts";
import type { Answer } from "../../../test/support/standins/script.ts";
import type { StandIn } from "../../../test/support/standins/standin.ts";
import type { Conversation, Part, Tool, Turn } from "../../conversation/conversation.ts";
import type { ConversationEvent } from "../../conversation/events.ts";
import { chatCompletions } from "../../endpoints/chat-completions/index.ts";
import { openAiConversation } from "./conversation.ts";

let standIn: StandIn;
beforeAll(async () => {
  standIn = await startOpenAi();
});
afterAll(() => standIn.close());

const words = fc.string({ maxLength: 20 });
const cached = fc.constantFrom({}, { cache: {} }, { cache: { ttl: "1h" as const } });
const data = fc
  .uint8Array({ minLength: 1, maxLength: 30 })
  .map((bytes) => Buffer.from(bytes).toString("base64"));
const media = (mediaType: string) =>
  data.map((bytes) => ({ kind: "base64" as const, mediaType, data: bytes }));

const text = fc
  .tuple(words, cached)
  .map(([value, mark]): Part => ({ type: "text", text: value, ...mark }));
const image = media("image/png").map((source): Part => ({ type: "image", source }));
const audio = media("audio/wav").map((source): Part => ({ type: "audio", source }));
const document = fc
  .tuple(
    fc.constantFrom({}, { title: "Water" }, { title: "a.pdf", context: "From the library" }),
    fc.oneof(
      media("application/pdf"),
      words.map((value) => ({ kind: "text" as const, text: value })),
      fc.array(fc.oneof(text, image), { maxLength: 2 }).map((content) => ({
        kind: "content" as const,
        content,
      })),
    ),
  )
  .map(([names, source]): Part => ({ type: "document", source, citations: true, ...names }));
const userParts = fc.array(fc.oneof(text, image, audio, document), { maxLength: 4 });
const assistantParts = fc.array(
  fc.oneof(
    text,
    words.map((value): Part => ({ type: "refusal", text: value })),
    words.map((value): Part => ({ type: "thinking", text: value, signature: "sealed" })),
    fc.constant<Part>({ type: "redacted-thinking", data: "secret" }),
  ),
  { maxLength: 3 },
);

/** Names and ids as other vendors' clients have them, some of which OpenAI refuses. */
const toolName = fc.constantFrom("look", "files/read.v2", "n".repeat(100));
const toolId = fc.constantFrom("toolu_01", "tooluse_x-Y", "i".repeat(60), "a b");

const toolExchange = fc
  .tuple(
    fc.uniqueArray(toolId, { minLength: 1, maxLength: 3 }),
    toolName,
    fc.array(fc.oneof(text, image, document), { maxLength: 2 }),
    fc.oneof(fc.constant<Part[]>([]), userParts),
  )
  .map(([ids, name, content, remark]): Turn[] => [
    { role: "user", content: [{ type: "text", text: "call" }] },
    {
      role: "assistant",
      content: ids.map((id): Part => ({ type: "tool-use", id, name, input: { id } })),
    },
    {
      role: "user",
      content: [
        ...remark,
        ...ids.map((id): Part => ({ type: "tool-result", toolUseId: id, content, isError: true })),
      ],
    },
  ]);
const exchange = fc.tuple(userParts, assistantParts).map(([asked, said]): Turn[] => [
  { role: "user", content: asked },
  { role: "assistant", content: said },
]);

const sampling = fc.record(
  {
    temperature: fc.constantFrom(0, 0.5, 2),
    topP: fc.constantFrom(0.1, 1),
    frequencyPenalty: fc.constantFrom(-2, 0.5),
    presencePenalty: fc.constantFrom(0, 2),
    stop: fc.array(words, { maxLength: 4 }),
    logprobs: fc.constantFrom({}, { top: 3 }),
  },
  { requiredKeys: [] },
);
const options = fc.record(
  {
    stream: fc.boolean(),
    maxTokens: fc.integer({ min: 1, max: 30_000 }),
    topK: fc.nat(50),
    seed: fc.nat(),
    parallelToolCalls: fc.boolean(),
    toolChoice: fc.constantFrom(
      { type: "auto" as const },
      { type: "any" as const },
      { type: "none" as const },
      { type: "tool" as const, name: "files/read.v2" },
    ),
    reasoning: fc.record(
      {
        mode: fc.constantFrom("enabled" as const, "disabled" as const, "adaptive" as const),
        effort: fc.constantFrom("none", "minimal", "low", "medium", "high", "xhigh", "max"),
        budgetTokens: fc.constantFrom(1024, 4096, 30_000),
      },
      { requiredKeys: ["mode"] },
    ),
    userId: fc.string({ maxLength: 400 }),
    metadata: fc.constant({ team: "search" }),
    serviceTier: fc.constantFrom("auto", "standard_only", "flex", "priority", "reserved"),
    outputFormat: fc.constantFrom(
      { type: "text" as const },
      {
        type: "json-schema" as const,
        name: "thing",
        schema: { type: "object", properties: { a: { type: "string" } } },
        strict: true,
      },
      {
        type: "json-schema" as const,
        name: "closed",
        schema: {
          type: "object",
          properties: { a: { type: "array", items: { type: "string" } } },
          required: ["a"],
          additionalProperties: false,
        },
        strict: true,
      },
    ),
  },
  { requiredKeys: ["stream"] },
);

const conversation: fc.Arbitrary<Conversation> = fc
  .tuple(
    fc.constantFrom(...OPENAI_MODELS),
    sampling,
    options,
    fc.array(fc.oneof(exchange, toolExchange), { maxLength: 2 }),
    fc.array(words, { maxLength: 2 }),
    fc.constantFrom<Tool[]>(
      [],
      [
        {
          name: "files/read.v2",
          inputSchema: { type: "object", properties: { id: {} } },
          strict: true,
        },
      ],
    ),
  )
  .map(([model, samples, rest, turns, system, tools]) => ({
    ...rest,
    // Models that reason refuse them, as their own clients know.
    ...(/^gpt-4/.test(model) ? samples : {}),
    model,
    system: system.map((value) => ({ type: "text" as const, text: value })),
    turns: [
      ...turns.flat(),
      { role: "user" as const, content: [{ type: "text" as const, text: "end" }] },
    ],
    tools,
    vendor: { context_management: {} },
  }));

test("every request is one that OpenAI accepts, and its answer is read to the end", async () => {
  await fc.assert(
    fc.asyncProperty(conversation, async (asked) => {
      const { path, headers, body } = openAiConversation.encode(asked, { prefix: "v1" });
      const response = await fetch(`${standIn.url}${path}`, {
        method: "POST",
        headers: [...headers, ["authorization", `Bearer ${OPENAI_KEY}`]],
        body: new Uint8Array(body),
      });
      const answer = Buffer.from(await response.arrayBuffer());
      if (response.status !== 200) throw new Error(`${answer}\nfor\n${body}`);
      const events = listen(asked.stream, [answer]);
      expect(events[0]).toMatchObject({ type: "start", model: asked.model });
      expect(events.at(-1)).toEqual({ type: "end" });
      expect(events.some(({ type }) => type === "usage")).toBe(true);
    }),
    { numRuns: 200 },
  );
});

const counts = fc.record({ input: fc.nat(999), output: fc.nat(999), reasoning: fc.nat(9) });
const generated: fc.Arbitrary<Completion> = fc.record({
  id: fc.constant("chatcmpl-1"),
  created: fc.constant(1_700_000_000),
  request: fc.constantFrom(
    { model: "gpt-4o", messages: [], stream_options: { include_usage: true } },
    { model: "gpt-4o", messages: [], stream_options: { include_usage: true }, n: 2 },
  ),
  answer: fc.record(
    {
      text: fc.string({ maxLength: 60, unit: "grapheme" }),
      refusal: fc.string({ minLength: 1, maxLength: 20 }),
      calls: fc.array(
        fc.record({
          name: fc.constantFrom("look", "now"),
          input: fc.dictionary(words, words, { maxKeys: 3, noNullPrototype: true }),
        }),
        { maxLength: 3 },
      ),
      finish: fc.constantFrom<Answer["finish"]>("length", "tool-use", "stop"),
      usage: counts,
      reportsUsage: fc.constant(true),
    },
    { requiredKeys: ["text", "calls", "finish", "usage", "reportsUsage"] },
  ),
});
const cuts = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 });

test("a streamed answer says what the whole one says, however its bytes are cut", () => {
  fc.assert(
    fc.property(generated, cuts, (made, sizes) => {
      const bytes = Buffer.concat(completionEvents(made));
      const uncut = listen(true, [bytes]);
      expect(listen(true, split(bytes, sizes))).toEqual(uncut);
      const whole = listen(false, split(Buffer.from(JSON.stringify(completionBody(made))), sizes));
      expect(write(uncut)).toEqual(write(whole));
    }),
    { numRuns: 150 },
  );
});

test("what the provider reads the endpoint writes again", () => {
  fc.assert(
    fc.property(generated, (made) => {
      const body = completionBody(made);
      const written = write(listen(false, [Buffer.from(JSON.stringify(body))]));
      expect(written).toEqual(meaning(body));
    }),
    { numRuns: 150 },
  );
});

const asked = (stream: boolean): Conversation => ({
  model: "m",
  stream,
  system: [],
  turns: [],
  tools: [],
  vendor: {},
});

function listen(stream: boolean, chunks: Buffer[]): ConversationEvent[] {
  const decoder = openAiConversation.decoder(asked(stream));
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.finish()];
}

/** The whole answer that a client of OpenAI's would get. */
function write(events: ConversationEvent[]): Record<string, unknown> {
  const request = { model: "m", stream: false, body: {} };
  const encoder = chatCompletions.conversation?.encoder(request, {
    stream: false,
    created: 0,
    id: "none",
  });
  const out = events.flatMap((event) => encoder?.push(event) ?? []);
  return JSON.parse(Buffer.concat([...out, ...(encoder?.finish() ?? [])]).toString());
}

/** A completion without what no other protocol has. */
function meaning(body: Record<string, unknown>): Record<string, unknown> {
  const { service_tier, system_fingerprint, choices, usage, ...completion } = body;
  const { prompt_tokens_details, completion_tokens_details, ...rest } = Object(usage);
  return {
    ...completion,
    choices: (choices as Record<string, unknown>[]).map(({ message, ...choice }) => {
      const { annotations, ...said } = message as Record<string, unknown>;
      return { ...choice, message: said };
    }),
    usage: {
      ...rest,
      prompt_tokens_details: { cached_tokens: prompt_tokens_details.cached_tokens },
      completion_tokens_details: { reasoning_tokens: completion_tokens_details.reasoning_tokens },
    },
  };
}

function split(bytes: Buffer, sizes: number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

const events = (wire: string, stream = true): ConversationEvent[] =>
  listen(stream, [Buffer.from(wire)]);
const chunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: "1", model: "m", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;

describe("servers like OpenAI's", () => {
  test.each(["reasoning_content", "reasoning"])("tell their thoughts in %s", (field) => {
    const wire =
      chunk({ [field]: "Hm" }) + chunk({ [field]: "m" }) + chunk({ content: "Yes" }, "stop");
    expect(events(`${wire}data: [DONE]\n\n`)).toEqual([
      { type: "start", id: "1", model: "m" },
      { type: "block-start", index: 0, block: { type: "thinking" } },
      { type: "thinking-delta", index: 0, text: "Hm" },
      { type: "thinking-delta", index: 0, text: "m" },
      { type: "block-stop", index: 0 },
      { type: "block-start", index: 1, block: { type: "text" } },
      { type: "text-delta", index: 1, text: "Yes" },
      { type: "block-stop", index: 1 },
      { type: "finish", reason: "stop" },
      { type: "end" },
    ]);
  });

  test("sign them in thinking blocks, which say the same once more", () => {
    const message = {
      content: "Yes",
      reasoning_content: "onetwo",
      thinking_blocks: [
        { type: "thinking", thinking: "one", signature: "s1" },
        { type: "redacted_thinking", data: "r" },
        { type: "thinking", thinking: "two", signature: "s2" },
      ],
    };
    const body = { choices: [{ index: 0, message, finish_reason: "stop" }] };
    const heard = events(JSON.stringify(body), false);
    expect(heard.filter(({ type }) => /thinking|signature/.test(type))).toEqual([
      { type: "thinking-delta", index: 0, text: "one" },
      { type: "signature-delta", index: 0, signature: "s1" },
      { type: "thinking-delta", index: 2, text: "two" },
      { type: "signature-delta", index: 2, signature: "s2" },
    ]);
    expect(heard).toContainEqual({
      type: "block-start",
      index: 1,
      block: { type: "redacted-thinking", data: "r" },
    });
  });

  test("number no calls, or all alike", () => {
    const call = (id: string, index: object) => ({
      ...index,
      id,
      function: { name: "look", arguments: `{"at":"${id}"}` },
    });
    for (const index of [{}, { index: 0 }]) {
      const wire =
        chunk({ tool_calls: [call("a", index)] }) +
        chunk({ tool_calls: [call("b", index)] }, "tool_calls");
      const heard = events(`${wire}data: [DONE]\n\n`);
      expect(heard.filter(({ type }) => type === "tool-input-delta")).toEqual([
        { type: "tool-input-delta", index: 0, json: '{"at":"a"}' },
        { type: "tool-input-delta", index: 1, json: '{"at":"b"}' },
      ]);
      expect(heard.filter(({ type }) => type === "block-stop")).toHaveLength(2);
    }
  });

  test("leave [DONE] out", () => {
    expect(events(chunk({ content: "Yes" }, "stop")).at(-1)).toEqual({ type: "end" });
  });
});

describe("what goes wrong", () => {
  const failure = (wire: string, stream = true) => events(wire, stream).at(-1);

  test("a stream that breaks off ends in an error", () => {
    expect(failure(chunk({ content: "Ye" }))).toMatchObject({
      type: "error",
      error: { status: 0, message: expect.stringContaining("before the answer was complete") },
    });
  });

  test("an error in place of a chunk is the end", () => {
    const wire = `${chunk({ content: "Ye" })}data: {"error":{"message":"overrun","code":429}}\n\n${chunk({}, "stop")}`;
    expect(events(wire).at(-1)).toEqual({
      type: "error",
      error: { status: 429, kind: "rate-limit", message: "overrun" },
    });
  });

  test.each(["{", '{"choices":7}'])("%s is no chunk", (data) => {
    expect(failure(`data: ${data}\n\n`)).toMatchObject({
      type: "error",
      error: { kind: "server" },
    });
  });

  test.each(["{", "{}", '{"choices":[]}'])("%s is no answer", (body) => {
    expect(() => events(body, false)).toThrow(expect.objectContaining({ status: 502 }));
  });
});
