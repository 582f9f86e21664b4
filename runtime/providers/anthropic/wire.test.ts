/**
 * The provider and the endpoint held against Anthropic's stand-in, which refuses what the API
 * refuses, and against each other: what the one reads, the other writes.
 */
import fc from "fast-check";
import {
  type Generated,
  messageBody,
  messageEvents,
} from "../../../test/support/standins/anthropic/message.ts";
import {
  ANTHROPIC_KEY,
  ANTHROPIC_MODELS,
  startAnthropic,
} from "../../../test/support/standins/anthropic/server.ts";
import { sign } from "../../../test/support/standins/anthropic/signature.ts";
import type { Answer } from "../../../test/support/standins/script.ts";
import type { StandIn } from "../../../test/support/standins/standin.ts";
import type { ConversationEncoder } from "../../conversation/codec.ts";
import type { Conversation, Part, Turn } from "../../conversation/conversation.ts";
import type { ConversationEvent } from "../../conversation/events.ts";
import { messages } from "../../endpoints/messages/index.ts";
import { sseParser } from "../../lib/sse.ts";
import { anthropicConversation } from "./conversation.ts";

let standIn: StandIn;
beforeAll(async () => {
  standIn = await startAnthropic();
});
afterAll(() => standIn.close());

const words = fc.string({ maxLength: 20 });
const cache = fc.option(fc.record({ ttl: fc.constantFrom("5m" as const, "1h" as const) }), {
  nil: undefined,
  freq: 3,
});
const withCache = <T extends Part>(part: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc
    .tuple(part, cache)
    .map(([made, mark]) => (mark === undefined ? made : { ...made, cache: mark }));
const data = fc
  .uint8Array({ minLength: 1, maxLength: 30 })
  .map((bytes) => Buffer.from(bytes).toString("base64"));
const media = (mediaType: string) =>
  data.map((bytes) => ({ kind: "base64" as const, mediaType, data: bytes }));

const text = withCache(words.map((value): Part => ({ type: "text", text: value })));
const image = withCache(media("image/png").map((source): Part => ({ type: "image", source })));
const document = withCache(
  fc
    .tuple(
      fc.option(words, { nil: undefined }),
      fc.oneof(
        media("application/pdf"),
        media("text/markdown"),
        words.map((value) => ({ kind: "text" as const, text: value })),
        fc.array(text, { maxLength: 2 }).map((content) => ({ kind: "content" as const, content })),
      ),
    )
    .map(
      ([title, source]): Part => ({
        type: "document",
        source,
        ...(title === undefined ? {} : { title }),
      }),
    ),
);
const userParts = fc.array(fc.oneof(text, image, document), { maxLength: 4 });
const thinking = words.map(
  (value): Part => ({ type: "thinking", text: value, signature: sign(value) }),
);
const foreignThinking = words.map((value): Part => ({ type: "thinking", text: value }));
const refusal = words.map((value): Part => ({ type: "refusal", text: value }));
const assistantParts = fc.array(fc.oneof(thinking, foreignThinking, refusal, text), {
  maxLength: 3,
});

/** Names and ids as other vendors' clients have them, some of which Anthropic refuses. */
const toolName = fc.constantFrom("look", "files/read.v2", "n".repeat(150));
const toolId = fc.constantFrom("call_1", "toolu_01", "a b", "x.y");

const toolExchange = fc
  .tuple(
    fc.uniqueArray(toolId, { minLength: 1, maxLength: 3 }),
    toolName,
    fc.array(fc.oneof(text, image), { maxLength: 2 }),
    words,
  )
  .map(([ids, name, content, remark]): Turn[] => [
    { role: "user", content: [{ type: "text", text: "call" }] },
    {
      role: "assistant",
      content: ids.map((id): Part => ({ type: "tool-use", id, name, input: { id } })),
    },
    // Some clients send each result as a message of its own, and something said before the last.
    ...ids.map(
      (id): Turn => ({
        role: "user",
        content: [
          { type: "text", text: remark },
          { type: "tool-result", toolUseId: id, content },
        ],
      }),
    ),
    { role: "assistant", content: [{ type: "text", text: "Done." }] },
  ]);
const exchange = fc.tuple(userParts, assistantParts).map(([asked, said]): Turn[] => [
  { role: "assistant", content: said },
  { role: "user", content: asked },
]);

const conversation: fc.Arbitrary<Conversation> = fc.record(
  {
    model: fc.constantFrom(...ANTHROPIC_MODELS),
    stream: fc.boolean(),
    system: fc.array(withCache(words.map((value) => ({ type: "text" as const, text: value }))), {
      maxLength: 2,
    }),
    turns: fc
      .array(fc.oneof(exchange, toolExchange), { maxLength: 2 })
      .map((all): Turn[] => [
        ...all.flat(),
        { role: "user", content: [{ type: "text", text: "end" }] },
      ]),
    tools: fc.constant([
      {
        name: "files/read.v2",
        inputSchema: { properties: { id: { type: "object", properties: {} } } },
        strict: true,
      },
    ]),
    maxTokens: fc.integer({ min: 1, max: 30_000 }),
    temperature: fc.constantFrom(0, 0.5, 1),
    topP: fc.constantFrom(0.1, 1),
    topK: fc.nat(50),
    stop: fc.array(words, { maxLength: 3 }),
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
      },
      { requiredKeys: ["mode"] },
    ),
    userId: fc.string({ maxLength: 400 }),
    seed: fc.nat(),
    serviceTier: fc.constantFrom("auto", "default", "flex", "priority"),
    outputFormat: fc.constantFrom(
      { type: "text" as const },
      { type: "json-object" as const },
      {
        type: "json-schema" as const,
        name: "thing",
        schema: {
          type: "object",
          properties: { a: { type: "array", items: { type: "object", properties: {} } } },
        },
      },
    ),
    vendor: fc.constant({ guardrailConfig: {} }),
  },
  { requiredKeys: ["model", "stream", "system", "turns", "tools", "vendor"] },
);

test("every request is one that Anthropic accepts, and its answer is read to the end", async () => {
  await fc.assert(
    fc.asyncProperty(conversation, async (asked) => {
      const { path, headers, body } = anthropicConversation.encode(asked, { prefix: "v1" });
      const response = await fetch(`${standIn.url}${path}`, {
        method: "POST",
        headers: [...headers, ["x-api-key", ANTHROPIC_KEY]],
        body: new Uint8Array(body),
      });
      const answer = Buffer.from(await response.arrayBuffer());
      if (response.status !== 200) throw new Error(`${answer}\nfor\n${body}`);
      const events = listen(asked.stream, [answer]);
      expect(events[0]).toMatchObject({ type: "start", model: asked.model });
      expect(events.at(-1)).toEqual({ type: "end" });
    }),
    { numRuns: 200 },
  );
});

const counts = fc.record({ input: fc.nat(999), output: fc.nat(999), reasoning: fc.nat(9) });
const generated: fc.Arbitrary<Generated> = fc.record({
  id: fc.constant("msg_1"),
  request: fc.constant({ model: "claude-sonnet-4-6", max_tokens: 1, messages: [] }),
  answer: fc.record(
    {
      thinking: fc.oneof(
        fc.string({ minLength: 1, maxLength: 40 }),
        fc.constant("hide your thinking"),
      ),
      text: fc.string({ maxLength: 60, unit: "grapheme" }),
      calls: fc.array(
        fc.record({
          name: fc.constantFrom("look", "now"),
          input: fc.dictionary(words, words, { maxKeys: 3, noNullPrototype: true }),
        }),
        { maxLength: 3 },
      ),
      finish: fc.constantFrom<Answer["finish"]>("length", "tool-use", "stop-sequence"),
      stopSequence: words,
      usage: counts,
      reportsUsage: fc.constant(true),
    },
    { requiredKeys: ["text", "calls", "finish", "usage", "reportsUsage"] },
  ),
  input: fc.record({
    uncached: fc.nat(999),
    read: fc.nat(999),
    created: fc.record({ "5m": fc.nat(99), "1h": fc.nat(99) }),
  }),
});
const cuts = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 });

test("a streamed answer says what the whole one says, however its bytes are cut", () => {
  fc.assert(
    fc.property(generated, cuts, (made, sizes) => {
      const bytes = Buffer.concat(messageEvents(made));
      const uncut = listen(true, [bytes]);
      expect(listen(true, split(bytes, sizes))).toEqual(uncut);
      const whole = listen(false, split(Buffer.from(JSON.stringify(messageBody(made))), sizes));
      expect(merge(uncut)).toEqual(merge(whole));
    }),
    { numRuns: 150 },
  );
});

test("what the provider reads the endpoint writes again, whole and streamed", () => {
  fc.assert(
    fc.property(generated, cuts, (made, sizes) => {
      const body = messageBody(made);
      const [whole] = write(false, listen(false, [Buffer.from(JSON.stringify(body))]));
      expect(meaning(JSON.parse(String(whole)))).toEqual(meaning(body));

      const bytes = Buffer.concat(messageEvents(made));
      const streamed = write(true, listen(true, split(bytes, sizes)));
      expect(meaning(accumulate(Buffer.concat(streamed)))).toEqual(meaning(body));
    }),
    { numRuns: 150 },
  );
});

function listen(stream: boolean, chunks: Buffer[]): ConversationEvent[] {
  const decoder = anthropicConversation.decoder({
    model: "m",
    stream,
    system: [],
    turns: [],
    tools: [],
    vendor: {},
  });
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.finish()];
}

function write(stream: boolean, events: ConversationEvent[]): Buffer[] {
  const request = { model: "m", stream, body: {} };
  const encoder = messages.conversation?.encoder(request, { stream, created: 0, id: "none" });
  const { push, finish } = encoder as ConversationEncoder;
  return [...events.flatMap((event) => push(event)), ...finish()];
}

/** A message without what no other protocol has: where it ran, at which price. */
function meaning(body: Record<string, unknown>): Record<string, unknown> {
  const { container, diagnostics, usage, content, ...message } = body;
  const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens, output_tokens } =
    usage as Record<string, unknown>;
  return {
    ...message,
    content: (content as Record<string, unknown>[]).map(({ caller, ...block }) => block),
    usage: {
      input_tokens,
      cache_creation_input_tokens,
      cache_read_input_tokens,
      output_tokens,
      output_tokens_details: Object(usage).output_tokens_details,
    },
  };
}

/** A stream put together as its clients do it, with what they rely on checked. */
function accumulate(bytes: Buffer): Record<string, unknown> {
  let message: Record<string, unknown> = {};
  const content: Record<string, unknown>[] = [];
  let open: { block: Record<string, unknown>; json: string } | undefined;
  const seen: (string | undefined)[] = [];
  for (const { event, data } of sseParser().push(bytes)) {
    const fields = JSON.parse(data);
    expect(fields.type).toBe(event);
    seen.push(event);
    switch (event) {
      case "message_start":
        message = fields.message;
        break;
      case "content_block_start":
        expect(open).toBeUndefined();
        expect(fields.index).toBe(content.length);
        open = { block: fields.content_block, json: "" };
        break;
      case "content_block_delta": {
        expect(fields.index).toBe(content.length);
        const { type, partial_json, ...rest } = fields.delta;
        if (open === undefined) throw new Error("a delta outside of a block");
        if (type === "input_json_delta") open.json += partial_json;
        else {
          for (const [key, piece] of Object.entries(rest)) {
            open.block[key] = `${open.block[key]}${piece}`;
          }
        }
        break;
      }
      case "content_block_stop": {
        expect(fields.index).toBe(content.length);
        if (open === undefined) throw new Error("a stop outside of a block");
        if (open.block.type === "tool_use") open.block.input = JSON.parse(open.json);
        content.push(open.block);
        open = undefined;
        break;
      }
      case "message_delta":
        Object.assign(message, fields.delta, { usage: fields.usage });
        break;
      default:
    }
  }
  expect(seen[0]).toBe("message_start");
  expect(seen.slice(-2)).toEqual(["message_delta", "message_stop"]);
  return { ...message, content };
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

/** Neighbouring deltas of one block joined, tool inputs as values, the last count only. */
function merge(events: ConversationEvent[]): unknown[] {
  const merged: Record<string, unknown>[] = [];
  const last = events.findLastIndex(({ type }) => type === "usage");
  for (const [at, event] of events.entries()) {
    if (event.type === "usage" && at !== last) continue;
    const before = merged.at(-1);
    if (before !== undefined && before.type === event.type && event.type.endsWith("-delta")) {
      for (const key of ["text", "json"] as const) {
        if (key in event) before[key] = String(before[key]) + String(Object(event)[key]);
      }
    } else merged.push({ ...event });
  }
  return merged.map((event) =>
    "json" in event ? { ...event, json: JSON.parse(String(event.json)) } : event,
  );
}
