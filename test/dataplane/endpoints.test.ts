/**
 * Endpoints beside conversation, by the vendors' own clients, on real Envoy: through the native lane
 * and, where a cost makes it necessary, through ext_proc, with the same answers and the same counts.
 */
import Anthropic from "@anthropic-ai/sdk";
import { CohereClientV2 } from "cohere-ai";
import OpenAI from "openai";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import {
  backendResource,
  documents,
  gatewayResource,
  routeResource,
} from "../support/resources.ts";
import {
  ANTHROPIC_KEY,
  ANTHROPIC_MODELS,
  startAnthropic,
} from "../support/standins/anthropic/server.ts";
import { COHERE_KEY, COHERE_MODELS, startCohere } from "../support/standins/cohere/server.ts";
import { OPENAI_KEY, startOpenAi } from "../support/standins/openai/server.ts";
import { OPENAI_TASK_MODELS, sound, vector } from "../support/standins/openai/tasks.ts";
import type { StandIn } from "../support/standins/standin.ts";
import { startVllm, VLLM_MODEL } from "../support/standins/vllm/server.ts";

jest.setTimeout(60_000);

/** The second cost is a program's business, so that every request goes through ext_proc. */
const COSTS = {
  native: "{metadataKey: in, type: InputToken}, {metadataKey: out, type: OutputToken}",
  translated:
    "{metadataKey: in, type: InputToken}, {metadataKey: out, type: CEL, cel: output_tokens}",
};

describe.each(Object.entries(COSTS))("%s", (lane, costs) => {
  let standIns: StandIn[];
  let gateway: TestGateway;
  let openai: OpenAI;

  beforeAll(async () => {
    standIns = await Promise.all([startOpenAi(), startVllm(), startCohere(), startAnthropic()]);
    const [openAi, vllm, cohere, anthropic] = standIns as [StandIn, StandIn, StandIn, StandIn];
    const rule = (model: string, name: string) => ({ model, backends: `[{name: ${name}}]` });
    gateway = await startTestGateway(
      documents(
        gatewayResource(),
        routeResource(
          [
            ...OPENAI_TASK_MODELS.map((model) => rule(model, "openai")),
            rule(VLLM_MODEL, "vllm"),
            ...COHERE_MODELS.map((model) => rule(model, "cohere")),
            ...ANTHROPIC_MODELS.slice(0, 1).map((model) => rule(model, "anthropic")),
            {
              model: "my-embeddings",
              backends: "[{name: openai, modelNameOverride: text-embedding-3-small}]",
            },
          ],
          `llmRequestCosts: [${costs}]`,
        ),
        backendResource("openai", {
          port: openAi.port,
          key: { type: "APIKey", value: OPENAI_KEY },
        }),
        backendResource("vllm", { port: vllm.port }),
        backendResource("cohere", {
          schema: "Cohere",
          port: cohere.port,
          key: { type: "APIKey", value: COHERE_KEY },
        }),
        backendResource("anthropic", {
          schema: "Anthropic",
          port: anthropic.port,
          key: { type: "AnthropicAPIKey", value: ANTHROPIC_KEY },
        }),
      ),
    );
    openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "none", maxRetries: 0 });
  });
  afterAll(async () => {
    await gateway?.close();
    await Promise.all((standIns ?? []).map((standIn) => standIn.close()));
  });

  /** What the request before cost, from Envoy's own log, whose line comes a moment later. */
  async function cost(): Promise<Record<string, unknown>> {
    while (gateway.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const { metadata } = gateway.requests.pop() as { metadata: Record<string, unknown> };
    return metadata;
  }
  beforeEach(() => {
    gateway.requests.length = 0;
  });

  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(gateway.url + path, { method: "POST", body: JSON.stringify(body) });

  test("embeddings, as floats and as the base64 that clients ask for by default", async () => {
    for (const encoding_format of [undefined, "float"] as const) {
      const { data, model } = await openai.embeddings.create({
        model: "my-embeddings",
        input: ["first text", "second"],
        ...(encoding_format && { encoding_format }),
      });
      expect(model).toBe("text-embedding-3-small");
      expect(data.map(({ embedding }) => embedding.map((n) => n.toFixed(4)))).toEqual(
        ["first text", "second"].map((text) => vector(text).map((n) => n.toFixed(4))),
      );
      expect(await cost()).toMatchObject({ in: 5, out: 0 });
    }
  });

  test("completions, whole and streamed", async () => {
    const request = { model: "gpt-3.5-turbo-instruct", prompt: "Once upon a time" };
    const whole = await openai.completions.create(request);
    expect(whole.choices[0]?.text).toBe("You wrote: Once upon a time");
    expect(await cost()).toMatchObject({ in: 4, out: 7 });
    let streamed = "";
    for await (const chunk of await openai.completions.create({ ...request, stream: true })) {
      expect(chunk.choices).toHaveLength(1);
      streamed += chunk.choices[0]?.text;
    }
    expect(streamed).toBe(whole.choices[0]?.text);
    expect(await cost()).toMatchObject({ in: 4, out: 7 });
  });

  test("images: tokens where the model tells them, nothing where it does not", async () => {
    const told = await openai.images.generate({ model: "gpt-image-1", prompt: "otter", n: 2 });
    expect(told.data).toHaveLength(2);
    expect(await cost()).toMatchObject({ in: 2, out: 544 });
    const untold = await openai.images.generate({ model: "dall-e-3", prompt: "otter" });
    expect(untold.data?.[0]?.url).toMatch(/^https:/);
    expect(await cost()).toMatchObject({ in: 0, out: 0 });
    const types: string[] = [];
    const stream = await openai.images.generate({
      model: "gpt-image-1",
      prompt: "otter",
      stream: true,
      partial_images: 1,
    });
    for await (const { type } of stream) types.push(type);
    expect(types).toEqual(["image_generation.partial_image", "image_generation.completed"]);
    expect(await cost()).toMatchObject({ in: 2, out: 272 });
  });

  test("speech: bytes as they are, and as events with their usage", async () => {
    const request = { model: "gpt-4o-mini-tts", voice: "alloy", input: "Hello \u0007 there" };
    const answer = await openai.audio.speech.create(request);
    expect(answer.headers.get("content-type")).toBe("audio/mpeg");
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(sound(request.input));
    expect(await cost()).toMatchObject({ in: 0, out: 0 });
    const events = await openai.audio.speech.create({ ...request, stream_format: "sse" });
    expect(events.headers.get("content-type")).toMatch(/^text\/event-stream/);
    expect(await events.text()).toMatch(/speech\.audio\.done/);
    expect(await cost()).toMatchObject({ in: 4, out: 50 });
  });

  test("moderations and counts cost nothing", async () => {
    const { results } = await openai.moderations.create({
      model: "omni-moderation-latest",
      input: "violence",
    });
    expect(results[0]?.flagged).toBe(true);
    expect(await cost()).toMatchObject({ in: 0, out: 0 });
    const { input_tokens } = await openai.responses.inputTokens.count({
      model: "gpt-3.5-turbo-instruct",
      input: "Tell me a joke.",
    });
    expect(input_tokens).toBeGreaterThan(3);
    expect(await cost()).toMatchObject({ in: 0, out: 0 });
    const anthropic = new Anthropic({ baseURL: `${gateway.url}/anthropic`, apiKey: "none" });
    const counted = await anthropic.messages.countTokens({
      model: ANTHROPIC_MODELS[0] ?? "",
      messages: [{ role: "user", content: "Hello there" }],
    });
    expect(counted.input_tokens).toBeGreaterThan(0);
    expect(await cost()).toMatchObject({ in: 0, out: 0 });
  });

  test("rerank by Cohere's client and in Jina's shape", async () => {
    const query = "capital of France";
    const texts = ["Bread of France", "Paris is the capital of France"];
    const cohere = new CohereClientV2({ token: "none", environment: `${gateway.url}/cohere` });
    const { results } = await cohere.rerank({ model: "rerank-v3.5", query, documents: texts });
    expect(results.map(({ index }) => index)).toEqual([1, 0]);
    const answer = await post("/v1/rerank", { model: VLLM_MODEL, query, documents: texts });
    expect(await answer.json()).toMatchObject({ results: [{ index: 1 }, { index: 0 }] });
  });

  test("vLLM's tokenizer, beside /v1, in both of its forms", async () => {
    const text = await post("/tokenize", { model: VLLM_MODEL, prompt: "Hello world" });
    expect(await text.json()).toMatchObject({ count: 3, tokens: [0, 1, 2] });
    const messages = [{ role: "user", content: "Hello world" }];
    const chat = await post("/tokenize", { model: VLLM_MODEL, messages });
    expect(await chat.json()).toHaveProperty("count");
  });

  test("goes through the lane that it should, and errors keep the client's shape", async () => {
    await expect(
      openai.embeddings.create({ model: "dall-e-3", input: [] as string[] }),
    ).rejects.toMatchObject({ status: 400, param: "input" });
    const refused = await post("/cohere/v2/rerank", { model: "nobody's" });
    expect(refused.status).toBe(404);
    expect(await refused.json()).toEqual({
      message: expect.stringContaining("nobody's"),
    });
    const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
    // A stream of completions that does not ask for its usage always goes through ext_proc.
    const others = metrics.split("\n").filter((line) => !line.includes('name="completion"'));
    const lanes = [...others.join("\n").matchAll(/aigw_lane="(\w+)"/g)].map(([, name]) => name);
    expect(new Set(lanes)).toEqual(new Set([lane]));
  });
});
