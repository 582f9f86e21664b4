/** Google's and Anthropic's own clients take the stand-in for the real thing. */
import { runInThisContext } from "node:vm";
import Anthropic from "@anthropic-ai/sdk";
import { AnthropicVertex } from "@anthropic-ai/vertex-sdk";
import { FunctionCallingConfigMode, GoogleGenAI, Type } from "@google/genai";
import { OAuth2Client } from "google-auth-library";
import { PIXEL } from "../../clients/scenario.ts";
import { vector } from "../openai/tasks.ts";
import type { StandIn } from "../standin.ts";
import { GOOGLE_PROJECT, GOOGLE_REGION, GOOGLE_TOKEN, startGoogle } from "./server.ts";

let standIn: StandIn;
let google: GoogleGenAI;

/** Tokens as an application that is signed in has them. (Each client brings its own version of Google's library.) */
function signedIn<Client>(): Client {
  const client = new OAuth2Client();
  client.setCredentials({ access_token: GOOGLE_TOKEN, expiry_date: Date.now() + 3_600_000 });
  return client as Client;
}

/** Where Node keeps what its own fetch connects by; Google's client looks for it there, which jest hides. */
const DISPATCHER = Symbol.for("undici.globalDispatcher.1");

beforeAll(async () => {
  Object.assign(globalThis, {
    [DISPATCHER]: runInThisContext("new Headers(), globalThis")[DISPATCHER],
  });
  standIn = await startGoogle();
  google = new GoogleGenAI({
    vertexai: true,
    project: GOOGLE_PROJECT,
    location: GOOGLE_REGION,
    apiVersion: "v1",
    googleAuthOptions: { authClient: signedIn() },
    httpOptions: { baseUrl: standIn.url },
  });
});
afterAll(() => standIn.close());

const model = "gemini-2.5-flash";
const weather = {
  functionDeclarations: [
    {
      name: "get_weather",
      parameters: {
        type: Type.OBJECT,
        properties: { city: { type: Type.STRING } },
        required: ["city"],
      },
    },
  ],
};

test("@google/genai generates, whole and streamed", async () => {
  const contents = "Hello there";
  const whole = await google.models.generateContent({ model, contents });
  expect(whole.text).toBe("You said: Hello there");
  expect(whole.usageMetadata).toMatchObject({ promptTokenCount: 3 });
  let text = "";
  let last: string | undefined;
  for await (const chunk of await google.models.generateContentStream({ model, contents })) {
    text += chunk.text ?? "";
    last = chunk.candidates?.[0]?.finishReason ?? last;
  }
  expect([text, last]).toEqual([whole.text, "STOP"]);
});

test("@google/genai sees pictures, gets JSON of a schema, and is cut", async () => {
  const seen = await google.models.generateContent({
    model,
    contents: [{ text: "What?" }, { inlineData: { mimeType: "image/png", data: PIXEL } }],
  });
  expect(seen.text).toContain("1 image");
  const json = await google.models.generateContent({
    model,
    contents: "Ada",
    config: {
      responseMimeType: "application/json",
      responseSchema: { type: Type.OBJECT, properties: { name: { type: Type.STRING } } },
    },
  });
  expect(JSON.parse(json.text ?? "")).toEqual({ name: "Ada" });
  const cut = await google.models.generateContent({
    model: "gemini-2.0-flash",
    contents: "a b c d e f g",
    config: { maxOutputTokens: 2 },
  });
  expect(cut.candidates?.[0]?.finishReason).toBe("MAX_TOKENS");
});

test.each(["gemini-2.5-flash", "gemini-3-pro-preview"])(
  "@google/genai calls functions, with thoughts, by %s",
  async (thinker) => {
    const config = {
      tools: [weather],
      toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.AUTO } },
      thinkingConfig: { includeThoughts: true },
    };
    const question = { role: "user", parts: [{ text: "Weather in Paris and Rome?" }] };
    const first = await google.models.generateContent({
      model: thinker,
      contents: [question],
      config,
    });
    expect(first.functionCalls?.map(({ args }) => args)).toEqual([
      { city: "Paris" },
      { city: "Rome" },
    ]);
    const said = first.candidates?.[0]?.content;
    expect(said?.parts?.[0]).toMatchObject({ thought: true });
    const results = {
      role: "user",
      parts: (first.functionCalls ?? []).map(({ name = "", args }) => ({
        functionResponse: { name, response: { output: `18 in ${args?.city}` } },
      })),
    };
    const contents = [question, said ?? {}, results];
    const second = await google.models.generateContent({ model: thinker, contents, config });
    expect(second.text).toBe("The tools said: 18 in Paris; 18 in Rome");
  },
);

test("Gemini 3 wants its signatures back", async () => {
  const contents = [
    { role: "user", parts: [{ text: "Weather?" }] },
    { role: "model", parts: [{ functionCall: { name: "get_weather", args: {} } }] },
    {
      role: "user",
      parts: [{ functionResponse: { name: "get_weather", response: { output: "18" } } }],
    },
  ];
  const config = { tools: [weather] };
  await expect(
    google.models.generateContent({ model: "gemini-3-pro-preview", contents, config }),
  ).rejects.toThrow(/thought_signature/);
  await google.models.generateContent({ model, contents, config });
});

test("@google/genai tells refusals and blocked prompts", async () => {
  const refused = await google.models.generateContent({ model, contents: "refuse this" });
  expect(refused.candidates?.[0]?.finishReason).toBe("SAFETY");
  const blocked = await google.models.generateContent({ model, contents: "block this" });
  expect(blocked.promptFeedback?.blockReason).toBe("PROHIBITED_CONTENT");
});

test("@google/genai counts, embeds and draws", async () => {
  expect(await google.models.countTokens({ model, contents: "Hello there" })).toMatchObject({
    totalTokens: 3,
  });
  for (const embedder of ["text-embedding-005", "gemini-embedding-2"]) {
    const { embeddings } = await google.models.embedContent({
      model: embedder,
      contents: "first",
      config: { outputDimensionality: 4 },
    });
    expect(embeddings?.[0]?.values).toEqual(vector("first", 4));
  }
  // It says that Gemini's own models draw better.
  jest.spyOn(console, "warn").mockImplementation(() => {});
  const { generatedImages } = await google.models.generateImages({
    model: "imagen-4.0-generate-001",
    prompt: "otter",
    config: { numberOfImages: 2 },
  });
  expect(generatedImages?.map(({ image }) => image?.imageBytes?.slice(0, 4))).toEqual([
    "iVBO",
    "iVBO",
  ]);
});

const post = async (method: string, body: object, token = GOOGLE_TOKEN) => {
  const path = `v1/projects/${GOOGLE_PROJECT}/locations/${GOOGLE_REGION}/publishers/google/models/${model}:${method}`;
  const answer = await fetch(`${standIn.url}/${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as unknown };
};
const said = { contents: [{ role: "user", parts: [{ text: "x" }] }] };

test.each([
  [{ ...said, stream: true }, 'Unknown name "stream"'],
  [{ ...said, generationConfig: { max_tokens: 5 } }, "generationConfig"],
  [{ contents: [{ role: "assistant", parts: [{ text: "x" }] }] }, "valid role"],
  [{ contents: [{ role: "user", parts: [{ text: "" }] }] }, "text parameter"],
  [{ contents: "x" }, "not repeating"],
  [{ ...said, generationConfig: { temperature: 3 } }, "supported range"],
  [
    {
      ...said,
      tools: [{ functionDeclarations: [{ name: "f", parameters: { type: "thing" } }] }],
    },
    "enum",
  ],
  [
    {
      ...said,
      generationConfig: {
        responseMimeType: "application/json",
        responseSchema: { type: "STRING", anyOf: [{ type: "STRING" }] },
      },
    },
    "any_of",
  ],
])("%j is refused", async (body, message) => {
  expect(await post("generateContent", body)).toEqual({
    status: 400,
    body: {
      error: expect.objectContaining({
        status: "INVALID_ARGUMENT",
        message: expect.stringContaining(message),
      }),
    },
  });
});

test("without alt=sse a stream is a list, and a wrong token is refused", async () => {
  expect((await post("streamGenerateContent", said)).body).toHaveLength(4);
  expect((await post("generateContent", said, "other")).status).toBe(401);
});

test("what the stand-in is told to send in a stream, the client reports", async () => {
  standIn.fail({ kind: "stream-error", afterEvents: 1 });
  const stream = await google.models.generateContentStream({ model, contents: "a b c" });
  await expect(
    (async () => {
      for await (const _ of stream);
    })(),
  ).rejects.toThrow(/told to fail/);
});

describe("@anthropic-ai/vertex-sdk", () => {
  const claude = () =>
    new AnthropicVertex({
      baseURL: `${standIn.url}/v1`,
      projectId: GOOGLE_PROJECT,
      region: GOOGLE_REGION,
      authClient: signedIn(),
      maxRetries: 0,
    });
  const request = {
    model: "claude-sonnet-4-5@20250929",
    max_tokens: 2000,
    messages: [{ role: "user" as const, content: "Hello there" }],
  };

  test("converses, whole and streamed", async () => {
    const thinking = { type: "enabled" as const, budget_tokens: 1024 };
    const whole = await claude().messages.create({ ...request, thinking });
    expect(whole.content.map(({ type }) => type)).toEqual(["thinking", "text"]);
    const streamed = await claude()
      .messages.stream({ ...request, thinking })
      .finalMessage();
    expect(streamed.content).toEqual(whole.content);
  });

  test("counts", async () => {
    const { max_tokens: _, ...counted } = request;
    expect(await claude().messages.countTokens(counted)).toEqual({ input_tokens: 3 });
  });

  test("is told what is wrong in Anthropic's shape", async () => {
    await expect(
      claude().messages.create({ ...request, service_tier: "auto" }),
    ).rejects.toMatchObject({ status: 400, message: expect.stringContaining("service_tier") });
    await expect(
      claude().messages.create({ ...request, model: "claude-x" }),
    ).rejects.toBeInstanceOf(Anthropic.NotFoundError);
  });
});
