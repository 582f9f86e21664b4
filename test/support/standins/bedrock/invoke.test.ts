import {
  BedrockRuntimeClient,
  CountTokensCommand,
  InvokeModelCommand,
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
