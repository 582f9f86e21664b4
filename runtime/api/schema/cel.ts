import { Environment } from "@marcbachmann/cel-js";

const environment = new Environment({ unlistedVariablesAreDyn: true });

/** Whether a value satisfies a rule. */
export type Predicate = (self: unknown) => boolean;

/**
 * A CEL rule of a resource definition as a predicate over the value that it stands on. As on the
 * API server, a rule that fails to evaluate is not satisfied.
 *
 * @throws where the expression itself is malformed.
 */
export function compileRule(rule: string): Predicate {
  const evaluate = environment.parse(rule);
  return (self) => {
    try {
      return evaluate({ self: celValue(self) }) === true;
    } catch {
      return false;
    }
  };
}

/** Numbers of a resource are integers to CEL wherever they are whole. */
function celValue(value: unknown): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(celValue);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, field]) => field !== undefined)
        .map(([name, field]) => [name, celValue(field)]),
    );
  }
  return value;
}
