import { Environment, type ParseResult } from "@marcbachmann/cel-js";
import type { CostVariables } from "../pipeline/lane.ts";
import { registerLinearMatches, useLinearMatches } from "./linear-matches.ts";
import { tokenCount, totalTokens } from "./tokens.ts";

export type CostOutcome = { ok: true; value: number } | { ok: false; problem: string };

type Compiled = { ok: true; run: ParseResult } | { ok: false; problem: string };

const COUNTS = [
  "input_tokens",
  "cached_input_tokens",
  "cache_creation_input_tokens",
  "output_tokens",
  "total_tokens",
  "reasoning_tokens",
] as const;
const NAMES = ["model", "backend", "route_name"] as const;

/** The library keeps its class of unsigned integers to itself. */
interface UnsignedInteger {
  readonly value: bigint;
}
const UnsignedInteger = new Environment().evaluate("0u").constructor as new (
  value: number | bigint,
) => UnsignedInteger;

const environment = declareVariables(
  // Of CEL's standard conversions this one is missing in the library.
  registerLinearMatches(new Environment().registerFunction("int(uint): int", toInt)),
);

function declareVariables(base: Environment): Environment {
  for (const name of NAMES) base.registerVariable(name, "string");
  for (const name of COUNTS) base.registerVariable(name, "uint");
  return base;
}

function toInt({ value }: UnsignedInteger): bigint {
  if (value > 2n ** 63n - 1n) throw new RangeError("integer overflow");
  return value;
}

/** More than all expressions of a gateway; what is not used goes first. */
const MAX_COMPILED = 1024;
const compiled = new Map<string, Compiled>();

/**
 * What is wrong with a cost expression, in one line; undefined when it can be used. An expression
 * that fails where no token was counted is refused, since providers may well count none.
 */
export function checkCostExpression(cel: string): string | undefined {
  const outcome = evaluateCost(cel, {
    model: "model",
    backend: "default/backend",
    routeName: "default/route",
    usage: {},
  });
  if (outcome.ok) return undefined;
  const program = compile(cel);
  return program.ok ? `${outcome.problem}, where all token counts are 0` : outcome.problem;
}

/** The value of an expression: an integer from 0 to 2^53 - 1. Never throws. */
export function evaluateCost(cel: string, variables: CostVariables): CostOutcome {
  const program = compile(cel);
  if (!program.ok) return program;
  let result: unknown;
  try {
    result = program.run(contextOf(variables));
  } catch (error) {
    return { ok: false, problem: `the expression fails: ${summaryOf(error)}` };
  }
  const value = typeof result === "bigint" ? result : (result as UnsignedInteger | null)?.value;
  if (typeof value !== "bigint") {
    return {
      ok: false,
      problem: "the result is no integer: write uint(...) or int(...) around it",
    };
  }
  if (value < 0n) return { ok: false, problem: `the result is negative: ${value}` };
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    return { ok: false, problem: `the result is above 2^53 - 1: ${value}` };
  }
  return { ok: true, value: Number(value) };
}

/** Token counts are uints; what a provider did not report, or reported wrongly, counts 0. */
function contextOf({ model, backend, routeName, usage }: CostVariables): Record<string, unknown> {
  return {
    model,
    backend: dotted(backend),
    route_name: routeName,
    input_tokens: new UnsignedInteger(tokenCount(usage.inputTokens)),
    cached_input_tokens: new UnsignedInteger(tokenCount(usage.cachedInputTokens)),
    cache_creation_input_tokens: new UnsignedInteger(tokenCount(usage.cacheCreationInputTokens)),
    output_tokens: new UnsignedInteger(tokenCount(usage.outputTokens)),
    total_tokens: new UnsignedInteger(totalTokens(usage)),
    reasoning_tokens: new UnsignedInteger(tokenCount(usage.reasoningTokens)),
  };
}

/** `namespace/name` as expressions know it: `name.namespace`. */
function dotted(backend: string): string {
  const slash = backend.indexOf("/");
  return slash < 0 ? backend : `${backend.slice(slash + 1)}.${backend.slice(0, slash)}`;
}

function compile(cel: string): Compiled {
  const known = compiled.get(cel);
  if (known !== undefined) {
    // Moved to the end: a map's order is the order of use.
    compiled.delete(cel);
    compiled.set(cel, known);
    return known;
  }
  const program = compileAnew(cel);
  if (compiled.size >= MAX_COMPILED) {
    const [oldest] = compiled.keys();
    if (oldest !== undefined) compiled.delete(oldest);
  }
  compiled.set(cel, program);
  return program;
}

function compileAnew(cel: string): Compiled {
  try {
    const run = environment.parse(cel);
    useLinearMatches(run.ast);
    const { valid, type, error } = run.check();
    if (!valid) return { ok: false, problem: `not a CEL expression: ${summaryOf(error)}` };
    if (type !== "int" && type !== "uint" && type !== "dyn") {
      const mend = type === "double" ? `: write uint(${cel})` : "";
      return { ok: false, problem: `the result is a ${type} where an integer is needed${mend}` };
    }
    return { ok: true, run };
  } catch (error) {
    return { ok: false, problem: `not a CEL expression: ${summaryOf(error)}` };
  }
}

/** The library's message without its drawing of the source. */
function summaryOf(error: unknown): string {
  if (error instanceof Error) {
    return "summary" in error ? String(error.summary) : error.message;
  }
  return String(error);
}
