import type { Conversation, Part, Tool } from "../../conversation/conversation.ts";
import { UserError } from "../../lib/errors.ts";
import { encodeConverse } from "./encode.ts";

const CLAUDE = "anthropic.claude-3-5-sonnet-20240620-v1:0";
const SONNET_4_5 = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
const OPUS_4_6 = "global.anthropic.claude-opus-4-6-v1";
const NOVA_2 = "us.amazon.nova-2-lite-v1:0";
const GPT_OSS = "openai.gpt-oss-120b-1:0";
const PROFILE = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123";

const talk = (change: Partial<Conversation> = {}): Conversation => ({
  model: CLAUDE,
  stream: false,
  system: [],
  turns: [{ role: "user", content: [{ type: "text", text: "hi" }] }],
  tools: [],
  vendor: {},
  ...change,
});

const turns = (...all: [role: "user" | "assistant", ...content: Part[]][]) =>
  all.map(([role, ...content]) => ({ role, content }));

const text = (words: string): Part => ({ type: "text", text: words });
const toolUse = (id: string, name = "look"): Part => ({
  type: "tool-use",
  id,
  name,
  input: { a: 1 },
});
const toolResult = (toolUseId: string, ...content: Part[]): Part => ({
  type: "tool-result",
  toolUseId,
  content,
});
const tool = (name: string, more: Partial<Tool> = {}): Tool => ({
  name,
  inputSchema: { type: "object" },
  ...more,
});

function encode(conversation: Conversation) {
  const { path, body, headers, dropped } = encodeConverse(conversation);
  return { path, headers, dropped, body: JSON.parse(body.toString()) };
}

const bodyOf = (change: Partial<Conversation>) => encode(talk(change)).body;

describe("path", () => {
  test.each([
    [CLAUDE, false, `/model/${CLAUDE}/converse`],
    [CLAUDE, true, `/model/${CLAUDE}/converse-stream`],
    [
      PROFILE,
      false,
      "/model/arn:aws:bedrock:us-east-1:123456789012:application-inference-profile%2Fabc123/converse",
    ],
  ])("%s, stream %s", (model, stream, path) =>
    expect(encode(talk({ model, stream })).path).toBe(path),
  );
});

test("a plain request is nothing but its messages", () => {
  expect(encode(talk())).toEqual({
    path: `/model/${CLAUDE}/converse`,
    headers: [["content-type", "application/json"]],
    dropped: [],
    body: { messages: [{ role: "user", content: [{ text: "hi" }] }] },
  });
});

test("system prompts, with cache points after what they cache", () => {
  expect(
    bodyOf({
      system: [
        { type: "text", text: "Be brief.", cache: { ttl: "1h" } },
        { type: "text", text: "  " },
        { type: "text", text: "Be kind.", cache: { ttl: "5m" } },
      ],
    }).system,
  ).toEqual([
    { text: "Be brief." },
    { cachePoint: { type: "default", ttl: "1h" } },
    { text: "Be kind." },
    { cachePoint: { type: "default" } },
  ]);
});

test("sampling parameters", () => {
  expect(
    bodyOf({ maxTokens: 10, temperature: 0.5, topP: 0.9, topK: 5, stop: ["END", ""] }),
  ).toMatchObject({
    inferenceConfig: { maxTokens: 10, temperature: 0.5, topP: 0.9, stopSequences: ["END"] },
    additionalModelRequestFields: { top_k: 5 },
    additionalModelResponseFieldPaths: ["/stop_sequence"],
  });
  expect(bodyOf({ model: NOVA_2, topK: 5 }).additionalModelRequestFields).toEqual({
    inferenceConfig: { topK: 5 },
  });
});

describe("turns", () => {
  test("neighbours of one role become one message, and empty ones none", () => {
    const { body, dropped } = encode(
      talk({
        turns: turns(
          ["user", text("a")],
          ["user", text("b")],
          ["assistant", text(" ")],
          ["user", text("c")],
        ),
      }),
    );
    expect(body.messages).toEqual([
      { role: "user", content: [{ text: "a" }, { text: "b" }, { text: "c" }] },
    ]);
    expect(dropped).toEqual(["messages: an empty assistant message"]);
  });

  test("none at all are refused", () => {
    expect(() => encode(talk({ turns: turns(["user", text("")]) }))).toThrow(
      expect.objectContaining({ status: 422, param: "messages" }),
    );
  });

  test("tool uses and their results", () => {
    const { messages, toolConfig } = bodyOf({
      tools: [tool("look")],
      turns: turns(
        ["user", text("x")],
        ["assistant", text("I look."), toolUse("t1"), toolUse("t2")],
        ["user", toolResult("t1", text("seen"))],
        ["user", { ...toolResult("t2"), isError: true, cache: {} } as Part, text("go on")],
      ),
    });
    expect(toolConfig.tools).toHaveLength(1);
    expect(messages[1].content).toEqual([
      { text: "I look." },
      { toolUse: { toolUseId: "t1", name: "look", input: { a: 1 } } },
      { toolUse: { toolUseId: "t2", name: "look", input: { a: 1 } } },
    ]);
    expect(messages[2].content).toEqual([
      { toolResult: { toolUseId: "t1", content: [{ text: "seen" }] } },
      { toolResult: { toolUseId: "t2", content: [{ text: "(no output)" }], status: "error" } },
      { cachePoint: { type: "default" } },
      { text: "go on" },
    ]);
  });

  test.each([
    [{ a: 1 }, { a: 1 }],
    [undefined, {}],
    [[1], { value: [1] }],
    ["{broken", { value: "{broken" }],
  ])("a tool input of %j goes as the object %j", (input, expected) => {
    const use: Part = { type: "tool-use", id: "t", name: "look", input };
    const { messages } = bodyOf({ turns: turns(["user", text("x")], ["assistant", use]) });
    expect(messages[1].content[0].toolUse.input).toEqual(expected);
  });

  test("thinking goes back as it came; Claude gets none without a signature", () => {
    const conversation = {
      turns: turns(
        ["user", text("x")],
        [
          "assistant",
          { type: "thinking", text: "Hm.", signature: "c2ln" },
          { type: "redacted-thinking", data: "AAEC" },
          { type: "thinking", text: "unsigned" },
          text("y"),
        ],
        ["user", text("z")],
      ),
    };
    const { body, dropped } = encode(talk(conversation));
    const signed = { reasoningContent: { reasoningText: { text: "Hm.", signature: "c2ln" } } };
    const redacted = { reasoningContent: { redactedContent: "AAEC" } };
    expect(body.messages[1].content).toEqual([signed, redacted, { text: "y" }]);
    expect(dropped).toEqual(["messages: thinking without a signature"]);
    expect(bodyOf({ ...conversation, model: GPT_OSS }).messages[1].content).toEqual([
      signed,
      redacted,
      { reasoningContent: { reasoningText: { text: "unsigned" } } },
      { text: "y" },
    ]);
  });

  test("refusals and cited texts of earlier turns", () => {
    const citation = {
      type: "page_location",
      cited_text: "quoted",
      document_index: 0,
      document_title: "Doc",
      start_page_number: 1,
      end_page_number: 2,
    };
    expect(
      bodyOf({
        turns: turns(
          ["user", text("x")],
          [
            "assistant",
            { type: "text", text: "said", citations: [citation, { type: "of the future" }] },
            { type: "refusal", text: "No." },
          ],
          ["user", text("y")],
        ),
      }).messages[1].content,
    ).toEqual([
      {
        citationsContent: {
          content: [{ text: "said" }],
          citations: [
            {
              title: "Doc",
              sourceContent: [{ text: "quoted" }],
              location: { documentPage: { documentIndex: 0, start: 1, end: 2 } },
            },
          ],
        },
      },
      { text: "No." },
    ]);
  });
});

describe("media", () => {
  const content = (...parts: Part[]) =>
    bodyOf({ turns: turns(["user", text("see"), ...parts]) }).messages[0].content.slice(1);
  const base64 = (mediaType: string) => ({ kind: "base64" as const, mediaType, data: "AAEC" });

  test.each([
    ["image/png", "png"],
    ["image/jpeg", "jpeg"],
    ["image/jpg", "jpeg"],
    ["image/gif", "gif"],
    ["IMAGE/WEBP", "webp"],
  ])("an image of type %s", (mediaType, format) =>
    expect(content({ type: "image", source: base64(mediaType) })).toEqual([
      { image: { format, source: { bytes: "AAEC" } } },
    ]),
  );

  test("an object in S3, by its media type or its ending", () => {
    expect(
      content(
        { type: "image", source: { kind: "url", url: "s3://bucket/a.jpg" } },
        { type: "video", source: { kind: "url", url: "s3://bucket/b", mediaType: "video/mp4" } },
      ),
    ).toEqual([
      { image: { format: "jpeg", source: { s3Location: { uri: "s3://bucket/a.jpg" } } } },
      { video: { format: "mp4", source: { s3Location: { uri: "s3://bucket/b" } } } },
    ]);
  });

  test("audio", () => {
    expect(content({ type: "audio", source: base64("audio/wav") })).toEqual([
      { audio: { format: "wav", source: { bytes: "AAEC" } } },
    ]);
  });

  test("documents have names, each its own", () => {
    const document = (title?: string): Part => ({
      type: "document",
      source: base64("application/pdf"),
      ...(title === undefined ? {} : { title }),
    });
    const names = content(document("Q1: report.pdf"), document(), document()).map(
      (block: { document: { name: string } }) => block.document.name,
    );
    expect(names).toEqual(["Q1 report pdf", "document", "document 2"]);
  });

  test("documents of text, of parts, with context, citations and a cache point", () => {
    expect(
      content(
        {
          type: "document",
          source: { kind: "text", text: "words" },
          context: "from the archive",
          citations: true,
          cache: {},
        },
        { type: "document", title: "b", source: { kind: "content", content: [text("part")] } },
      ),
    ).toEqual([
      {
        document: {
          name: "document",
          format: "txt",
          source: { text: "words" },
          context: "from the archive",
          citations: { enabled: true },
        },
      },
      { cachePoint: { type: "default" } },
      { document: { name: "b", source: { content: [{ text: "part" }] } } },
    ]);
  });

  test("a document alone gets a text beside it, as Converse wants", () => {
    const part: Part = { type: "document", title: "a", source: { kind: "text", text: "words" } };
    expect(bodyOf({ turns: turns(["user", part]) }).messages[0].content[1]).toEqual({ text: "a" });
  });

  test.each<[string, Part, RegExp]>([
    [
      "a URL",
      { type: "image", source: { kind: "url", url: "https://example.com/a.png" } },
      /does not fetch URLs: send the image inline/,
    ],
    ["a file", { type: "document", source: { kind: "file", fileId: "f" } }, /document/],
    ["a format", { type: "image", source: base64("image/tiff") }, /image\/tiff\); it takes png/],
    [
      "parts of a document",
      {
        type: "document",
        source: { kind: "content", content: [{ type: "image", source: base64("image/png") }] },
      },
      /only text/,
    ],
    ["audio of a tool", toolResult("x", { type: "audio", source: base64("audio/wav") }), /audio/],
  ])("%s is refused", (_, part, message) => {
    expect(() => content(part)).toThrow(UserError);
    expect(() => content(part)).toThrow(message);
  });
});

describe("tools", () => {
  test("are specified, strictly where the model can", () => {
    const tools = [
      tool("look", { description: "Looks.", strict: true, cache: {}, inputSchema: {} }),
      tool("see", { description: " " }),
    ];
    expect(bodyOf({ tools, model: SONNET_4_5 }).toolConfig).toEqual({
      tools: [
        {
          toolSpec: {
            name: "look",
            description: "Looks.",
            inputSchema: { json: { type: "object" } },
            strict: true,
          },
        },
        { cachePoint: { type: "default" } },
        { toolSpec: { name: "see", inputSchema: { json: { type: "object" } } } },
      ],
    });
    const { body, dropped } = encode(talk({ tools }));
    expect(body.toolConfig.tools[0].toolSpec.strict).toBeUndefined();
    expect(dropped).toEqual(["tools: strict"]);
  });

  test("names and ids that Converse refuses are replaced, the same everywhere", () => {
    const name = "files/read.v2";
    const id = `call_${"x".repeat(80)}`;
    const { messages, toolConfig } = bodyOf({
      tools: [tool(name)],
      toolChoice: { type: "tool", name },
      turns: turns(
        ["user", text("x")],
        ["assistant", toolUse(id, name)],
        ["user", toolResult(id, text("y"))],
      ),
    });
    const wireName = toolConfig.tools[0].toolSpec.name;
    expect(wireName).toMatch(/^files_read_v2_[0-9a-f]{12}$/);
    expect(toolConfig.toolChoice).toEqual({ tool: { name: wireName } });
    expect(messages[1].content[0].toolUse.name).toBe(wireName);
    const { toolUseId } = messages[1].content[0].toolUse;
    expect(toolUseId).toMatch(/^[a-zA-Z0-9_.:-]{1,64}$/);
    expect(messages[2].content[0].toolResult.toolUseId).toBe(toolUseId);
  });

  test.each([
    [{ type: "auto" as const }, { auto: {} }],
    [{ type: "any" as const }, { any: {} }],
    [{ type: "tool" as const, name: "look" }, { tool: { name: "look" } }],
    [undefined, undefined],
  ])("choice %j", (toolChoice, expected) => {
    const { toolConfig } = bodyOf({
      tools: [tool("look")],
      ...(toolChoice === undefined ? {} : { toolChoice }),
    });
    expect(toolConfig.toolChoice).toEqual(expected);
  });

  const used = turns(
    ["user", text("x")],
    ["assistant", toolUse("t", "look")],
    ["user", toolResult("t", text("y"))],
  );

  test("a choice of none leaves them out, unless earlier turns used some", () => {
    const none = { tools: [tool("look")], toolChoice: { type: "none" as const } };
    expect(bodyOf(none).toolConfig).toBeUndefined();
    const { body, dropped } = encode(talk({ ...none, turns: used }));
    expect(body.toolConfig.tools).toHaveLength(1);
    expect(body.toolConfig.toolChoice).toBeUndefined();
    expect(dropped).toEqual(["tool_choice"]);
  });

  test("those of earlier turns stay known when the client offers none", () => {
    const [entry] = bodyOf({ turns: used }).toolConfig.tools;
    expect(entry.toolSpec).toMatchObject({
      name: "look",
      inputSchema: { json: { type: "object" } },
    });
  });

  test("one at a time, which only Claude can be told", () => {
    const change = { tools: [tool("look")], parallelToolCalls: false };
    expect(bodyOf({ ...change, toolChoice: { type: "any" } })).toMatchObject({
      additionalModelRequestFields: {
        tool_choice: { type: "any", disable_parallel_tool_use: true },
      },
      toolConfig: { tools: [{}] },
    });
    const { body, dropped } = encode(talk({ ...change, model: NOVA_2 }));
    expect(body.additionalModelRequestFields).toBeUndefined();
    expect(dropped).toEqual(["parallel_tool_calls"]);
  });
});

describe("reasoning", () => {
  const reasoned = (change: Partial<Conversation>) => {
    const { body, dropped } = encode(talk(change));
    const { additionalModelRequestFields: fields, outputConfig, inferenceConfig } = body;
    return { fields, outputConfig, inferenceConfig, dropped };
  };
  const effort = (value: "none" | "minimal" | "low" | "medium" | "high" | "max") => ({
    reasoning: { mode: "enabled" as const, effort: value },
  });

  test("a budget", () => {
    const { fields } = reasoned({
      model: SONNET_4_5,
      reasoning: { mode: "enabled", budgetTokens: 2000 },
    });
    expect(fields).toEqual({ thinking: { type: "enabled", budget_tokens: 2000 } });
  });

  test("switched off, or left to the model", () => {
    expect(reasoned({ reasoning: { mode: "disabled" } }).fields).toEqual({
      thinking: { type: "disabled" },
    });
    expect(reasoned({ model: OPUS_4_6, reasoning: { mode: "adaptive" } }).fields).toEqual({
      thinking: { type: "adaptive" },
    });
  });

  test("an effort is a budget to Claude models that know no efforts", () => {
    const change = { model: SONNET_4_5, ...effort("medium"), temperature: 0.2, topK: 3 };
    expect(reasoned(change)).toEqual({
      fields: { thinking: { type: "enabled", budget_tokens: 4096 } },
      outputConfig: undefined,
      inferenceConfig: undefined,
      dropped: ["top_k beside reasoning", "temperature and top_p beside reasoning"],
    });
    expect(reasoned({ ...change, maxTokens: 2000 }).fields.thinking.budget_tokens).toBe(1999);
    expect(reasoned({ ...change, maxTokens: 500 })).toMatchObject({
      inferenceConfig: { maxTokens: 500, temperature: 0.2 },
      dropped: ["reasoning_effort"],
    });
  });

  test("an effort stays one to newer Claude models", () => {
    expect(reasoned({ model: OPUS_4_6, ...effort("minimal") })).toMatchObject({
      fields: { thinking: { type: "adaptive" } },
      outputConfig: { effort: "low" },
    });
    expect(reasoned({ model: OPUS_4_6, ...effort("none") }).fields).toEqual({
      thinking: { type: "disabled" },
    });
  });

  test("an effort never breaks what Claude cannot think about", () => {
    const forced = {
      ...effort("high"),
      tools: [tool("look")],
      toolChoice: { type: "any" as const },
    };
    expect(reasoned({ model: SONNET_4_5, ...forced })).toMatchObject({
      fields: undefined,
      dropped: ["reasoning_effort"],
    });
    expect(reasoned({ model: OPUS_4_6, ...forced })).toMatchObject({
      fields: undefined,
      outputConfig: { effort: "high" },
    });
    const unsigned = {
      ...effort("high"),
      tools: [tool("look")],
      turns: turns(
        ["user", text("x")],
        ["assistant", toolUse("t")],
        ["user", toolResult("t", text("y"))],
      ),
    };
    expect(reasoned({ model: SONNET_4_5, ...unsigned }).fields).toBeUndefined();
    expect(reasoned({ ...effort("high") }).dropped).toEqual(["reasoning_effort"]);
  });

  test.each([
    [NOVA_2, "high", { reasoningConfig: { type: "enabled", maxReasoningEffort: "high" } }],
    [NOVA_2, "none", { reasoningConfig: { type: "disabled" } }],
    [GPT_OSS, "minimal", { reasoning_effort: "low" }],
    [GPT_OSS, "max", { reasoning_effort: "high" }],
    ["openai.gpt-5", "medium", { reasoning: { effort: "medium" } }],
    ["deepseek.v3-v1:0", "high", { reasoning_config: "high" }],
    [PROFILE, "low", { reasoning_config: "low" }],
  ] as const)("%s, effort %s", (model, value, fields) =>
    expect(reasoned({ model, ...effort(value) }).fields).toEqual(fields),
  );

  test("a budget for a profile that names no model", () => {
    const reasoning = { mode: "enabled" as const, budgetTokens: 3000 };
    expect(reasoned({ model: PROFILE, reasoning }).fields).toEqual({
      thinking: { type: "enabled", budget_tokens: 3000 },
    });
  });

  test("models without reasoning are not asked for any", () => {
    expect(reasoned({ model: "amazon.nova-pro-v1:0", ...effort("low") })).toMatchObject({
      fields: undefined,
      dropped: ["reasoning"],
    });
  });
});

test("structured output", () => {
  const schema = { type: "object", properties: {}, additionalProperties: false };
  expect(
    bodyOf({ outputFormat: { type: "json-schema", name: "thing", schema, strict: true } })
      .outputConfig,
  ).toEqual({
    textFormat: {
      type: "json_schema",
      structure: { jsonSchema: { name: "thing", schema: JSON.stringify(schema) } },
    },
  });
  expect(encode(talk({ outputFormat: { type: "json-object" } })).dropped).toEqual([
    "response_format",
  ]);
});

test("fields of Bedrock's own pass through", () => {
  const vendor = {
    guardrailConfig: { guardrailIdentifier: "abc", guardrailVersion: "1" },
    performanceConfig: { latency: "optimized" },
    requestMetadata: { team: "a" },
    additionalModelRequestFields: { extra: true, top_k: 9 },
    additionalModelResponseFieldPaths: ["/x"],
    anthropic_beta: ["context-1m-2025-08-07"],
    store: true,
  };
  const { body, dropped } = encode(talk({ vendor, topK: 1, metadata: { user: "b" } }));
  expect(body).toMatchObject({
    guardrailConfig: vendor.guardrailConfig,
    performanceConfig: vendor.performanceConfig,
    requestMetadata: { team: "a", user: "b" },
    additionalModelRequestFields: {
      extra: true,
      top_k: 9,
      anthropic_beta: ["context-1m-2025-08-07"],
    },
    additionalModelResponseFieldPaths: ["/x"],
  });
  expect(dropped).toEqual(["store"]);
});

test("tags that Converse refuses are left out", () => {
  const { body, dropped } = encode(talk({ metadata: { ok: "1", bad: "<x>", "b{d": "1" } }));
  expect(body.requestMetadata).toEqual({ ok: "1" });
  expect(dropped).toEqual(["metadata.bad", "metadata.b{d"]);
});

test.each([
  ["priority", { type: "priority" }, []],
  ["auto", undefined, []],
  ["standard_only", { type: "default" }, []],
  ["scale", undefined, ["service_tier"]],
])("service tier %s", (serviceTier, expected, dropped) => {
  const encoded = encode(talk({ serviceTier }));
  expect(encoded.body.serviceTier).toEqual(expected);
  expect(encoded.dropped).toEqual(dropped);
});

test("what Converse has no form for is named", () => {
  expect(
    encode(
      talk({
        seed: 1,
        frequencyPenalty: 1,
        presencePenalty: 1,
        logprobs: { top: 2 },
        userId: "u",
      }),
    ).dropped,
  ).toEqual(["seed", "frequency_penalty", "presence_penalty", "logprobs", "top_logprobs", "user"]);
});

test("more than one answer is refused", () => {
  expect(() => encode(talk({ candidates: 2 }))).toThrow(
    expect.objectContaining({ status: 422, param: "n" }),
  );
});
