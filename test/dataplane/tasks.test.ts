/**
 * One task, many vendors: OpenAI's, Cohere's and Anthropic's own clients, unmodified, against
 * backends that speak other protocols. The stand-ins refuse whatever the vendors refuse.
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
import { BEDROCK_INVOKED_MODELS } from "../support/standins/bedrock/invoke.ts";
import { BEDROCK_CREDENTIALS, startBedrock } from "../support/standins/bedrock/server.ts";
import { COHERE_KEY, COHERE_MODELS, startCohere } from "../support/standins/cohere/server.ts";
import { OPENAI_KEY, startOpenAi } from "../support/standins/openai/server.ts";
import { vector } from "../support/standins/openai/tasks.ts";
import type { StandIn } from "../support/standins/standin.ts";
import { startVllm, VLLM_MODEL } from "../support/standins/vllm/server.ts";

jest.setTimeout(60_000);

const CLAUDE_ON_BEDROCK = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
const CLAUDE = ANTHROPIC_MODELS[0] ?? "";

let standIns: StandIn[];
let gateway: TestGateway;
let openai: OpenAI;
let cohere: CohereClientV2;
let anthropic: Anthropic;

beforeAll(async () => {
  standIns = await Promise.all([
    startOpenAi(),
    startVllm(),
    startCohere(),
    startAnthropic(),
    startBedrock(),
  ]);
  const [openAiPort, vllmPort, coherePort, anthropicPort, bedrockPort] = standIns.map(
    ({ port }) => port,
  ) as [number, number, number, number, number];
  const aws = {
    type: "aws" as const,
    id: BEDROCK_CREDENTIALS.accessKeyId,
    secret: BEDROCK_CREDENTIALS.secretAccessKey,
  };
  const to = (backend: string) => (model: string) => ({ model, backends: `[{name: ${backend}}]` });
  gateway = await startTestGateway(
    documents(
      gatewayResource(),
      routeResource(
        [
          ...[...BEDROCK_INVOKED_MODELS, CLAUDE_ON_BEDROCK].map(to("bedrock")),
          ...COHERE_MODELS.map(to("cohere")),
          to("openai")("text-embedding-3-small"),
          to("vllm")(VLLM_MODEL),
          to("anthropic")(CLAUDE),
          {
            model: "claude-by-invoke",
            backends: `[{name: claude-on-aws, modelNameOverride: "${CLAUDE_ON_BEDROCK}"}]`,
          },
        ],
        "llmRequestCosts: [{metadataKey: in, type: InputToken}]",
      ),
      backendResource("openai", { port: openAiPort, key: { type: "APIKey", value: OPENAI_KEY } }),
      backendResource("vllm", { port: vllmPort }),
      backendResource("cohere", {
        schema: "Cohere",
        port: coherePort,
        key: { type: "APIKey", value: COHERE_KEY },
      }),
      backendResource("anthropic", {
        schema: "Anthropic",
        port: anthropicPort,
        key: { type: "AnthropicAPIKey", value: ANTHROPIC_KEY },
      }),
      backendResource("bedrock", { schema: "AWSBedrock", port: bedrockPort, key: aws }),
      backendResource("claude-on-aws", { schema: "AWSAnthropic", port: bedrockPort, key: aws }),
    ),
  );
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
  await Promise.all((standIns ?? []).map((standIn) => standIn.close()));
});

const rounded = (numbers: readonly number[]) => numbers.map((number) => number.toFixed(4));

test.each(["cohere.embed-english-v3", "embed-v4.0", "text-embedding-3-small"])(
  "openai's embeddings of a batch, by %s",
  async (model) => {
    const { data, usage } = await openai.embeddings.create({ model, input: ["first", "second"] });
    expect(data.map(({ embedding }) => rounded(embedding))).toEqual([
      rounded(vector("first")),
      rounded(vector("second")),
    ]);
    expect(usage).toEqual({ prompt_tokens: 4, total_tokens: 4 });
  },
);

test("openai's embedding by Titan, of its own length, and a refusal that names the mend", async () => {
  const model = "amazon.titan-embed-text-v2:0";
  const { data } = await openai.embeddings.create({ model, input: "first", dimensions: 256 });
  expect(rounded(data[0]?.embedding ?? [])).toEqual(rounded(vector("first", 256)));
  await expect(openai.embeddings.create({ model, input: ["a", "b"] })).rejects.toMatchObject({
    status: 422,
    param: "input",
  });
  await expect(
    openai.embeddings.create({ model, input: "a", dimensions: 7 }),
  ).rejects.toMatchObject({ status: 400, message: expect.stringContaining("dimensions") });
});

test.each(["amazon.titan-embed-text-v2:0", "text-embedding-3-small", "embed-v4.0"])(
  "cohere's embedding, by %s",
  async (model) => {
    const { embeddings } = await cohere.embed({
      model,
      texts: ["first"],
      inputType: "search_query",
      embeddingTypes: ["float"],
    });
    expect(rounded(embeddings.float?.[0] ?? [])).toEqual(rounded(vector("first")));
  },
);

test.each(["cohere.rerank-v3-5:0", "rerank-v3.5", VLLM_MODEL])(
  "rerank in both shapes, by %s",
  async (model) => {
    const query = "capital of France";
    const texts = ["Bread of France", "Paris is the capital of France"];
    const { results } = await cohere.rerank({ model, query, documents: texts, topN: 1 });
    expect(results).toMatchObject([{ index: 1, relevanceScore: 1 }]);
    const answer = await fetch(`${gateway.url}/v1/rerank`, {
      method: "POST",
      body: JSON.stringify({ model, query, documents: texts }),
    });
    expect(await answer.json()).toMatchObject({
      results: [{ index: 1, relevance_score: 1 }, { index: 0 }],
    });
  },
);

test("pictures by Bedrock; what its filter stops is the request's fault", async () => {
  const model = "amazon.nova-canvas-v1:0";
  const { data } = await openai.images.generate({
    model,
    prompt: "otter",
    n: 2,
    size: "1024x1024",
  });
  expect(data?.map(({ b64_json }) => b64_json?.slice(0, 4))).toEqual(["iVBO", "iVBO"]);
  await expect(openai.images.generate({ model, prompt: "violence" })).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining("blocked"),
  });
});

test.each([CLAUDE_ON_BEDROCK, CLAUDE, "claude-by-invoke"])(
  "counts of tokens, by %s",
  async (model) => {
    const messages = [{ role: "user" as const, content: "Hello there" }];
    const { input_tokens } = await anthropic.messages.countTokens({ model, messages });
    expect(input_tokens).toBeGreaterThan(2);
    expect(await openai.responses.inputTokens.count({ model, input: "Hello there" })).toEqual({
      object: "response.input_tokens",
      input_tokens,
    });
    for (const body of [{ messages }, { prompt: "Hello there" }]) {
      const answer = await fetch(`${gateway.url}/tokenize`, {
        method: "POST",
        body: JSON.stringify({ model, ...body }),
      });
      expect(await answer.json()).toEqual({ count: input_tokens });
    }
  },
);

test("an endpoint that no backend of the model serves is refused, saying so", async () => {
  await expect(
    openai.moderations.create({ model: "embed-v4.0", input: "x" }),
  ).rejects.toMatchObject({
    status: 404,
    message: expect.stringContaining(
      "is not served on this endpoint: Cohere has no API for moderation",
    ),
  });
});
