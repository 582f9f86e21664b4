import { ANTHROPIC_KEY, startAnthropic } from "../../standins/anthropic/server.ts";
import type { StandIn } from "../../standins/standin.ts";
import { ANTHROPIC_ABILITIES } from "../abilities.ts";
import { applicable } from "../scenario.ts";
import { anthropicScenarios } from "./scenarios.ts";

let standIn: StandIn;

beforeAll(async () => {
  standIn = await startAnthropic();
});

afterAll(() => standIn.close());

describe("the client `@anthropic-ai/sdk` at the stand-in", () => {
  test.each(applicable(anthropicScenarios, ANTHROPIC_ABILITIES, { failing: true }))(
    "$name",
    ({ run }) =>
      run({
        baseUrl: standIn.url,
        apiKey: ANTHROPIC_KEY,
        model: "claude-haiku-4-5",
        fail: (failure) => standIn.fail(failure),
      }),
  );
});
