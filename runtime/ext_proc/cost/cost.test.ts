import type { Usage } from "../../lib/usage.ts";
import type { CostVariables } from "../pipeline/lane.ts";
import { computeCosts } from "./cost.ts";
import { checkCostExpression, evaluateCost } from "./expression.ts";

const variables = (usage: Usage): CostVariables => ({
  model: "gpt-5",
  backend: "team-a/openai",
  routeName: "team-a/chat",
  usage,
});

const USAGE = {
  inputTokens: 100,
  outputTokens: 20,
  totalTokens: 125,
  cachedInputTokens: 60,
  cacheCreationInputTokens: 30,
  reasoningTokens: 7,
} satisfies Usage;

describe("computeCosts", () => {
  test("reads every type from usage", () => {
    const costs = computeCosts(
      [
        { key: "in", type: "InputToken" },
        { key: "out", type: "OutputToken" },
        { key: "total", type: "TotalToken" },
        { key: "cached", type: "CachedInputToken" },
        { key: "creation", type: "CacheCreationInputToken" },
        { key: "reasoning", type: "ReasoningToken" },
        { key: "cel", type: "CEL", cel: "input_tokens * 2u" },
      ],
      variables(USAGE),
    );
    expect(costs).toEqual({
      in: 100,
      out: 20,
      total: 125,
      cached: 60,
      creation: 30,
      reasoning: 7,
      cel: 200,
    });
  });

  test("counts what is missing or wrong as 0, and derives the total", () => {
    const costs = computeCosts(
      [
        { key: "in", type: "InputToken" },
        { key: "out", type: "OutputToken" },
        { key: "total", type: "TotalToken" },
        { key: "cached", type: "CachedInputToken" },
        { key: "cel", type: "CEL", cel: "total_tokens + cached_input_tokens" },
      ],
      variables({ inputTokens: 3, outputTokens: 4, cachedInputTokens: -1.5 }),
    );
    expect(costs).toEqual({ in: 3, out: 4, total: 7, cached: 0, cel: 7 });
  });

  test("leaves out a cost whose expression fails, and says why", () => {
    const problems: string[] = [];
    const costs = computeCosts(
      [
        { key: "bad", type: "CEL", cel: "input_tokens - output_tokens" },
        { key: "none", type: "CEL" },
        { key: "good", type: "InputToken" },
      ],
      variables({ inputTokens: 1, outputTokens: 2 }),
      (cost, { routeName }, problem) => problems.push(`${routeName} ${cost.key}: ${problem}`),
    );
    expect(costs).toEqual({ good: 1 });
    expect(problems).toEqual([
      "team-a/chat bad: the expression fails: Unsigned integer overflow",
      expect.stringMatching(/^team-a\/chat none: not a CEL expression: /),
    ]);
  });
});

test.each([
  ["input_tokens + output_tokens"],
  ["7"],
  ["uint(double(input_tokens) * 0.5)"],
  ["int(output_tokens) * 3"],
  ["backend == 'openai.team-a' ? input_tokens : total_tokens"],
])("accepts %s", (cel) => expect(checkCostExpression(cel)).toBeUndefined());

test.each([
  ["input_tokens +", /^not a CEL expression: Unexpected token: EOF$/],
  ["input_token", /^not a CEL expression: Unknown variable: input_token$/],
  ["input_tokens * 2", /^not a CEL expression: no such overload: uint \* int$/],
  ["model", /^the result is a string where an integer is needed$/],
  [
    "double(input_tokens) * 0.5",
    "the result is a double where an integer is needed: write uint(double(input_tokens) * 0.5)",
  ],
  ["-1", "the result is negative: -1, where all token counts are 0"],
  ["100u / input_tokens", "the expression fails: division by zero, where all token counts are 0"],
  ["9007199254740992", /^the result is above 2\^53 - 1/],
  ["", /^not a CEL expression/],
])("refuses %p", (cel, why) => {
  if (typeof why === "string") expect(checkCostExpression(cel)).toBe(why);
  else expect(checkCostExpression(cel)).toMatch(why);
});

test("names are strings in the form that expressions of the reference use", () => {
  const cel =
    "model == 'gpt-5' && backend == 'openai.team-a' && route_name == 'team-a/chat' ? 1u : 0u";
  expect(evaluateCost(cel, variables({}))).toEqual({ ok: true, value: 1 });
});

test("more expressions than are kept compiled still evaluate", () => {
  for (let n = 0; n < 1100; n++) {
    expect(evaluateCost(`input_tokens + ${n}u`, variables({ inputTokens: 1 }))).toEqual({
      ok: true,
      value: n + 1,
    });
  }
  expect(evaluateCost("input_tokens + 0u", variables({ inputTokens: 1 }))).toEqual({
    ok: true,
    value: 1,
  });
});

describe("matches", () => {
  const at = (model: string, cel: string) => evaluateCost(cel, { ...variables(USAGE), model });

  test.each([
    ['model.matches("(?i)^GPT-[45]") ? 1 : 2', "gpt-4o", 1],
    ['model.matches("^gpt-[45]") ? 1 : 2', "my-gpt-4o", 2],
    ['[model].exists(m, m.matches("4o$")) ? 1 : 2', "gpt-4o", 1],
    ['"gpt".matches(model) ? 1 : 2', "g.t", 1],
  ])("%s, of %s", (cel, model, value) => expect(at(model, cel)).toEqual({ ok: true, value }));

  test("is linear: no model's name holds a worker up", () => {
    const startedAt = performance.now();
    const cel = '[model].exists(m, m.matches("^(a+)+$")) || model.matches("^(a|a)*$") ? 1 : 2';
    expect(at(`${"a".repeat(1000)}!`, cel)).toEqual({ ok: true, value: 2 });
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  test("refuses patterns that RE2 refuses, even where they are not reached", () => {
    expect(checkCostExpression('true ? 1 : (model.matches("(?=x)") ? 1 : 2)')).toMatch(
      /"\(\?=x\)" is not a regular expression of RE2/,
    );
    expect(at("(", '"a".matches(model) ? 1 : 2')).toMatchObject({ ok: false });
  });
});
