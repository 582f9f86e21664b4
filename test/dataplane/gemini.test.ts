/**
 * Google's own client, unmodified, through real Envoy: to Gemini itself, whose bytes go by, and to
 * providers that speak other protocols. The model stands in the path.
 */
import { setTimeout } from "node:timers/promises";
import { runInThisContext } from "node:vm";
import { type GenerateContentParameters, GoogleGenAI } from "@google/genai";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import {
  backendResource,
  documents,
  gatewayResource,
  routeResource,
} from "../support/resources.ts";
import { ANTHROPIC_KEY, startAnthropic } from "../support/standins/anthropic/server.ts";
import {
  GOOGLE_PROJECT,
  GOOGLE_REGION,
  GOOGLE_TOKEN,
  startGoogle,
} from "../support/standins/google/server.ts";
import { OPENAI_KEY, startOpenAi } from "../support/standins/openai/server.ts";
import type { StandIn } from "../support/standins/standin.ts";

jest.setTimeout(60_000);

let standIns: StandIn[];
let gateway: TestGateway;
let client: GoogleGenAI;

/** Where Node keeps what its own fetch connects by; Google's client looks for it there, which jest hides. */
const DISPATCHER = Symbol.for("undici.globalDispatcher.1");

beforeAll(async () => {
  standIns = await Promise.all([startGoogle(), startAnthropic(), startOpenAi()]);
  const [google, anthropic, openai] = standIns.map(({ port }) => port) as [number, number, number];
  const prefix = `v1/projects/${GOOGLE_PROJECT}/locations/${GOOGLE_REGION}`;
  gateway = await startTestGateway(
    documents(
      gatewayResource(),
      routeResource(
        [
          { model: "gemini-2.5-flash", backends: "[{name: google}]" },
          {
            model: "team/claude:1",
            backends: "[{name: anthropic, modelNameOverride: claude-sonnet-4-5}]",
          },
          { model: "gpt", backends: "[{name: openai, modelNameOverride: gpt-4o}]" },
        ],
        "llmRequestCosts: [{metadataKey: in, type: InputToken}]",
      ),
      backendResource("google", {
        schema: `GCPVertexAI, prefix: ${prefix}`,
        port: google,
        key: { type: "APIKey", value: GOOGLE_TOKEN },
      }),
      backendResource("anthropic", {
        schema: "Anthropic",
        port: anthropic,
        key: { type: "AnthropicAPIKey", value: ANTHROPIC_KEY },
      }),
      backendResource("openai", { port: openai, key: { type: "APIKey", value: OPENAI_KEY } }),
    ),
  );
  Object.assign(globalThis, {
    [DISPATCHER]: runInThisContext("new Headers(), globalThis")[DISPATCHER],
  });
  client = new GoogleGenAI({
    apiKey: "of-the-client",
    vertexai: false,
    httpOptions: { baseUrl: gateway.url, retryOptions: { attempts: 1 } },
  });
});
afterAll(async () => {
  await gateway?.close();
  await Promise.all((standIns ?? []).map((standIn) => standIn.close()));
});

const MODELS = ["gemini-2.5-flash", "team/claude:1", "gpt"];
const asked = (model: string): GenerateContentParameters => ({
  model,
  contents: [{ role: "user", parts: [{ text: "Say hello" }] }],
  config: { maxOutputTokens: 200 },
});

test.each(MODELS)("a whole answer of %s, and what it took", async (model) => {
  const answer = await client.models.generateContent(asked(model));
  expect(answer.text).not.toBe("");
  expect(answer.candidates?.[0]?.finishReason).toBe("STOP");
  expect(answer.usageMetadata?.promptTokenCount).toBeGreaterThan(0);
  expect(answer.usageMetadata?.candidatesTokenCount).toBeGreaterThan(0);
});

test.each(MODELS)("a stream of %s says the same, bit by bit", async (model) => {
  const whole = await client.models.generateContent(asked(model));
  const pieces: string[] = [];
  let finish: string | undefined;
  for await (const piece of await client.models.generateContentStream(asked(model))) {
    pieces.push(piece.text ?? "");
    finish = piece.candidates?.[0]?.finishReason ?? finish;
  }
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.join("")).toBe(whole.text);
  expect(finish).toBe("STOP");
});

test.each(MODELS)("without alt=sse a stream of %s is one array", async (model) => {
  const { contents } = asked(model);
  const path = `/v1beta/models/${encodeURIComponent(model)}:streamGenerateContent`;
  const answer = await fetch(`${gateway.url}${path}?key=of-the-client`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ contents }),
  });
  expect(answer.status).toBe(200);
  const told = (await answer.json()) as { candidates: { finishReason?: string }[] }[];
  expect(told.at(-1)?.candidates[0]?.finishReason).toBe("STOP");
});

test.each(MODELS.slice(0, 2))("counts tokens with %s", async (model) => {
  const { contents } = asked(model);
  const { totalTokens } = await client.models.countTokens({ model, contents });
  expect(totalTokens).toBeGreaterThan(0);
});

test("what goes to Gemini is the client's body and the gateway's token, without the client's key", async () => {
  const [google] = standIns;
  const sent = google?.requests.at(-1);
  expect(sent?.headers.authorization).toBe(`Bearer ${GOOGLE_TOKEN}`);
  expect(
    JSON.stringify([google?.requests.map(({ path, headers }) => [path, headers])]),
  ).not.toContain("of-the-client");
  const { contents } = asked("gemini-2.5-flash");
  const bytes = JSON.stringify({ contents, safetySettings: [] }, null, 1);
  await fetch(`${gateway.url}/v1beta/models/gemini-2.5-flash:generateContent`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: bytes,
  });
  expect(google?.requests.at(-1)?.body.toString()).toBe(bytes);
});

test("calls of functions, by a provider of another protocol", async () => {
  const answer = await client.models.generateContent({
    ...asked("team/claude:1"),
    contents: "Weather in Paris?",
    config: {
      maxOutputTokens: 200,
      tools: [
        {
          functionDeclarations: [
            {
              name: "get_weather",
              parametersJsonSchema: {
                type: "object",
                properties: { city: { type: "string" } },
                required: ["city"],
              },
            },
          ],
        },
      ],
    },
  });
  expect(answer.functionCalls?.[0]).toMatchObject({ name: "get_weather" });
});

test.each([
  ["no-such-model", 404, "NOT_FOUND", "no-such-model"],
  ["%zz", 400, "INVALID_ARGUMENT", "path"],
])("errors of the gateway in Google's shape: %s", async (model, code, status, message) => {
  const answer = await fetch(`${gateway.url}/v1beta/models/${model}:generateContent`, {
    method: "POST",
    body: "{}",
  });
  expect(answer.status).toBe(code);
  expect(await answer.json()).toEqual({
    error: { code, status, message: expect.stringContaining(message) },
  });
});

test("errors of providers and of bodies in Google's shape", async () => {
  await expect(
    client.models.generateContent({ ...asked("gpt"), config: { cachedContent: "c" } }),
  ).rejects.toMatchObject({ status: 422, message: expect.stringContaining("INVALID_ARGUMENT") });
  const answer = await fetch(`${gateway.url}/v1beta/models/gpt:generateContent`, {
    method: "POST",
    body: "nonsense",
  });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: { status: "INVALID_ARGUMENT" } });
});

test("models are listed", async () => {
  const beta = new GoogleGenAI({
    apiKey: "k",
    vertexai: false,
    apiVersion: "v1beta",
    httpOptions: { baseUrl: gateway.url },
  });
  const page = await beta.models.list();
  expect(page.page.map(({ name }) => name)).toEqual(MODELS.map((model) => `models/${model}`));
});

test.each(MODELS)("what answers of %s took was read, whole and streamed", async (model) => {
  const own = () =>
    gateway.requests.filter(
      (line) =>
        line.model === model && line.status === 200 && !/:countTokens/.test(String(line.path)),
    );
  for (let tries = 0; tries < 50 && own().length < 3; tries++) await setTimeout(20);
  expect(own().map(({ metadata }) => metadata)).toEqual(
    own().map(() => expect.objectContaining({ in: expect.any(Number) })),
  );
  expect(own().every(({ metadata }) => Number(Object(metadata).in) > 0)).toBe(true);
  expect(own().length).toBeGreaterThan(2);
});
