/**
 * Endpoints beside conversation, by the vendors' own clients, on real Envoy: through the native lane
 * and, where a cost makes it necessary, through ext_proc, with the same answers and the same counts.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import Anthropic from "@anthropic-ai/sdk";
import { CohereClientV2 } from "cohere-ai";
import OpenAI from "openai";
import { ensurePython } from "../support/clients/python/environment.ts";
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
import { OPENAI_FORM_MODELS } from "../support/standins/openai/forms.ts";
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
    const override = (model: string, other: string) => ({
      model,
      backends: `[{name: openai, modelNameOverride: ${other}}]`,
    });
    gateway = await startTestGateway(
      documents(
        gatewayResource(),
        routeResource(
          [
            ...[...OPENAI_TASK_MODELS, ...OPENAI_FORM_MODELS].map((model) => rule(model, "openai")),
            override("my-embeddings", "text-embedding-3-small"),
            override("my-ears", "gpt-4o-transcribe"),
          ],
          `llmRequestCosts: [${costs}]`,
        ),
        routeResource(
          [
            rule(VLLM_MODEL, "vllm"),
            ...COHERE_MODELS.map((model) => rule(model, "cohere")),
            ...ANTHROPIC_MODELS.slice(0, 1).map((model) => rule(model, "anthropic")),
          ],
          `llmRequestCosts: [${costs}]`,
          "others",
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

  /** What the last request to this path cost, from Envoy's own log, whose line comes a moment later. */
  async function cost(path: string): Promise<Record<string, unknown>> {
    for (const end = Date.now() + 5000; Date.now() < end; ) {
      // Native requests are logged with the provider's path.
      const at = gateway.requests.findIndex((line) => String(line.path).endsWith(path));
      const [line] = at < 0 ? [] : gateway.requests.splice(at, 1);
      if (line !== undefined) return line.metadata as Record<string, unknown>;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`no request to ${path} was logged`);
  }

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
      expect(await cost("/v1/embeddings")).toMatchObject({ in: 5, out: 0 });
    }
  });

  test("completions, whole and streamed", async () => {
    const request = { model: "gpt-3.5-turbo-instruct", prompt: "Once upon a time" };
    const whole = await openai.completions.create(request);
    expect(whole.choices[0]?.text).toBe("You wrote: Once upon a time");
    expect(await cost("/v1/completions")).toMatchObject({ in: 4, out: 7 });
    let streamed = "";
    for await (const chunk of await openai.completions.create({ ...request, stream: true })) {
      expect(chunk.choices).toHaveLength(1);
      streamed += chunk.choices[0]?.text;
    }
    expect(streamed).toBe(whole.choices[0]?.text);
    expect(await cost("/v1/completions")).toMatchObject({ in: 4, out: 7 });
  });

  test("images: tokens where the model tells them, nothing where it does not", async () => {
    const told = await openai.images.generate({ model: "gpt-image-1", prompt: "otter", n: 2 });
    expect(told.data).toHaveLength(2);
    expect(await cost("/v1/images/generations")).toMatchObject({ in: 2, out: 544 });
    const untold = await openai.images.generate({ model: "dall-e-3", prompt: "otter" });
    expect(untold.data?.[0]?.url).toMatch(/^https:/);
    expect(await cost("/v1/images/generations")).toMatchObject({ in: 0, out: 0 });
    const types: string[] = [];
    const stream = await openai.images.generate({
      model: "gpt-image-1",
      prompt: "otter",
      stream: true,
      partial_images: 1,
    });
    for await (const { type } of stream) types.push(type);
    expect(types).toEqual(["image_generation.partial_image", "image_generation.completed"]);
    expect(await cost("/v1/images/generations")).toMatchObject({ in: 2, out: 272 });
  });

  test("speech: bytes as they are, and as events with their usage", async () => {
    const request = { model: "gpt-4o-mini-tts", voice: "alloy", input: "Hello \u0007 there" };
    const answer = await openai.audio.speech.create(request);
    expect(answer.headers.get("content-type")).toBe("audio/mpeg");
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(sound(request.input));
    expect(await cost("/v1/audio/speech")).toMatchObject({ in: 0, out: 0 });
    const events = await openai.audio.speech.create({ ...request, stream_format: "sse" });
    expect(events.headers.get("content-type")).toMatch(/^text\/event-stream/);
    expect(await events.text()).toMatch(/speech\.audio\.done/);
    expect(await cost("/v1/audio/speech")).toMatchObject({ in: 4, out: 50 });
  });

  const recording = (bytes: number) => new File([Buffer.alloc(bytes, "--\r\n-")], "a.wav");

  test("transcriptions: the file as it is, another model in its place, whole and streamed", async () => {
    const request = { file: recording(100_000), model: "my-ears" };
    const { text } = await openai.audio.transcriptions.create(request);
    expect(text).toBe("I heard 100000 bytes");
    expect(await cost("/v1/audio/transcriptions")).toMatchObject({ in: 14, out: 5 });
    let streamed = "";
    for await (const event of await openai.audio.transcriptions.create({
      ...request,
      stream: true,
    })) {
      if (event.type === "transcript.text.delta") streamed += event.delta;
    }
    expect(streamed).toBe(text);
    expect(await cost("/v1/audio/transcriptions")).toMatchObject({ in: 14, out: 5 });
    const subtitles = await openai.audio.transcriptions.create({
      file: recording(7),
      model: "whisper-1",
      response_format: "srt",
      timestamp_granularities: ["word", "segment"],
    });
    expect(subtitles).toBe("I heard 7 bytes\n");
    expect(await cost("/v1/audio/transcriptions")).toMatchObject({ in: 0, out: 0 });
  });

  test("translations, edits and variations of images", async () => {
    const { text } = await openai.audio.translations.create({
      file: recording(10),
      model: "whisper-1",
    });
    expect(text).toBe("I heard 10 bytes");
    const { usage } = await openai.images.edit({
      model: "gpt-image-1",
      image: new File(["not really"], "a.png", { type: "image/png" }),
      prompt: "A hat",
    });
    expect(usage?.output_tokens).toBe(272);
    const { data } = await openai.images.createVariation({
      model: "dall-e-2",
      image: new File(["not really"], "a.png", { type: "image/png" }),
      n: 2,
    });
    expect(data?.map(({ b64_json }) => b64_json?.slice(0, 4))).toEqual(["iVBO", "iVBO"]);
  });

  test("forms that could be read in two ways are refused", async () => {
    const form = new FormData();
    form.append("model", "whisper-1");
    form.append("model", "gpt-4o-transcribe");
    form.append("file", recording(10));
    const answer = await fetch(`${gateway.url}/v1/audio/transcriptions`, {
      method: "POST",
      body: form,
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { message: expect.stringContaining('more than one "model"') },
    });
  });

  test("an upload of 25 MB, by Python's client", async () => {
    const script = `
import io, sys
from openai import OpenAI
client = OpenAI(base_url=sys.argv[1], api_key="none", max_retries=0)
sound = io.BytesIO(bytes(range(256)) * (25 * 1024 * 4))
sound.name = "long.wav"
print(client.audio.transcriptions.create(file=sound, model="my-ears").text)
print(client.embeddings.create(model="my-embeddings", input="first text").data[0].embedding[0])
`;
    const { stdout } = await promisify(execFile)(await ensurePython(), [
      "-c",
      script,
      `${gateway.url}/v1`,
    ]);
    expect(stdout.split("\n").slice(0, 2)).toEqual([
      "I heard 26214400 bytes",
      expect.stringMatching(/^0\.1958/),
    ]);
  });

  test("moderations and counts cost nothing", async () => {
    const { results } = await openai.moderations.create({
      model: "omni-moderation-latest",
      input: "violence",
    });
    expect(results[0]?.flagged).toBe(true);
    expect(await cost("/v1/moderations")).toMatchObject({ in: 0, out: 0 });
    const { input_tokens } = await openai.responses.inputTokens.count({
      model: "gpt-3.5-turbo-instruct",
      input: "Tell me a joke.",
    });
    expect(input_tokens).toBeGreaterThan(3);
    expect(await cost("/v1/responses/input_tokens")).toMatchObject({ in: 0, out: 0 });
    const anthropic = new Anthropic({ baseURL: `${gateway.url}/anthropic`, apiKey: "none" });
    const counted = await anthropic.messages.countTokens({
      model: ANTHROPIC_MODELS[0] ?? "",
      messages: [{ role: "user", content: "Hello there" }],
    });
    expect(counted.input_tokens).toBeGreaterThan(0);
    expect(await cost("/v1/messages/count_tokens")).toMatchObject({ in: 0, out: 0 });
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
