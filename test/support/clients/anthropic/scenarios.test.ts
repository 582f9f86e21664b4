import { ANTHROPIC_KEY, startAnthropic } from "../../standins/anthropic/server.ts";
import type { StandIn } from "../../standins/standin.ts";
import { type Ability, applicable } from "../scenario.ts";
import { anthropicScenarios } from "./scenarios.ts";

/** All that Anthropic's own API can do. */
const abilities: Ability[] = [
  "client-keys",
  "tools",
  "parallel-tools",
  "images",
  "structured-output",
  "refusals",
  "reasoning",
  "reasoning-text",
  "redacted-reasoning",
  "stop-sequences",
  "prompt-caching",
  "citations",
  "count-tokens",
  "list-models",
];

let standIn: StandIn;

beforeAll(async () => {
  standIn = await startAnthropic();
});

afterAll(() => standIn.close());

describe("the client `@anthropic-ai/sdk` at the stand-in", () => {
  test.each(applicable(anthropicScenarios, abilities, { failing: true }))("$name", ({ run }) =>
    run({
      baseUrl: standIn.url,
      apiKey: ANTHROPIC_KEY,
      model: "claude-haiku-4-5",
      fail: (failure) => standIn.fail(failure),
    }),
  );
});
