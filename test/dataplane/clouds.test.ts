/**
 * Endpoints beside conversation on the clouds, by the vendors' own clients: Azure by deployment, Vertex
 * AI by its methods, counts of tokens by everyone who counts. The stand-ins refuse what the clouds refuse.
 */
import Anthropic from "@anthropic-ai/sdk";
import { CohereClientV2 } from "cohere-ai";
import OpenAI, { toFile } from "openai";
import {
  BACKENDS,
  type BackendName,
  type EveryBackend,
  startEveryBackend,
} from "../support/every-backend.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import { sound, vector } from "../support/standins/openai/tasks.ts";

jest.setTimeout(60_000);

let every: EveryBackend;
let gateway: TestGateway;
let openai: OpenAI;
let cohere: CohereClientV2;
let anthropic: Anthropic;

beforeAll(async () => {
  every = await startEveryBackend();
  gateway = await startTestGateway(every.resources);
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "none", maxRetries: 0 });
  cohere = new CohereClientV2({ token: "none", environment: `${gateway.url}/cohere` });
  anthropic = new Anthropic({
    baseURL: `${gateway.url}/anthropic`,
    apiKey: "none",
    maxRetries: 0,
  });
});
afterAll(async () => {
  await gateway?.close();
  await every?.close();
});

const rounded = (numbers: readonly number[]) => numbers.map((number) => number.toFixed(4));
const lastPath = (backend: BackendName) => every.standIn(backend).requests.at(-1)?.path;

test.each(["team-embeddings", "text-embedding-005"])(
  "embeddings of a batch, in a length of one's own, by %s",
  async (model) => {
    const { data, usage } = await openai.embeddings.create({
      model,
      input: ["first", "second"],
      dimensions: 4,
    });
    expect(data.map(({ embedding }) => rounded(embedding))).toEqual([
      rounded(vector("first", 4)),
      rounded(vector("second", 4)),
    ]);
    expect(usage).toEqual({ prompt_tokens: 4, total_tokens: 4 });
  },
);

test("Gemini's newer embeddings, and Cohere's client with what a text is for", async () => {
  const model = "gemini-embedding-2";
  const { data } = await openai.embeddings.create({ model, input: "first" });
  expect(rounded(data[0]?.embedding ?? [])).toEqual(rounded(vector("first")));
  const { embeddings } = await cohere.embed({
    model: "text-embedding-005",
    texts: ["first"],
    inputType: "search_document",
    embeddingTypes: ["float"],
  });
  expect(rounded(embeddings.float?.[0] ?? [])).toEqual(rounded(vector("first")));
  const sent = JSON.parse(every.standIn("vertex").requests.at(-1)?.body.toString() ?? "");
  expect(sent.instances).toEqual([{ content: "first", task_type: "RETRIEVAL_DOCUMENT" }]);
});

test("Azure's completions, whole and streamed, by deployment", async () => {
  const request = { model: "team-completions", prompt: "Once upon a time" };
  const whole = await openai.completions.create(request);
  let streamed = "";
  for await (const { choices } of await openai.completions.create({ ...request, stream: true })) {
    streamed += choices[0]?.text ?? "";
  }
  expect([streamed, whole.choices[0]?.text]).toEqual(Array(2).fill("You wrote: Once upon a time"));
  expect(lastPath("azure")).toMatch(/^\/openai\/deployments\/team-completions\/completions\?api-/);
});

test.each(["team-images", "imagen-4.0-generate-001"])("pictures by %s", async (model) => {
  const { data } = await openai.images.generate({ model, prompt: "otter", n: 2 });
  expect(data?.map(({ b64_json }) => b64_json?.slice(0, 4))).toEqual(["iVBO", "iVBO"]);
});

test("what Imagen's filter stops is the request's fault", async () => {
  await expect(
    openai.images.generate({ model: "imagen-4.0-generate-001", prompt: "violence" }),
  ).rejects.toMatchObject({ status: 400, message: expect.stringContaining("policy") });
});

test("Azure hears: the file as it is, whole and streamed, by deployment", async () => {
  const file = await toFile(sound("hello"), "a.mp3");
  const { text } = await openai.audio.transcriptions.create({ model: "team-transcribe", file });
  let streamed = "";
  const stream = await openai.audio.transcriptions.create({
    model: "team-transcribe",
    file,
    stream: true,
  });
  for await (const event of stream) {
    if (event.type === "transcript.text.delta") streamed += event.delta;
  }
  expect([text, streamed]).toEqual(Array(2).fill(`I heard ${sound("hello").length} bytes`));
  const translated = await openai.audio.translations.create({ model: "team-whisper", file });
  expect(translated.text).toBeTruthy();
  expect(lastPath("azure")).toContain("/deployments/team-whisper/audio/translations?");
});

test("Azure speaks: bytes as they are, and events", async () => {
  const request = { model: "team-speech", input: "one two", voice: "alloy" };
  const whole = await openai.audio.speech.create(request);
  expect(Buffer.from(await whole.arrayBuffer())).toEqual(sound("one two"));
  const events = await openai.audio.speech.create({ ...request, stream_format: "sse" });
  expect(await events.text()).toContain('"type":"speech.audio.done"');
});

test.each(["bedrock", "aws-anthropic"] as const)(
  "betas that Anthropic's client asks for in a header stand in the body at AWS: %s",
  async (backend) => {
    await anthropic.beta.messages.create({
      model: BACKENDS[backend].model,
      max_tokens: 20,
      messages: [{ role: "user", content: "hello" }],
      betas: ["context-1m-2025-08-07"],
    });
    const sent = JSON.parse(every.standIn(backend).requests.at(-1)?.body.toString() ?? "");
    expect({ ...sent.additionalModelRequestFields, ...sent }).toMatchObject({
      anthropic_beta: ["context-1m-2025-08-07"],
    });
  },
);

test("Vertex AI ranks, for Cohere's client and in Jina's shape", async () => {
  const model = "semantic-ranker-default@latest";
  const query = "capital of France";
  const documents = ["Bread of France", "Paris is the capital of France", "Nothing"];
  const { results } = await cohere.rerank({ model, query, documents, topN: 2 });
  expect(results).toMatchObject([{ index: 1, relevanceScore: 1 }, { index: 0 }]);
  const answer = await fetch(`${gateway.url}/v1/rerank`, {
    method: "POST",
    body: JSON.stringify({ model, query, documents }),
  });
  expect(await answer.json()).toMatchObject({
    results: [{ index: 1 }, { index: 0 }, { index: 2, relevance_score: 0 }],
  });
});

/** Cohere counts nothing in advance. */
const counting = Object.entries(BACKENDS).filter(([name]) => name !== "cohere");
test.each(counting)("counts of tokens, with tools, by %s", async (_, { model }) => {
  const { input_tokens } = await anthropic.messages.countTokens({
    model,
    system: "Be terse.",
    messages: [
      { role: "user", content: "Hello there" },
      { role: "assistant", content: "Yes?" },
      { role: "user", content: [{ type: "text", text: "Count this" }] },
    ],
    tools: [{ name: "f", input_schema: { type: "object", properties: { a: { type: "string" } } } }],
  });
  expect(input_tokens).toBeGreaterThan(5);
});

test("input tokens of a response, by OpenAI and by Azure", async () => {
  for (const model of ["gpt-4o-mini", "team-chat"]) {
    const { input_tokens } = await openai.responses.inputTokens.count({ model, input: "Hello" });
    expect(input_tokens).toBeGreaterThan(1);
  }
  expect(lastPath("azure")).toBe("/openai/v1/responses/input_tokens");
});
