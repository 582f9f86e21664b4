import type { Environment } from "@marcbachmann/cel-js";
import { type Pattern, re2 } from "../../lib/re2.ts";

const LINEAR_MATCHES = "linear_matches";

/** More than all patterns of a gateway. */
const MAX_PATTERNS = 1024;
const patterns = new Map<string, Pattern>();

/**
 * CEL's `matches` is RE2. The library runs JavaScript's expressions in its place, which can take
 * exponential time (a model's name of 30 characters stops a worker for seconds), and lets nobody
 * replace a standard function: calls are pointed at another one.
 */
export function registerLinearMatches(environment: Environment): Environment {
  return environment.registerFunction(
    `string.${LINEAR_MATCHES}(string): bool`,
    (text: string, source: string) => {
      const pattern = patternOf(source);
      if (!pattern.ok) throw new Error(problemOf(source, pattern.problem));
      return pattern.test(text);
    },
  );
}

/** Points all calls of `matches` in a parsed expression at RE2. Throws where a pattern that stands in the text is none. */
export function useLinearMatches(part: unknown): void {
  if (Array.isArray(part)) part.forEach(useLinearMatches);
  if (!isNode(part)) return;
  const { op, args } = part;
  if (op === "rcall" && Array.isArray(args) && args[0] === "matches") {
    args[0] = LINEAR_MATCHES;
    checkPattern(args[2]);
  }
  useLinearMatches(args);
}

function checkPattern(given: unknown): void {
  const [source] = Array.isArray(given) ? given : [];
  if (!isNode(source) || source.op !== "value" || typeof source.args !== "string") return;
  const pattern = re2(source.args);
  if (!pattern.ok) throw new Error(problemOf(source.args, pattern.problem));
}

const isNode = (part: unknown): part is { op: string; args: unknown } =>
  typeof part === "object" && part !== null && "op" in part && "args" in part;

const problemOf = (source: string, problem: string): string =>
  `"${source}" is not a regular expression of RE2: ${problem}`;

function patternOf(source: string): Pattern {
  let pattern = patterns.get(source);
  if (pattern === undefined) {
    if (patterns.size >= MAX_PATTERNS) patterns.clear();
    pattern = re2(source);
    patterns.set(source, pattern);
  }
  return pattern;
}
