import fc from "fast-check";
import type { Conversation } from "../../conversation/conversation.ts";
import type { ConversationEvent } from "../../conversation/events.ts";
import { markSignature } from "../../conversation/signatures.ts";
import { generateContent } from "./index.ts";
import { parseGeminiRequest } from "./parse.ts";
import { readThought, thoughtSignature } from "./signatures.ts";

const WHOLE = "/v1beta/models/m:generateContent";
const STREAM = "/v1beta/models/m:streamGenerateContent";

const parse = (json: object, path = WHOLE) =>
  parseGeminiRequest(Buffer.from(JSON.stringify(json)), { path, model: "m" });

const decode = (json: object): Conversation => {
  const decoded = generateContent.conversation?.decode(parse(json));
  if (decoded === undefined) throw new Error("no conversation");
  return decoded;
};

const said = (text: string) => ({ contents: [{ role: "user", parts: [{ text }] }] });

/** What a client gets of these events. */
function answer(events: ConversationEvent[], json: object, path = WHOLE): string {
  const request = parse(json, path);
  const options = { stream: request.stream, created: 0, id: "r" };
  const encoder = generateContent.conversation?.encoder(request, options);
  const out = [
    ...events.flatMap((event) => encoder?.push(event) ?? []),
    ...(encoder?.finish() ?? []),
  ];
  return Buffer.concat(out).toString();
}

const TEXT: ConversationEvent[] = [
  { type: "start", id: "id-1", model: "answered" },
  { type: "block-start", index: 0, block: { type: "text" } },
  { type: "text-delta", index: 0, text: "Grüß ", logprobs: [{ token: "Grüß ", logprob: -1 }] },
  { type: "text-delta", index: 0, text: "Gott" },
  {
    type: "citation",
    index: 0,
    citation: { url: "https://a.example", title: "A" },
    span: { start: 6, end: 10 },
  },
  { type: "citation", index: 0, citation: { document_title: "D" } },
  { type: "block-stop", index: 0 },
  { type: "finish", reason: "length" },
  {
    type: "usage",
    usage: { inputTokens: 3, outputTokens: 9, reasoningTokens: 4, cachedInputTokens: 1 },
  },
  { type: "end" },
];

test("a whole answer with likelihoods, sources by bytes, and thinking counted apart", () => {
  expect(JSON.parse(answer(TEXT, said("x")))).toEqual({
    candidates: [
      {
        index: 0,
        content: { role: "model", parts: [{ text: "Grüß Gott" }] },
        finishReason: "MAX_TOKENS",
        logprobsResult: {
          chosenCandidates: [{ token: "Grüß ", logProbability: -1 }],
          topCandidates: [{ candidates: [] }],
        },
        groundingMetadata: {
          groundingChunks: [{ web: { uri: "https://a.example", title: "A" } }],
          groundingSupports: [
            { segment: { startIndex: 8, endIndex: 11, text: "ott" }, groundingChunkIndices: [0] },
          ],
        },
        citationMetadata: { citations: [{ startIndex: 0, endIndex: 11, title: "D" }] },
      },
    ],
    usageMetadata: {
      promptTokenCount: 3,
      candidatesTokenCount: 5,
      thoughtsTokenCount: 4,
      cachedContentTokenCount: 1,
      totalTokenCount: 12,
    },
    modelVersion: "answered",
    responseId: "id-1",
  });
});

test("a stream without alt=sse is one array; an error is its last element", () => {
  const whole = JSON.parse(answer(TEXT, said("x"), STREAM));
  expect(whole).toHaveLength(3);
  expect(whole.at(-1).candidates[0].finishReason).toBe("MAX_TOKENS");
  const begun = answer(TEXT.slice(0, 4), said("x"), STREAM);
  const last = generateContent.errorEvent(
    { status: 503, message: "gone" },
    parse(said("x"), STREAM),
  );
  expect(JSON.parse(begun + last.toString())).toEqual([
    expect.anything(),
    expect.anything(),
    { error: { code: 503, message: "gone", status: "UNAVAILABLE" } },
  ]);
});

test("with alt=sse it is events, and so is an error", () => {
  const request = parse(said("x"), `${STREAM}?alt=sse`);
  expect(answer(TEXT, said("x"), `${STREAM}?alt=sse`)).toMatch(/^data: \{.*\}\n\ndata: /);
  expect(generateContent.errorEvent({ status: 504, message: "slow" }, request).toString()).toBe(
    'data: {"error":{"code":504,"message":"slow","status":"DEADLINE_EXCEEDED"}}\n\n',
  );
});

const CALLS: ConversationEvent[] = [
  { type: "block-start", index: 0, block: { type: "thinking" } },
  { type: "thinking-delta", index: 0, text: "Hm." },
  { type: "signature-delta", index: 0, signature: "c2ln" },
  { type: "block-stop", index: 0 },
  { type: "block-start", index: 1, block: { type: "redacted-thinking", data: "blob" } },
  { type: "block-stop", index: 1 },
  { type: "block-start", index: 2, block: { type: "tool-use", id: "c1", name: "f" } },
  { type: "tool-input-delta", index: 2, json: '{"a":' },
  { type: "tool-input-delta", index: 2, json: "1}" },
  { type: "block-stop", index: 2 },
  { type: "finish", reason: "tool-use" },
  { type: "end" },
];
const THOUGHT = [
  { type: "thinking", text: "Hm.", signature: "c2ln" },
  { type: "redacted-thinking", data: "blob" },
  { type: "tool-use", id: "c1", name: "f", input: { a: 1 } },
];

test.each([
  ["hidden", {}],
  ["shown", { generationConfig: { thinkingConfig: { includeThoughts: true } } }],
])("thinking of another vendor, %s, comes back with what the client keeps", (_, config) => {
  const told = JSON.parse(answer(CALLS, { ...said("x"), ...config }));
  const { content } = told.candidates[0];
  expect(JSON.stringify(content).includes("Hm.")).toBe(Object.keys(config).length > 0);
  expect(decode({ contents: [content] }).turns).toEqual([{ role: "assistant", content: THOUGHT }]);
});

test("signatures survive the client, whoever made them", () => {
  const signature = fc.oneof(
    fc.string({ minLength: 1 }),
    fc
      .base64String({ minLength: 4 })
      .filter((text) => text !== "")
      .map(markSignature),
  );
  fc.assert(
    fc.property(fc.string(), signature, fc.boolean(), (text, given, hidden) => {
      fc.pre(!given.startsWith("google:") || given.length > "google:".length);
      const kept = thoughtSignature({ text, signature: given }, hidden);
      expect(readThought(text, kept)).toEqual({ type: "thinking", text, signature: given });
    }),
  );
});

test("results answer calls by id, or by name and order", () => {
  const call = (name: string, id?: string) => ({
    functionCall: { name, args: {}, ...(id && { id }) },
  });
  const result = (name: string, output: unknown, id?: string) => ({
    functionResponse: { name, response: output, ...(id && { id }) },
  });
  const { turns } = decode({
    contents: [
      { role: "model", parts: [call("f"), call("f"), call("g", "own")] },
      {
        role: "function",
        parts: [
          result("f", { output: "one" }),
          result("f", { error: "two" }),
          result("g", { a: 1, b: 2 }, "own"),
        ],
      },
    ],
  });
  expect(turns[1]).toEqual({
    role: "user",
    content: [
      { type: "tool-result", toolUseId: "call_1", content: [{ type: "text", text: "one" }] },
      {
        type: "tool-result",
        toolUseId: "call_2",
        content: [{ type: "text", text: "two" }],
        isError: true,
      },
      { type: "tool-result", toolUseId: "own", content: [{ type: "text", text: '{"a":1,"b":2}' }] },
    ],
  });
});

test("either spelling of a name, functions that may be called, Google's own tools, schemas as JSON schema", () => {
  const decoded = decode({
    ...said("x"),
    system_instruction: { parts: [{ text: "s" }] },
    generation_config: {
      max_output_tokens: "7",
      thinking_config: { thinking_budget: 0 },
      response_mime_type: "application/json",
      response_schema: {
        type: "OBJECT",
        properties: { n: { type: "ARRAY", items: { type: "INTEGER" }, minItems: "2" } },
        any_of: [{ type: "STRING", nullable: true, enum: ["a"] }],
      },
      mediaResolution: "LOW",
    },
    tools: [
      { function_declarations: [{ name: "a" }, { name: "b" }, { name: "c" }] },
      { googleSearch: {} },
    ],
    tool_config: { function_calling_config: { mode: "ANY", allowed_function_names: ["a", "c"] } },
  });
  expect(decoded).toMatchObject({
    system: [{ text: "s" }],
    maxTokens: 7,
    reasoning: { mode: "disabled" },
    tools: [{ name: "a" }, { name: "c" }],
    toolChoice: { type: "any" },
    lost: ["generation_config.mediaResolution"],
    vendor: { tools: [{ type: "google_search", google_search: {} }] },
    outputFormat: {
      schema: {
        type: "object",
        properties: { n: { type: "array", items: { type: "integer" }, minItems: 2 } },
        anyOf: [{ type: ["string", "null"], enum: ["a", null] }],
      },
    },
  });
});

test.each([
  [{ ...said("x"), cachedContent: "c" }, "cachedContent"],
  [{ contents: [{ parts: [{ executableCode: {} }] }] }, "contents[0].parts[0]"],
  [
    { contents: [{ parts: [{ functionResponse: { name: "f" } }] }] },
    "contents[0].parts[0].functionResponse",
  ],
  [
    { ...said("x"), generationConfig: { responseModalities: ["AUDIO"] } },
    "generationConfig.responseModalities[0]",
  ],
  [{ contents: [{ role: "system", parts: [] }] }, "contents[0].role"],
])("what has no form elsewhere is refused, by name", (json, param) => {
  expect(() => decode(json)).toThrow(expect.objectContaining({ status: 422, param }));
});

test.each([
  ["content-filter", "SAFETY"],
  ["refusal", "SAFETY"],
  ["stop-sequence", "STOP"],
  ["error", "OTHER"],
] as const)("an answer that ends with %s", (reason, told) => {
  const events: ConversationEvent[] = [
    { type: "block-start", index: 0, block: { type: "refusal" } },
    { type: "refusal-delta", index: 0, text: "No." },
    { type: "block-stop", index: 0 },
    { type: "finish", reason },
    { type: "end" },
  ];
  expect(JSON.parse(answer(events, said("x"))).candidates[0]).toMatchObject({
    finishReason: told,
    finishMessage: "No.",
  });
});
