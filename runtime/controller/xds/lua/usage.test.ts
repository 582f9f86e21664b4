import fc from "fast-check";
import { LuaFactory } from "wasmoon";
import { SCANNER_LUA } from "./scanner.ts";
import { encodeUsageRules, USAGE_LUA } from "./usage.ts";
import { WISHES_LUA } from "./wishes.ts";

type Rule = Parameters<typeof encodeUsageRules>[0][number];

async function reader(rules: readonly Rule[]): Promise<(text: string) => Record<string, unknown>> {
  const lua = await new LuaFactory().createEngine();
  await lua.doString(`${SCANNER_LUA}${WISHES_LUA}${USAGE_LUA}
    function run(s, rules)
      local out = {}
      for _, entry in ipairs(usage_of(s, usage_tree(rules))) do out[entry[1]] = entry[2] end
      return out
    end`);
  const run = lua.global.get("run");
  const encoded = encodeUsageRules(rules);
  return (text) => JSON.parse(JSON.stringify(run(text, encoded)));
}

const RULES: Rule[] = [
  { selector: ["usage", "prompt_tokens"], key: "in" },
  { selector: ["usage", "prompt_tokens"], key: 'my "own"/key%\t' },
  { selector: ["usage", "prompt_tokens_details", "cached_tokens"], key: "cached" },
  { selector: ["total"], key: "total" },
  { selector: ["model"], key: "model", text: true },
];
let read: Awaited<ReturnType<typeof reader>>;
beforeAll(async () => {
  read = await reader(RULES);
});

test("numbers and texts go to all keys that ask for them", () => {
  const answer = {
    id: "x",
    choices: [{ message: { content: '"usage":{"prompt_tokens":9}' } }],
    usage: { prompt_tokens: 12, prompt_tokens_details: { cached_tokens: 3, audio_tokens: 1 } },
    model: 'gpt "5" \u00e4\\',
    total: 1e3,
  };
  for (const indent of [undefined, 2]) {
    expect(read(JSON.stringify(answer, null, indent))).toEqual({
      in: 12,
      'my "own"/key%\t': 12,
      cached: 3,
      model: 'gpt "5" \u00e4\\',
      total: 1000,
    });
  }
});

test.each([
  ["not JSON", "usage"],
  ["cut short", '{"total":3,"usage":{"prompt_tokens":1'],
  ["a list", '[{"total":3}]'],
  ["nothing", ""],
  ["other kinds of values", '{"total":"3","model":3,"usage":[1]}'],
  ["numbers beyond all measure", '{"total":1e999,"usage":{"prompt_tokens":-1}}'],
])("%s gives nothing", (_, text) => {
  expect(read(text)).toEqual({});
});

test("agrees with JSON.parse on whatever surrounds it", () => {
  const noise = fc.dictionary(
    fc.string().filter((key) => !/^(usage|total|model)$/.test(key)),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(
      noise,
      noise,
      fc.nat(),
      fc.nat(),
      fc.nat(2),
      (before, after, input, total, indent) => {
        const answer = { ...before, usage: { ...after, prompt_tokens: input }, total, ...after };
        expect(read(JSON.stringify(answer, null, indent))).toMatchObject({ in: input, total });
      },
    ),
  );
});
