/**
 * What applications build on: Vercel's `ai` and LangChain, unmodified, through the gateway, by each
 * API that they speak.
 */
import { langChainScenarios } from "../support/clients/frameworks/langchain.ts";
import { vercelScenarios } from "../support/clients/frameworks/vercel.ts";
import { type Ability, applicable, type Target } from "../support/clients/scenario.ts";
import {
  BACKENDS,
  type BackendName,
  type EveryBackend,
  startEveryBackend,
} from "../support/every-backend.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";

jest.setTimeout(60_000);

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

const target = (backend: BackendName, path: "/v1" | "/anthropic"): Target => ({
  baseUrl: `${gateway.url}${path}`,
  apiKey: "the-client-has-no-key",
  model: BACKENDS[backend].model,
  fail: (failure) => every.standIn(backend).fail(failure),
});

const ABILITIES: Ability[] = ["tools", "structured-output", "images"];

describe.each(["openai", "bedrock", "vertex", "anthropic"] as const)("%s", (backend) => {
  const served = (scenarios: ReturnType<typeof vercelScenarios>) =>
    applicable(scenarios, ABILITIES, { failing: true });

  test.each(served(vercelScenarios("chat")))("ai, chat: $name", ({ run }) =>
    run(target(backend, "/v1")),
  );
  test.each(served(vercelScenarios("responses")))("ai, responses: $name", ({ run }) =>
    run(target(backend, "/v1")),
  );
  test.each(served(vercelScenarios("messages")))("ai, messages: $name", ({ run }) =>
    run(target(backend, "/anthropic")),
  );
  test.each(served(langChainScenarios(false)))("LangChain, chat: $name", ({ run }) =>
    run(target(backend, "/v1")),
  );
  test.each(served(langChainScenarios(true)))("LangChain, responses: $name", ({ run }) =>
    run(target(backend, "/v1")),
  );
});
