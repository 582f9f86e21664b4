import AnthropicBedrock from "@anthropic-ai/bedrock-sdk";
import {
  BedrockRuntimeClient,
  CountTokensCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { StandIn } from "../standin.ts";
import { BEDROCK_CREDENTIALS, BEDROCK_REGION, startBedrock } from "./server.ts";

let standIn: StandIn;
let client: BedrockRuntimeClient;

beforeAll(async () => {
  standIn = await startBedrock();
  client = new BedrockRuntimeClient({
    region: BEDROCK_REGION,
    endpoint: standIn.url,
    credentials: BEDROCK_CREDENTIALS,
    // The client's own choice is HTTP/2, which the stand-in does not speak.
    requestHandler: new NodeHttpHandler(),
  });
});
afterAll(() => {
  client.destroy();
  return standIn.close();
});

const invoke = async (modelId: string, body: unknown): Promise<unknown> => {
  const answer = await client.send(
    new InvokeModelCommand({
      modelId,
      body: JSON.stringify(body),
      contentType: "application/json",
    }),
  );
  return JSON.parse(new TextDecoder().decode(answer.body));
};

test("AWS's own client invokes models", async () => {
  const body = { inputText: "hello", dimensions: 256 };
  expect(await invoke("amazon.titan-embed-text-v2:0", body)).toMatchObject({
    inputTextTokenCount: 2,
  });
  await expect(
    invoke("amazon.titan-embed-text-v2:0", { ...body, dimensions: 3 }),
  ).rejects.toMatchObject({ name: "ValidationException" });
  await expect(invoke("amazon.unknown", {})).rejects.toMatchObject({ name: "ValidationException" });
});

test("AWS's own client counts tokens, of models and not of profiles", async () => {
  const messages = [{ role: "user" as const, content: [{ text: "Hello there" }] }];
  const count = (modelId: string) =>
    client.send(new CountTokensCommand({ modelId, input: { converse: { messages } } }));
  expect((await count("anthropic.claude-sonnet-4-5-20250929-v1:0")).inputTokens).toBe(3);
  await expect(count("us.anthropic.claude-sonnet-4-5-20250929-v1:0")).rejects.toMatchObject({
    name: "ValidationException",
  });
});

describe("Anthropic's own client for Bedrock", () => {
  const claude = () =>
    new AnthropicBedrock({
      baseURL: standIn.url,
      awsRegion: BEDROCK_REGION,
      awsAccessKey: BEDROCK_CREDENTIALS.accessKeyId,
      awsSecretKey: BEDROCK_CREDENTIALS.secretAccessKey,
      maxRetries: 0,
    });
  const request = {
    model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    max_tokens: 2000,
    messages: [{ role: "user" as const, content: "Hello there" }],
    thinking: { type: "enabled" as const, budget_tokens: 1024 },
  };

  test("converses, whole and streamed", async () => {
    const whole = await claude().messages.create(request);
    expect(whole.content.map(({ type }) => type)).toEqual(["thinking", "text"]);
    const streamed = await claude().messages.stream(request).finalMessage();
    expect(streamed.content).toEqual(whole.content);
    expect(streamed.usage.output_tokens).toBe(whole.usage.output_tokens);
  });

  test("is told what is wrong", async () => {
    await expect(
      claude().messages.create({ ...request, service_tier: "auto" }),
    ).rejects.toMatchObject({ status: 400, message: expect.stringContaining("service_tier") });
  });
});

test("AWS's own client reads Claude's stream, piece by piece", async () => {
  const { body } = await client.send(
    new InvokeModelWithResponseStreamCommand({
      modelId: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
      contentType: "application/json",
      body: JSON.stringify({
        anthropic_version: "bedrock-2023-05-31",
        max_tokens: 100,
        messages: [{ role: "user", content: "Hello there" }],
      }),
    }),
  );
  const types: string[] = [];
  for await (const { chunk } of body ?? []) {
    types.push(JSON.parse(new TextDecoder().decode(chunk?.bytes)).type);
  }
  expect(types[0]).toBe("message_start");
  expect(types.at(-1)).toBe("message_stop");
});
