/**
 * The provider held against two that did not learn Converse from it: the AWS SDK, whose serializer
 * writes only what the service model knows, and the stand-in, which refuses what Bedrock refuses.
 */
import { BedrockRuntimeClient, ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import fc from "fast-check";
import { sign } from "../../../test/support/standins/anthropic/signature.ts";
import {
  converseBody,
  converseEvents,
  type Generated,
} from "../../../test/support/standins/bedrock/answer.ts";
import {
  BEDROCK_CREDENTIALS,
  BEDROCK_MODELS,
  BEDROCK_REGION,
  startBedrock,
} from "../../../test/support/standins/bedrock/server.ts";
import type { Answer } from "../../../test/support/standins/script.ts";
import type { StandIn } from "../../../test/support/standins/standin.ts";
import type { Conversation, Part, Turn } from "../../conversation/conversation.ts";
import type { ConversationEvent } from "../../conversation/events.ts";
import { bedrockConversation } from "./conversation.ts";

let standIn: StandIn;
let client: BedrockRuntimeClient;

beforeAll(async () => {
  standIn = await startBedrock();
  client = new BedrockRuntimeClient({
    endpoint: standIn.url,
    region: BEDROCK_REGION,
    credentials: BEDROCK_CREDENTIALS,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler(),
  });
});

afterAll(async () => {
  client.destroy();
  await standIn.close();
});

const words = fc.string({ maxLength: 20 });
const cache = fc.option(fc.record({ ttl: fc.constantFrom("5m" as const, "1h" as const) }), {
  nil: undefined,
  freq: 6,
});
const withCache = <T extends Part>(part: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc
    .tuple(part, cache)
    .map(([made, mark]) => (mark === undefined ? made : { ...made, cache: mark }));

const base64 = fc
  .uint8Array({ minLength: 1, maxLength: 30 })
  .map((bytes) => Buffer.from(bytes).toString("base64"));
const media = (mediaType: string) =>
  base64.map((data) => ({ kind: "base64" as const, mediaType, data }));

const text = withCache(words.map((value): Part => ({ type: "text", text: value })));
const image = withCache(media("image/png").map((source): Part => ({ type: "image", source })));
const document = fc.tuple(fc.option(words, { nil: undefined }), media("application/pdf")).map(
  ([title, source]): Part => ({
    type: "document",
    source,
    ...(title === undefined ? {} : { title }),
  }),
);
const userParts = fc.array(fc.oneof(text, image, document), { minLength: 1, maxLength: 4 });

const thinking = words.map(
  (value): Part => ({
    type: "thinking",
    text: value,
    signature: sign(value),
  }),
);
const redacted = base64.map((data): Part => ({ type: "redacted-thinking", data }));
const assistantParts = fc
  .tuple(fc.array(fc.oneof(thinking, redacted), { maxLength: 2 }), fc.array(text, { maxLength: 2 }))
  .map(([thoughts, said]) => [...thoughts, ...said]);

/** Names and ids as other vendors' clients have them, some of which Converse refuses. */
const toolName = fc.constantFrom("look", "get_weather", "files/read.v2", "n".repeat(70));
const toolId = fc.constantFrom("call_1", "toolu_01", "a b", "x".repeat(90));

/** A whole exchange with tools: question, calls, all of their results. */
const toolExchange = fc
  .tuple(
    userParts,
    fc.uniqueArray(toolId, { minLength: 1, maxLength: 3 }),
    toolName,
    fc.array(fc.oneof(text, image), { maxLength: 2 }),
    fc.boolean(),
  )
  .map(([asked, ids, name, content, isError]): Turn[] => [
    { role: "user", content: asked },
    {
      role: "assistant",
      content: ids.map((id): Part => ({ type: "tool-use", id, name, input: { id } })),
    },
    // Some clients send each result as a message of its own.
    ...ids.map(
      (id): Turn => ({
        role: "user",
        content: [{ type: "tool-result", toolUseId: id, content, isError }],
      }),
    ),
    { role: "assistant", content: [{ type: "text", text: "Done." }] },
  ]);
const exchange = fc.tuple(userParts, assistantParts).map(([asked, said]): Turn[] => [
  { role: "user", content: asked },
  { role: "assistant", content: said },
]);

const conversation: fc.Arbitrary<Conversation> = fc.record(
  {
    model: fc.constantFrom(...BEDROCK_MODELS),
    stream: fc.constant(false),
    system: fc.array(withCache(words.map((value) => ({ type: "text" as const, text: value }))), {
      maxLength: 2,
    }),
    turns: fc
      .array(fc.oneof(exchange, toolExchange), { maxLength: 2 })
      .map((all): Turn[] => [
        { role: "user", content: [{ type: "text", text: "begin" }] },
        { role: "assistant", content: [{ type: "text", text: "begun" }] },
        ...all.flat(),
        { role: "user", content: [{ type: "text", text: "end" }] },
      ]),
    tools: fc.uniqueArray(
      fc.record({
        name: toolName,
        description: words,
        inputSchema: fc.constant({ type: "object", properties: { id: { type: "string" } } }),
        strict: fc.boolean(),
      }),
      { selector: ({ name }) => name, maxLength: 3 },
    ),
    maxTokens: fc.integer({ min: 1, max: 10_000 }),
    temperature: fc.constantFrom(0, 0.5, 1),
    topP: fc.constantFrom(0.1, 1),
    stop: fc.array(words, { maxLength: 3 }),
    parallelToolCalls: fc.boolean(),
    toolChoice: fc.constantFrom(
      { type: "auto" as const },
      { type: "any" as const },
      { type: "none" as const },
    ),
    reasoning: fc.record({
      mode: fc.constant("enabled" as const),
      effort: fc.constantFrom("none", "minimal", "low", "medium", "high", "max"),
    }),
    metadata: fc.dictionary(words, words, { maxKeys: 4, noNullPrototype: true }),
    serviceTier: fc.constantFrom("auto", "flex", "priority", "scale"),
    outputFormat: fc.constantFrom(
      { type: "json-object" as const },
      {
        type: "json-schema" as const,
        name: "thing",
        schema: { type: "object", properties: {}, additionalProperties: false },
      },
    ),
    vendor: fc.constant({}),
  },
  { requiredKeys: ["model", "stream", "system", "turns", "tools", "vendor"] },
);

/** Breakpoints beyond Bedrock's four are the client's own mistake. */
const fewBreakpoints = (value: Conversation) =>
  (JSON.stringify(value).match(/"cache":/g)?.length ?? 0) <= 4;

test("every request is one that the SDK would write and that Bedrock accepts", async () => {
  await fc.assert(
    fc.asyncProperty(conversation.filter(fewBreakpoints), async (asked) => {
      const { path, body } = bedrockConversation.encode(asked, { prefix: "" });
      const written = JSON.parse(body.toString());
      // A refusal of the stand-in throws here.
      const answer = await client.send(
        new ConverseCommand({ modelId: asked.model, ...withBytes(written) }),
      );
      expect(answer.output?.message?.role).toBe("assistant");
      const recorded = standIn.requests.at(-1);
      expect(written).toEqual(JSON.parse(String(recorded?.body)));
      expect(decodeURIComponent(path)).toBe(decodeURIComponent(recorded?.path ?? ""));
    }),
    { numRuns: 150 },
  );
});

/** The SDK takes bytes where the wire has base64. */
function withBytes(value: object): object {
  return JSON.parse(JSON.stringify(value), (key, inner) =>
    (key === "bytes" || key === "redactedContent") && typeof inner === "string"
      ? Buffer.from(inner, "base64")
      : inner,
  );
}

const counts = fc.record({ input: fc.nat(999), output: fc.nat(999), reasoning: fc.constant(0) });
const generated: fc.Arbitrary<Generated> = fc.record({
  answer: fc.record(
    {
      thinking: fc.string({ minLength: 1, maxLength: 40 }),
      text: fc.string({ maxLength: 60 }),
      calls: fc.array(
        fc.record({
          name: fc.constantFrom("look", "now"),
          input: fc.dictionary(words, words, { maxKeys: 3, noNullPrototype: true }),
        }),
        { maxLength: 3 },
      ),
      finish: fc.constantFrom<Answer["finish"]>("stop", "length", "tool-use", "stop-sequence"),
      stopSequence: words,
      usage: counts,
      reportsUsage: fc.boolean(),
    },
    { requiredKeys: ["text", "calls", "finish", "usage", "reportsUsage"] },
  ),
  input: fc.record({
    uncached: fc.nat(999),
    read: fc.nat(999),
    created: fc.record({ "5m": fc.nat(99), "1h": fc.nat(99) }),
  }),
  claude: fc.boolean(),
  tellsStopSequence: fc.boolean(),
});

const listen = (stream: boolean, chunks: Buffer[]): ConversationEvent[] => {
  const decoder = bedrockConversation.decoder({
    model: "m",
    stream,
    system: [],
    turns: [],
    tools: [],
    vendor: {},
  });
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.finish()];
};

test("a streamed answer says what the whole one says, however its bytes are cut", () => {
  fc.assert(
    fc.property(
      generated,
      fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }),
      (made, cuts) => {
        const bytes = Buffer.concat(converseEvents(made));
        const uncut = listen(true, [bytes]);
        expect(listen(true, split(bytes, cuts))).toEqual(uncut);
        const whole = listen(false, [Buffer.from(JSON.stringify(converseBody(made)))]);
        expect(merge(uncut)).toEqual(merge(whole));
      },
    ),
    { numRuns: 200 },
  );
});

function split(bytes: Buffer, sizes: number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

/** Neighbouring deltas of one block joined, tool inputs as values. */
function merge(events: ConversationEvent[]): unknown[] {
  const merged: Record<string, unknown>[] = [];
  for (const event of events) {
    const last = merged.at(-1);
    if (last !== undefined && last.type === event.type && event.type.endsWith("-delta")) {
      for (const key of ["text", "json"] as const) {
        if (key in event) last[key] = String(last[key]) + String(Object(event)[key]);
      }
    } else merged.push({ ...event });
  }
  return merged.map((event) =>
    "json" in event ? { ...event, json: JSON.parse(String(event.json)) } : event,
  );
}
