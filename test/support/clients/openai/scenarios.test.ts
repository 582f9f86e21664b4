import { OPENAI_KEY, startOpenAi } from "../../standins/openai/server.ts";
import type { StandIn } from "../../standins/standin.ts";
import { type Ability, applicable } from "../scenario.ts";
import { openAiScenarios } from "./scenarios.ts";

/** All that OpenAI's own API can do. */
const abilities: Ability[] = [
  "client-keys",
  "tools",
  "parallel-tools",
  "images",
  "structured-output",
  "json-mode",
  "candidates",
  "logprobs",
  "refusals",
  "reasoning",
  "stop-sequences",
  "list-models",
];

let standIn: StandIn;

beforeAll(async () => {
  standIn = await startOpenAi();
});

afterAll(() => standIn.close());

describe("the client `openai` at the stand-in", () => {
  test.each(applicable(openAiScenarios, abilities, { failing: true }))("$name", ({ run }) =>
    run({
      baseUrl: `${standIn.url}/v1`,
      apiKey: OPENAI_KEY,
      model: "gpt-4o",
      reasoningModel: "o4-mini",
      fail: (failure) => standIn.fail(failure),
    }),
  );
});
