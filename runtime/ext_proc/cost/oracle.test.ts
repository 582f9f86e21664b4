import { celUint, isCelError, isCelUint, run } from "@bufbuild/cel";
import fc from "fast-check";
import type { Usage } from "../../lib/usage.ts";
import { evaluateCost } from "./expression.ts";

/** What another implementation of CEL makes of an expression; undefined: an error. */
function oracle(cel: string, usage: Required<Usage>): number | undefined {
  const result = run(cel, {
    model: "gpt-5",
    backend: "openai.team-a",
    route_name: "team-a/chat",
    input_tokens: celUint(BigInt(usage.inputTokens)),
    output_tokens: celUint(BigInt(usage.outputTokens)),
    total_tokens: celUint(BigInt(usage.totalTokens)),
    cached_input_tokens: celUint(BigInt(usage.cachedInputTokens)),
    cache_creation_input_tokens: celUint(BigInt(usage.cacheCreationInputTokens)),
    reasoning_tokens: celUint(BigInt(usage.reasoningTokens)),
  });
  if (isCelError(result)) return undefined;
  const value = isCelUint(result) ? result.value : result;
  if (typeof value !== "bigint") throw new Error(`${cel} is no integer`);
  return value >= 0n && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined;
}

const { uint, int } = fc.letrec<{ uint: string; condition: string; int: string }>((tie) => {
  const binary = (operators: string[], side: "uint" | "int") =>
    fc
      .tuple(tie(side), fc.constantFrom(...operators), tie(side))
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`);
  const conditional = (side: "uint" | "int") =>
    fc.tuple(tie("condition"), tie(side), tie(side)).map(([c, a, b]) => `(${c} ? ${a} : ${b})`);
  const shallow = { depthSize: "small", withCrossShrink: true } as const;
  return {
    uint: fc.oneof(
      shallow,
      fc.constantFrom("input_tokens", "output_tokens", "total_tokens", "cached_input_tokens"),
      fc.constantFrom("cache_creation_input_tokens", "reasoning_tokens"),
      fc.nat(5000).map((n) => `${n}u`),
      binary(["+", "-", "*", "/", "%"], "uint"),
      conditional("uint"),
      tie("uint").map((of) => `uint(double(${of}) * 0.25)`),
      tie("int").map((of) => `uint(${of})`),
    ),
    int: fc.oneof(
      shallow,
      fc.integer({ min: -50, max: 50 }).map(String),
      fc.constant("size(model)"),
      tie("uint").map((of) => `int(${of})`),
      binary(["+", "-", "*", "/", "%"], "int"),
      conditional("int"),
    ),
    condition: fc.oneof(
      shallow,
      fc.constantFrom("model == 'gpt-5'", "backend == 'foo.default'", "model.startsWith('gpt')"),
      fc.constantFrom("route_name in ['team-a/chat']", "model.matches('^gpt-[0-9]$')"),
      binary(["<", "<=", ">", ">=", "==", "!="], "uint"),
      binary(["<", ">=", "=="], "int"),
      tie("condition").map((of) => `!(${of})`),
      fc
        .tuple(tie("condition"), fc.constantFrom("&&", "||"), tie("condition"))
        .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    ),
  };
});

const count = fc.nat(1_000_000);
const usages: fc.Arbitrary<Required<Usage>> = fc.record({
  inputTokens: count,
  outputTokens: count,
  totalTokens: count,
  cachedInputTokens: count,
  cacheCreationInputTokens: count,
  reasoningTokens: count,
});

test("expressions mean what they mean to another implementation of CEL", () => {
  let values = 0;
  fc.assert(
    fc.property(fc.oneof(uint, int), usages, (cel, usage) => {
      const ours = evaluateCost(cel, {
        model: "gpt-5",
        backend: "team-a/openai",
        routeName: "team-a/chat",
        usage,
      });
      if (ours.ok) values++;
      expect(ours.ok ? ours.value : undefined).toBe(oracle(cel, usage));
    }),
    { numRuns: 500 },
  );
  // Errors alone would prove little.
  expect(values).toBeGreaterThan(100);
});
