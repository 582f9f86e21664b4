/** Paths that stand elsewhere than usual: a root before all of them, and a prefix of each family's own. */
import Anthropic from "@anthropic-ai/sdk";
import { CohereClientV2 } from "cohere-ai";
import OpenAI from "openai";
import { endpointPath, parsePrefixes } from "../../runtime/endpoints/prefixes.ts";
import { endpoints } from "../../runtime/endpoints/registry.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import {
  backendResource,
  documents,
  gatewayResource,
  routeResource,
} from "../support/resources.ts";
import { OPENAI_KEY, startOpenAi } from "../support/standins/openai/server.ts";
import type { StandIn } from "../support/standins/standin.ts";

jest.setTimeout(60_000);

const prefixes = {
  ...parsePrefixes("openai:/oai,anthropic:/claude,cohere:/co,gemini:/google"),
  root: "/ai",
};
const model = "gpt-4o-mini";
let standIn: StandIn;
let gateway: TestGateway;

beforeAll(async () => {
  standIn = await startOpenAi();
  gateway = await startTestGateway(
    documents(
      gatewayResource(),
      routeResource([{ model, backends: "[{name: openai}]" }]),
      backendResource("openai", {
        port: standIn.port,
        key: { type: "APIKey", value: OPENAI_KEY },
      }),
    ),
    { prefixes },
  );
});
afterAll(async () => {
  await gateway?.close();
  await standIn?.close();
});

const quiet = { apiKey: "none", maxRetries: 0 };

test("each family's client finds its paths below its own prefix", async () => {
  const root = `${gateway.url}/ai`;
  const openai = new OpenAI({ ...quiet, baseURL: `${root}/oai/v1` });
  const anthropic = new Anthropic({ ...quiet, baseURL: `${root}/claude` });
  const cohere = new CohereClientV2({ token: "none", environment: `${root}/co` });
  const google = async (method: string): Promise<string> => {
    const contents = [{ role: "user", parts: [{ text: "Say hello" }] }];
    const response = await fetch(`${root}/google/v1beta/models/${model}:${method}`, {
      method: "POST",
      body: JSON.stringify({ contents }),
    });
    return response.text();
  };
  const messages = [{ role: "user" as const, content: "Say hello" }];

  const { choices } = await openai.chat.completions.create({ model, messages });
  const said = choices[0]?.message.content;
  expect(said).toBeTruthy();
  expect(standIn.requests.at(-1)?.path).toBe("/v1/chat/completions");
  const { content } = await anthropic.messages.create({ model, messages, max_tokens: 200 });
  expect(content).toMatchObject([{ type: "text", text: said }]);
  const { message } = await cohere.chat({ model, messages });
  expect(message.content).toMatchObject([{ type: "text", text: said }]);
  expect(JSON.parse(await google("generateContent"))).toMatchObject({
    candidates: [{ content: { parts: [{ text: said }] } }],
  });
  expect(await google("streamGenerateContent?alt=sse")).toContain('"finishReason":"STOP"');

  expect((await openai.models.list()).data.map(({ id }) => id)).toEqual([model]);
  expect((await anthropic.models.list()).data.map(({ id }) => id)).toEqual([model]);
  await expect(
    anthropic.messages.create({ model: "nobody's", messages, max_tokens: 9 }),
  ).rejects.toMatchObject({ status: 404, error: { type: "error" } });
});

test("nothing is served at the usual paths", async () => {
  const statuses = await Promise.all(
    endpoints.map(async (endpoint) => {
      const path = endpointPath(endpoint).replace("{model}", model);
      const { method } = endpoint;
      const body = method === "POST" ? { body: JSON.stringify({ model }) } : {};
      return (await fetch(`${gateway.url}${path}`, { method, ...body })).status;
    }),
  );
  expect(new Set(statuses)).toEqual(new Set([404]));
});
