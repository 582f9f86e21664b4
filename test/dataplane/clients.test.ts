/**
 * What applications do with the vendors' own clients, unmodified, through the gateway, against every
 * backend: npm and Python, streaming and tools included. The stand-ins behind it refuse whatever
 * the vendor's published schema refuses.
 */
import { CohereClientV2 } from "cohere-ai";
import OpenAI from "openai";
import { ANTHROPIC_ABILITIES, OPENAI_ABILITIES } from "../support/clients/abilities.ts";
import { anthropicScenarios } from "../support/clients/anthropic/scenarios.ts";
import { openAiScenarios, responsesScenarios } from "../support/clients/openai/scenarios.ts";
import { ensurePython } from "../support/clients/python/environment.ts";
import { runPythonScenarios } from "../support/clients/python/run.ts";
import {
  type Ability,
  applicable,
  type Scenario,
  type Target,
} from "../support/clients/scenario.ts";
import {
  BACKENDS,
  type BackendName,
  type EveryBackend,
  startEveryBackend,
} from "../support/every-backend.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";

jest.setTimeout(60_000);

interface Backend {
  name: BackendName;
  /** What it can do for each client; a client's own key is the gateway's business. */
  openai: Ability[];
  responses: Ability[];
  anthropic: Ability[];
  /** Scenarios that this backend answers otherwise, with the reason. */
  otherwise?: Readonly<Record<string, string>>;
  python?: true;
}

const without = (abilities: readonly Ability[], ...cannot: Ability[]): Ability[] =>
  abilities.filter((ability) => ability !== "client-keys" && !cannot.includes(ability));

/** Claude for OpenAI's client: what its shapes have no word for is left out. */
const claude: Ability[] = [
  "tools",
  "parallel-tools",
  "images",
  "structured-output",
  "reasoning-text",
  "stop-sequences",
  "list-models",
];
const claudeByResponses: Ability[] = [
  "tools",
  "parallel-tools",
  "images",
  "structured-output",
  "reasoning-items",
];

/** OpenAI says that a stop sequence ended the answer, not which. */
const openAiByMessages: Ability[] = ["tools", "parallel-tools", "images", "structured-output"];
const ANSWERS_THE_LAST = {
  "takes a tool's failure back":
    "a tool's result and a text beside it are two messages there, and the model answers the last",
};

const backends: Backend[] = [
  {
    name: "openai",
    openai: without(OPENAI_ABILITIES),
    responses: without(OPENAI_ABILITIES),
    anthropic: openAiByMessages,
    otherwise: ANSWERS_THE_LAST,
    python: true,
  },
  {
    name: "azure",
    openai: without(OPENAI_ABILITIES),
    responses: without(OPENAI_ABILITIES),
    anthropic: openAiByMessages,
    otherwise: {
      ...ANSWERS_THE_LAST,
      "streams the same answer, without usage that was not asked for":
        "Azure's first chunk is about the prompt: it has no choice, and no id",
    },
  },
  {
    name: "anthropic",
    openai: claude,
    responses: claudeByResponses,
    anthropic: without(ANTHROPIC_ABILITIES, "count-tokens"),
    python: true,
  },
  {
    name: "bedrock",
    openai: claude,
    responses: claudeByResponses,
    anthropic: [
      "tools",
      "parallel-tools",
      "images",
      "structured-output",
      "reasoning-text",
      "stop-sequences",
    ],
    python: true,
  },
  {
    name: "aws-anthropic",
    openai: claude,
    responses: claudeByResponses,
    anthropic: without(ANTHROPIC_ABILITIES, "count-tokens"),
  },
  {
    name: "vertex",
    openai: [...claude, "json-mode", "candidates", "refusals"],
    responses: [...claudeByResponses, "refusals"],
    anthropic: ["tools", "parallel-tools", "images", "structured-output", "reasoning-text"],
    otherwise: {
      "thinks before it speaks, and signs its thoughts":
        "Gemini signs its answer, whose signature comes last in a stream",
      "refuses thoughts that were tampered with": "its signatures do not cover the thoughts",
    },
  },
  {
    name: "gcp-anthropic",
    openai: claude,
    responses: claudeByResponses,
    anthropic: without(ANTHROPIC_ABILITIES, "count-tokens"),
  },
  {
    name: "cohere",
    openai: [
      "tools",
      "parallel-tools",
      "structured-output",
      "json-mode",
      "reasoning-text",
      "stop-sequences",
      "list-models",
    ],
    responses: ["tools", "parallel-tools", "structured-output"],
    anthropic: ["tools", "parallel-tools", "structured-output"],
    otherwise: ANSWERS_THE_LAST,
  },
];

let every: EveryBackend;
let gateway: TestGateway;

beforeAll(async () => {
  every = await startEveryBackend();
  gateway = await startTestGateway(every.resources);
});
afterAll(async () => {
  await gateway?.close();
  await every?.close();
});

const target = (backend: BackendName, client: "openai" | "anthropic"): Target => ({
  baseUrl: client === "openai" ? `${gateway.url}/v1` : `${gateway.url}/anthropic`,
  apiKey: "the-client-has-no-key",
  model: BACKENDS[backend].model,
  reasoningModel: BACKENDS[backend].reasoning,
  fail: (failure) => every.standIn(backend).fail(failure),
});

describe.each(backends)("$name", (backend) => {
  const { name } = backend;
  const served = (scenarios: readonly Scenario[], abilities: Ability[]): Scenario[] =>
    applicable(scenarios, abilities, { failing: true }).filter(
      (scenario) => backend.otherwise?.[scenario.name] === undefined,
    );

  test.each(served(openAiScenarios, backend.openai))("npm openai, chat: $name", ({ run }) =>
    run(target(name, "openai")),
  );

  test.each(served(responsesScenarios, backend.responses))(
    "npm openai, responses: $name",
    ({ run }) => run(target(name, "openai")),
  );

  test.each(served(anthropicScenarios, backend.anthropic))(
    "npm @anthropic-ai/sdk: $name",
    ({ run }) => run(target(name, "anthropic")),
  );

  test("npm cohere-ai, chat: whole, streamed, with a tool, and errors in its shape", async () => {
    const client = new CohereClientV2({ token: "none", environment: `${gateway.url}/cohere` });
    const { model } = BACKENDS[name];
    const asked = { model, messages: [{ role: "user" as const, content: "Say hello" }] };
    const whole = await client.chat({ ...asked, maxTokens: 200 });
    expect(whole.finishReason).toBe("COMPLETE");
    const text = whole.message.content?.map((part) => (part.type === "text" ? part.text : ""));
    expect(text?.join("")).toBeTruthy();
    expect(whole.usage?.tokens?.outputTokens).toBeGreaterThan(0);
    let streamed = "";
    let end: unknown;
    for await (const event of await client.chatStream({ ...asked, maxTokens: 200 })) {
      if (event.type === "content-delta") streamed += event.delta?.message?.content?.text ?? "";
      if (event.type === "message-end") end = event.delta?.finishReason;
    }
    expect([streamed, end]).toEqual([text?.join(""), "COMPLETE"]);
    const called = await client.chat({
      model,
      messages: [{ role: "user", content: "What is the weather in Lyon?" }],
      tools: [
        {
          type: "function",
          function: {
            name: "weather",
            parameters: {
              type: "object",
              properties: { city: { type: "string" } },
              required: ["city"],
            },
          },
        },
      ],
      toolChoice: "REQUIRED",
    });
    expect(called.finishReason).toBe("TOOL_CALL");
    const [call] = called.message.toolCalls ?? [];
    expect(call?.function?.name).toBe("weather");
    expect(JSON.parse(call?.function?.arguments ?? "")).toEqual(expect.any(Object));
    await expect(client.chat({ ...asked, model: "nobody" })).rejects.toMatchObject({
      statusCode: 404,
      body: { message: expect.stringContaining("nobody") },
    });
  });

  // OpenAI and Azure have models of their own for completions: endpoints.test.ts.
  if (name !== "openai" && name !== "azure") {
    test("npm openai, completions: whole, streamed, with the prompt, and no gaps filled", async () => {
      const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "none", maxRetries: 0 });
      const { model } = BACKENDS[name];
      const asked = { model, prompt: "Say hello", max_tokens: 200 };
      const whole = await client.completions.create({ ...asked, echo: true });
      expect(whole.object).toBe("text_completion");
      const [choice] = whole.choices;
      expect(choice?.finish_reason).toBe("stop");
      expect(choice?.text).toMatch(/^Say hello./s);
      expect(whole.usage?.completion_tokens).toBeGreaterThan(0);
      let text = "";
      for await (const chunk of await client.completions.create({ ...asked, stream: true })) {
        text += chunk.choices[0]?.text ?? "";
      }
      expect(`Say hello${text}`).toBe(choice?.text);
      await expect(client.completions.create({ ...asked, suffix: "!" })).rejects.toMatchObject({
        status: 422,
        param: "suffix",
      });
    });
  }

  if (name !== "cohere") {
    test("npm openai, responses: tokens are counted in advance", async () => {
      const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "none", maxRetries: 0 });
      const { model } = BACKENDS[name];
      const counted = await client.responses.inputTokens.count({ model, input: "Say hello" });
      expect(counted).toEqual({
        object: "response.input_tokens",
        input_tokens: expect.any(Number),
      });
      expect(counted.input_tokens).toBeGreaterThan(0);
    });
  }

  if (backend.python === undefined) return;
  test.each(["openai", "anthropic"] as const)("Python %s", async (client) => {
    const { fail: _, ...plain } = target(name, client);
    const results = await runPythonScenarios(client, await ensurePython(), plain, backend[client]);
    expect(results.length).toBeGreaterThan(5);
    expect(results.filter(({ error }) => error !== null)).toEqual([]);
  });
});
