import { OPENAI_KEY, startOpenAi } from "../../standins/openai/server.ts";
import type { StandIn } from "../../standins/standin.ts";
import { OPENAI_ABILITIES } from "../abilities.ts";
import { applicable } from "../scenario.ts";
import { openAiScenarios, responsesScenarios } from "./scenarios.ts";

let standIn: StandIn;

beforeAll(async () => {
  standIn = await startOpenAi();
});

afterAll(() => standIn.close());

describe("the client `openai` at the stand-in", () => {
  test.each(
    applicable([...openAiScenarios, ...responsesScenarios], OPENAI_ABILITIES, { failing: true }),
  )("$name", ({ run }) =>
    run({
      baseUrl: `${standIn.url}/v1`,
      apiKey: OPENAI_KEY,
      model: "gpt-4o",
      reasoningModel: "o4-mini",
      fail: (failure) => standIn.fail(failure),
    }),
  );
});
