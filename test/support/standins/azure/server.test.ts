/** OpenAI's own client for Azure takes the stand-in for the real thing. */
import type OpenAI from "openai";
import { AzureOpenAI, toFile } from "openai";
import { OPENAI_ABILITIES } from "../../clients/abilities.ts";
import { openAiScenarios, responsesScenarios } from "../../clients/openai/scenarios.ts";
import { applicable } from "../../clients/scenario.ts";
import type { StandIn } from "../standin.ts";
import { AZURE_KEY, AZURE_TOKEN, startAzure } from "./server.ts";

let standIn: StandIn;
beforeAll(async () => {
  standIn = await startAzure();
});
afterAll(() => standIn.close());

const azure = (deployment: string, apiVersion = "2024-10-21", apiKey = AZURE_KEY) =>
  new AzureOpenAI({ endpoint: standIn.url, apiKey, apiVersion, deployment, maxRetries: 0 });
const messages = [{ role: "user" as const, content: "Hello there" }];

test("converses, whole and streamed, and tells what was filtered", async () => {
  const client = azure("team-chat");
  const request = { model: "whatever", messages };
  const whole = await client.chat.completions.create(request);
  expect(whole.choices[0]?.message.content).toBe("You said: Hello there");
  expect(whole.model).toBe("gpt-4o");
  expect(whole).toMatchObject({ prompt_filter_results: [{ prompt_index: 0 }] });
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  for await (const chunk of await client.chat.completions.create({ ...request, stream: true })) {
    chunks.push(chunk);
  }
  expect(chunks[0]).toMatchObject({ id: "", choices: [] });
  expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe(
    "You said: Hello there",
  );
});

test("does the other work of its deployments", async () => {
  const { data } = await azure("team-embeddings").embeddings.create({ model: "", input: "a" });
  expect(data).toHaveLength(1);
  const file = await toFile(Buffer.from("sound"), "a.wav");
  const heard = await azure("team-transcribe").audio.transcriptions.create({ file, model: "" });
  expect(heard.text).toBe("I heard 5 bytes");
});

test("has responses where the version has them", async () => {
  const responses = (version: string) =>
    azure("team-chat", version).responses.create({ model: "team-chat", input: "Hello" });
  expect((await responses("2025-04-01-preview")).output_text).toBe("You said: Hello");
  await expect(responses("2024-10-21")).rejects.toMatchObject({ status: 400 });
});

test("lets tokens in, and no wrong keys, deployments and versions", async () => {
  const withToken = new AzureOpenAI({
    endpoint: standIn.url,
    azureADTokenProvider: async () => AZURE_TOKEN,
    apiVersion: "2024-10-21",
    deployment: "team-chat",
    maxRetries: 0,
  });
  await withToken.chat.completions.create({ model: "", messages });
  const call = (client: AzureOpenAI) => client.chat.completions.create({ model: "", messages });
  await expect(call(azure("team-chat", "2024-10-21", "wrong"))).rejects.toMatchObject({
    status: 401,
  });
  await expect(call(azure("other"))).rejects.toMatchObject({
    status: 404,
    code: "DeploymentNotFound",
  });
  await expect(call(azure("team-chat", "latest"))).rejects.toMatchObject({ status: 404 });
});

/** Azure's first chunk is about the prompt: it has no choice, and no id. */
const AZURE_STREAMS_OTHERWISE = "streams the same answer, without usage that was not asked for";

/** Azure lists models elsewhere. */
const ABILITIES = OPENAI_ABILITIES.filter((ability) => ability !== "list-models");

describe("the client `openai` at the newer paths", () => {
  const scenarios = applicable([...openAiScenarios, ...responsesScenarios], ABILITIES);
  test.each(scenarios.filter(({ name }) => name !== AZURE_STREAMS_OTHERWISE))("$name", ({ run }) =>
    run({
      baseUrl: `${standIn.url}/openai/v1`,
      apiKey: AZURE_TOKEN,
      model: "team-chat",
      reasoningModel: "team-reasoning",
    }),
  );
});
