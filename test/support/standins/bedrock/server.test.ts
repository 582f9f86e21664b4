import { gunzipSync } from "node:zlib";
import {
  BedrockRuntimeClient,
  type ContentBlock,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  type ConverseStreamOutput,
} from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { StandIn } from "../standin.ts";
import {
  BEDROCK_CREDENTIALS,
  BEDROCK_REGION,
  type BedrockStandInOptions,
  startBedrock,
} from "./server.ts";

const MODEL = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
const PROFILE = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/standin00001";

let standIn: StandIn;
let clients: BedrockRuntimeClient[] = [];

async function start(options: BedrockStandInOptions = {}): Promise<BedrockRuntimeClient> {
  standIn = await startBedrock(options);
  return client();
}

function client(overrides: Partial<typeof BEDROCK_CREDENTIALS> & { region?: string } = {}) {
  const { region = BEDROCK_REGION, ...credentials } = overrides;
  const made = new BedrockRuntimeClient({
    endpoint: standIn.url,
    region,
    credentials: { ...BEDROCK_CREDENTIALS, ...credentials },
    maxAttempts: 1,
    // By itself the SDK speaks HTTP/2, which the real service needs for audio only.
    requestHandler: new NodeHttpHandler(),
  });
  clients.push(made);
  return made;
}

afterEach(async () => {
  for (const made of clients) made.destroy();
  clients = [];
  await standIn.close();
});

const user = (...content: ContentBlock[]) => ({ role: "user" as const, content });
const say = (text: string): ConverseCommandInput => ({
  modelId: MODEL,
  messages: [user({ text })],
});

const weather = {
  toolSpec: {
    name: "get_weather",
    inputSchema: {
      json: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    },
  },
};

async function collect(bedrock: BedrockRuntimeClient, input: ConverseCommandInput) {
  const { stream } = await bedrock.send(new ConverseStreamCommand(input));
  const events: ConverseStreamOutput[] = [];
  for await (const event of stream ?? []) events.push(event);
  return events;
}

describe("as the AWS SDK reads it", () => {
  test("a whole answer", async () => {
    const bedrock = await start();
    const answer = await bedrock.send(new ConverseCommand(say("hello")));
    expect(answer.output?.message).toEqual({
      role: "assistant",
      content: [{ text: "You said: hello" }],
    });
    expect(answer.stopReason).toBe("end_turn");
    expect(answer.usage).toEqual({
      inputTokens: 2,
      outputTokens: 4,
      totalTokens: 6,
      cacheReadInputTokens: 0,
      cacheWriteInputTokens: 0,
    });
    expect(answer.$metadata.requestId).toMatch(/^[0-9a-f]{8}-/);
  });

  test("a streamed answer", async () => {
    const events = await collect(await start(), say("hello there"));
    expect(events.map((event) => Object.keys(event)[0])).toEqual([
      "messageStart",
      "contentBlockDelta",
      "contentBlockDelta",
      "contentBlockDelta",
      "contentBlockDelta",
      "contentBlockStop",
      "messageStop",
      "metadata",
    ]);
    expect(events.map((event) => event.contentBlockDelta?.delta?.text ?? "").join("")).toBe(
      "You said: hello there",
    );
    expect(events.at(-1)?.metadata?.usage?.totalTokens).toBe(9);
  });

  test("tool calls, and their results in the next turn", async () => {
    const bedrock = await start();
    const first = {
      ...say("weather in Paris and Rome"),
      toolConfig: { tools: [weather] },
    };
    const answer = await bedrock.send(new ConverseCommand(first));
    expect(answer.stopReason).toBe("tool_use");
    const calls = answer.output?.message?.content ?? [];
    expect(calls.map(({ toolUse }) => toolUse?.input)).toEqual([
      { city: "Paris" },
      { city: "Rome" },
    ]);

    const streamed = await collect(bedrock, first);
    const inputs = ["", ""];
    for (const { contentBlockDelta: delta } of streamed) {
      if (delta) inputs[delta.contentBlockIndex ?? 0] += delta.delta?.toolUse?.input ?? "";
    }
    expect(inputs).toEqual(['{"city":"Paris"}', '{"city":"Rome"}']);

    const second = await bedrock.send(
      new ConverseCommand({
        ...first,
        messages: [
          ...(first.messages ?? []),
          { role: "assistant", content: calls },
          user(
            ...calls.map(({ toolUse }) => ({
              toolResult: {
                toolUseId: toolUse?.toolUseId,
                content: [{ json: { degrees: 20 } }],
              },
            })),
          ),
        ],
      }),
    );
    expect(second.output?.message?.content).toEqual([
      { text: 'The tools said: {"degrees":20}; {"degrees":20}' },
    ]);
  });

  test("reasoning, signed", async () => {
    const bedrock = await start();
    const input: ConverseCommandInput = {
      ...say("hi"),
      inferenceConfig: { maxTokens: 4096 },
      additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 1024 } },
    };
    const { output } = await bedrock.send(new ConverseCommand(input));
    const reasoning = output?.message?.content?.[0]?.reasoningContent?.reasoningText;
    expect(reasoning?.text).toBe("The user said: hi");
    const streamed = await collect(bedrock, input);
    const deltas = streamed.map((event) => event.contentBlockDelta?.delta?.reasoningContent);
    expect(deltas.map((delta) => delta?.text ?? "").join("")).toBe(reasoning?.text);
    expect(deltas.find((delta) => delta?.signature)?.signature).toBe(reasoning?.signature);
  });

  test("cached prompts are written once and read after", async () => {
    const bedrock = await start();
    const input: ConverseCommandInput = {
      ...say("hi"),
      system: [{ text: "A long prompt." }, { cachePoint: { type: "default", ttl: "1h" } }],
    };
    const first = await bedrock.send(new ConverseCommand(input));
    const second = await bedrock.send(new ConverseCommand(input));
    expect(first.usage).toMatchObject({ cacheReadInputTokens: 0, cacheWriteInputTokens: 4 });
    expect(second.usage).toMatchObject({ cacheReadInputTokens: 4, cacheWriteInputTokens: 0 });
    expect(second.usage?.inputTokens).toBe(1);
  });

  test("an ARN in the path, signed", async () => {
    const bedrock = await start();
    const answer = await bedrock.send(new ConverseCommand({ ...say("hi"), modelId: PROFILE }));
    expect(answer.stopReason).toBe("end_turn");
  });
});

describe("refuses", () => {
  const refusal = (bedrock: BedrockRuntimeClient, input: unknown) =>
    bedrock.send(new ConverseCommand(input as ConverseCommandInput)).then(
      () => "accepted",
      (error: Error & { $metadata: { httpStatusCode?: number } }) =>
        `${error.$metadata.httpStatusCode} ${error.name}: ${error.message}`,
    );

  test.each<[string, object, string]>([
    ["no messages", { messages: [] }, "'messages'"],
    [
      "an assistant first",
      { messages: [{ role: "assistant", content: [{ text: "x" }] }] },
      "must start",
    ],
    ["two users", { messages: [user({ text: "a" }), user({ text: "b" })] }, "must alternate"],
    ["blank text", { messages: [user({ text: " " })] }, "is blank"],
    ["an empty message", { messages: [user()] }, "is empty"],
    ["a system prompt without text", { system: [{ text: "" }] }, "'system.0.text'"],
    [
      "no tokens to answer with",
      { inferenceConfig: { maxTokens: 0 } },
      "'inferenceConfig.maxTokens'",
    ],
    ["a temperature above 1", { inferenceConfig: { temperature: 1.5 } }, "temperature"],
    ["an empty stop sequence", { inferenceConfig: { stopSequences: [""] } }, "stopSequences"],
    [
      "an unknown image format",
      {
        messages: [
          user({ image: { format: "bmp", source: { bytes: Buffer.from("x") } } } as never),
        ],
      },
      "image.format",
    ],
    [
      "a tool name with a dot",
      { toolConfig: { tools: [{ toolSpec: { ...weather.toolSpec, name: "a.b" } }] } },
      "toolSpec.name",
    ],
    [
      "a tool without an object",
      {
        toolConfig: {
          tools: [{ toolSpec: { name: "a", inputSchema: { json: { type: "string" } } } }],
        },
      },
      "must be one of the following: object",
    ],
    [
      "a choice of an absent tool",
      { toolConfig: { tools: [weather], toolChoice: { tool: { name: "other" } } } },
      "not among",
    ],
    [
      "a document without text",
      {
        messages: [
          user({ document: { format: "pdf", name: "a", source: { bytes: Buffer.from("x") } } }),
        ],
      },
      "text block must be included",
    ],
    [
      "a tool result without a tool use",
      {
        toolConfig: { tools: [weather] },
        messages: [user({ toolResult: { toolUseId: "x", content: [{ text: "y" }] } })],
      },
      "exceeds the number of toolUse",
    ],
    [
      "tools in history without toolConfig",
      {
        messages: [
          user({ text: "a" }),
          { role: "assistant", content: [{ toolUse: { toolUseId: "x", name: "y", input: {} } }] },
          user({ toolResult: { toolUseId: "x", content: [{ text: "y" }] } }),
        ],
      },
      "toolConfig field must be defined",
    ],
    [
      "a tool use without a result",
      {
        toolConfig: { tools: [weather] },
        messages: [
          user({ text: "a" }),
          { role: "assistant", content: [{ toolUse: { toolUseId: "x", name: "y", input: {} } }] },
          user({ text: "b" }),
        ],
      },
      "Expected toolResult",
    ],
    [
      "unknown fields of the model",
      { additionalModelRequestFields: { reasoning_config: "high" } },
      "extraneous key",
    ],
    [
      "thinking above the tokens to answer with",
      {
        inferenceConfig: { maxTokens: 1024 },
        additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 2048 } },
      },
      "must be greater than",
    ],
    [
      "an open schema",
      {
        outputConfig: {
          textFormat: {
            type: "json_schema",
            structure: { jsonSchema: { schema: '{"type":"object"}' } },
          },
        },
      },
      "additionalProperties",
    ],
    ["an unknown model", { modelId: "anthropic.claude-9" }, "model identifier is invalid"],
  ])("%s", async (_, change, message) => {
    const bedrock = await start();
    const got = await refusal(bedrock, { ...say("hi"), ...change });
    expect(got).toMatch(/^400 ValidationException: /);
    expect(got).toContain(message);
  });

  test("members that the service model does not know", async () => {
    const bedrock = await start();
    const input = say("hi");
    bedrock.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { body: string; headers: Record<string, string> };
        request.body = JSON.stringify({ messages: input.messages, maxTokens: 5 });
        request.headers["content-length"] = String(Buffer.byteLength(request.body));
        return next(args);
      },
      { step: "build", priority: "low" },
    );
    expect(await refusal(bedrock, input)).toMatch(/400 ValidationException: .*maxTokens/);
  });

  test.each([
    ["another secret", { secretAccessKey: "wrong" }, "InvalidSignatureException"],
    ["another key id", { accessKeyId: "AKIAWRONG" }, "UnrecognizedClientException"],
    ["another region", { region: "eu-west-1" }, "InvalidSignatureException"],
    ["a session token", { sessionToken: "token" }, "UnrecognizedClientException"],
  ])("%s", async (_, overrides, name) => {
    await start();
    expect(await refusal(client(overrides), say("hi"))).toMatch(new RegExp(`^403 ${name}`));
  });

  test("a body other than the one that was signed, and no signature at all", async () => {
    const bedrock = await start();
    await bedrock.send(new ConverseCommand(say("hi")));
    const { path, headers, body } = standIn.requests[0] ?? { path: "", headers: {} };
    const send = (text: string, without?: string) =>
      fetch(standIn.url + path, {
        method: "POST",
        headers: Object.entries(headers).filter(
          ([name]) => !["host", "connection", "content-length", without].includes(name),
        ),
        body: text,
      });
    const same = String(body);
    expect((await send(same)).status).toBe(200);
    const other = await send(same.replace("hi", "ho"));
    expect(other.status).toBe(403);
    expect(other.headers.get("x-amzn-errortype")).toContain("InvalidSignatureException");
    const unsigned = await send(same, "authorization");
    expect(await unsigned.json()).toEqual({ message: "Missing Authentication Token" });
  });
});

describe("fails as it is told", () => {
  test("with a status, as often as asked, then not", async () => {
    const bedrock = await start({ failures: [{ kind: "status", status: 429, times: 2 }] });
    for (const expected of ["ThrottlingException", "ThrottlingException", "fine"]) {
      const got = await bedrock.send(new ConverseCommand(say("hi"))).then(
        () => "fine",
        (error: Error) => error.name,
      );
      expect(got).toBe(expected);
    }
  });

  test("only requests that match", async () => {
    const bedrock = await start();
    standIn.fail({ kind: "status", status: 503, match: "magic" });
    await bedrock.send(new ConverseCommand(say("hi")));
    await expect(bedrock.send(new ConverseCommand(say("magic")))).rejects.toThrow(
      expect.objectContaining({ name: "ServiceUnavailableException" }),
    );
  });

  test("with an exception in the stream", async () => {
    const bedrock = await start();
    standIn.fail({ kind: "stream-error", afterEvents: 2, type: "throttlingException" });
    await expect(collect(bedrock, say("hi"))).rejects.toThrow(
      expect.objectContaining({ name: "ThrottlingException" }),
    );
  });

  test("with a bad checksum", async () => {
    const bedrock = await start();
    standIn.fail({ kind: "corrupt", event: 1 });
    await expect(collect(bedrock, say("hi"))).rejects.toThrow(/checksum/);
  });

  test("with an end in the midst", async () => {
    const bedrock = await start();
    standIn.fail({ kind: "truncate", afterEvents: 2 });
    await expect(collect(bedrock, say("hi"))).rejects.toThrow();
  });

  test("with a reset, at once and in the midst", async () => {
    const bedrock = await start();
    standIn.fail({ kind: "reset" });
    await expect(bedrock.send(new ConverseCommand(say("hi")))).rejects.toThrow(
      /ECONNRESET|hang up/,
    );
    standIn.fail({ kind: "reset", afterBytes: 100 });
    await expect(collect(bedrock, say("hi"))).rejects.toThrow();
  });

  test("with compression", async () => {
    const bedrock = await start();
    await bedrock.send(new ConverseCommand(say("hi")));
    const { path, headers, body } = standIn.requests[0] ?? { path: "", headers: {} };
    standIn.fail({ kind: "compress", encoding: "gzip" });
    const { request } = await import("node:http");
    const compressed = await new Promise<Buffer>((resolve, reject) => {
      const outgoing = request(
        standIn.url + path,
        { method: "POST", headers },
        async (response) => {
          expect(response.headers["content-encoding"]).toBe("gzip");
          resolve(Buffer.concat(await response.toArray()));
        },
      );
      outgoing.on("error", reject).end(body);
    });
    expect(JSON.parse(gunzipSync(compressed).toString()).stopReason).toBe("end_turn");
  });

  test("slowly, and after a silence", async () => {
    const bedrock = await start();
    standIn.fail({ kind: "delay", ms: 60 });
    standIn.fail({ kind: "slow", ms: 10 });
    for (let turn = 0; turn < 2; turn += 1) {
      const started = performance.now();
      await collect(bedrock, say("hi"));
      expect(performance.now() - started).toBeGreaterThan(50);
    }
  });
});

test("is told to fail from another process", async () => {
  const bedrock = await start();
  await fetch(`${standIn.url}/_standin/failures`, {
    method: "POST",
    body: JSON.stringify({ kind: "status", status: 500 }),
  });
  await expect(bedrock.send(new ConverseCommand(say("hi")))).rejects.toThrow(
    expect.objectContaining({ name: "InternalServerException" }),
  );
  const recorded = (await (await fetch(`${standIn.url}/_standin/requests`)).json()) as unknown[];
  expect(recorded).toHaveLength(1);
});

test("canned answers need no signature and have the size that was asked for", async () => {
  const bedrock = await start({ canned: { chunks: 10, bytes: 1000 }, keepRequests: 0 });
  const whole = await bedrock.send(new ConverseCommand(say("hi")));
  expect(whole.output?.message?.content?.[0]?.text).toHaveLength(1000);
  const events = await collect(bedrock, say("hi"));
  const deltas = events.flatMap(({ contentBlockDelta }) => contentBlockDelta?.delta?.text ?? []);
  expect(deltas).toHaveLength(10);
  expect(deltas.join("")).toHaveLength(1000);
  expect(standIn.requests).toHaveLength(0);
});
