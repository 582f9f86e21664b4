import type * as z from "zod";
import { OpenAiError } from "./errors.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** Checks a parsed body against the published schema. @throws {OpenAiError} 400 in OpenAI's words. */
export function validate<Schema extends z.ZodType>(body: unknown, schema: Schema): z.infer<Schema> {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new OpenAiError(
      400,
      "We could not parse the JSON body of your request: it is no object.",
    );
  }
  const { model } = body as { model?: unknown };
  if (model === undefined) throw new OpenAiError(400, "you must provide a model parameter");
  const result = schema.safeParse(body, { reportInput: true });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw issue === undefined ? new OpenAiError(400, "Invalid request.") : toError(issue, []);
}

function toError(issue: Issue, above: Path): OpenAiError {
  const path = [...above, ...issue.path];
  const at = param(path);
  const refuse = (code: string | null, message: string) =>
    new OpenAiError(400, message, { param: at, code });

  switch (issue.code) {
    case "unrecognized_keys": {
      const key = issue.keys[0] ?? "";
      if (path.length === 0)
        return new OpenAiError(400, `Unrecognized request argument supplied: ${key}`);
      const full = param([...path, key]);
      return new OpenAiError(400, `Unknown parameter: '${full}'.`, {
        param: full,
        code: "unknown_parameter",
      });
    }
    case "invalid_type":
      return wrongType(issue.input, issue.expected, at, issue.expected === "int");
    case "invalid_union":
      return unionError(issue, path);
    case "invalid_value": {
      if (issue.input === undefined) return missing(at);
      const values = issue.values.map((value) => `'${String(value)}'`);
      return refuse(
        "invalid_value",
        `Invalid value: '${String(issue.input)}'. Supported values are: ${list(values, "and")}.`,
      );
    }
    case "too_small":
    case "too_big":
      return refuse(...outOfRange(issue, at));
    case "invalid_format":
      return refuse(
        "invalid_value",
        `Invalid '${at}': string does not match pattern. Expected a string that matches the pattern '${issue.pattern ?? ""}'.`,
      );
    default:
      return refuse("invalid_value", `Invalid value for '${at}'.`);
  }
}

/** The branch that the client meant speaks; if it meant none, the types that would have done. */
function unionError(issue: Issue & { code: "invalid_union" }, path: Path): OpenAiError {
  const at = param(path);
  const discriminator = "discriminator" in issue ? issue.discriminator : undefined;
  if (typeof discriminator === "string") {
    const object = issue.input as Record<string, unknown> | undefined;
    const value = object?.[discriminator];
    const full = at.endsWith(discriminator) ? at : param([...path, discriminator]);
    if (value === undefined) return missing(full);
    return new OpenAiError(400, `Invalid value: '${String(value)}'.`, {
      param: full,
      code: "invalid_value",
    });
  }
  const meant = issue.errors.find(([first]) => !isTypeMismatch(first));
  if (meant?.[0] !== undefined) return toError(meant[0], path);
  const expected = issue.errors.map(([first]) =>
    first?.code === "invalid_type" ? first.expected : "string",
  );
  return wrongType(issue.input, [...new Set(expected)].join("/"), at, false);
}

const isTypeMismatch = (issue: Issue | undefined): boolean =>
  issue !== undefined &&
  issue.path.length === 0 &&
  (issue.code === "invalid_type" ||
    (issue.code === "invalid_value" && typeof issue.input === "object"));

const missing = (at: string) =>
  new OpenAiError(400, `Missing required parameter: '${at}'.`, {
    param: at,
    code: "missing_required_parameter",
  });

function wrongType(input: unknown, expected: string, at: string, integer: boolean): OpenAiError {
  if (input === undefined) return missing(at);
  const wanted = expected.split("/").map((type) => withArticle(NAMES[type] ?? type));
  const got = integer && typeof input === "number" ? "a decimal number" : describe(input);
  return new OpenAiError(
    400,
    `Invalid type for '${at}': expected ${wanted.length > 1 ? "one of " : ""}${list(wanted, "or")}, but got ${got} instead.`,
    { param: at, code: "invalid_type" },
  );
}

const NAMES: Record<string, string> = {
  int: "integer",
  number: "decimal",
  record: "object",
};

function describe(input: unknown): string {
  if (input === null) return "null";
  if (Array.isArray(input)) return "an array";
  if (typeof input === "number") return Number.isInteger(input) ? "an integer" : "a decimal number";
  return withArticle(typeof input);
}

const withArticle = (noun: string) => `${/^[aeio]/.test(noun) ? "an" : "a"} ${noun}`;

const list = (items: string[], word: "and" | "or"): string =>
  items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} ${word} ${items.at(-1)}`;

function outOfRange(
  issue: Issue & { code: "too_small" | "too_big" },
  at: string,
): [code: string, message: string] {
  const small = issue.code === "too_small";
  const limit = String(small ? issue.minimum : issue.maximum);
  if (issue.origin === "array") {
    const { length } = issue.input as unknown[];
    if (length === 0) {
      return [
        "empty_array",
        `Invalid '${at}': empty array. Expected an array with minimum length ${limit}, but got an empty array instead.`,
      ];
    }
    return [
      "array_above_max_length",
      `Invalid '${at}': array too long. Expected an array with maximum length ${limit}, but got an array with length ${length} instead.`,
    ];
  }
  if (issue.origin === "string") {
    return [
      "string_above_max_length",
      `Invalid '${at}': string too long. Expected a string with maximum length ${limit}, but got a string with length ${String(issue.input).length} instead.`,
    ];
  }
  const kind = issue.origin === "int" || Number.isInteger(issue.input) ? "integer" : "decimal";
  const where = small ? "below minimum" : "above maximum";
  return [
    `${kind}_${small ? "below_min" : "above_max"}_value`,
    `Invalid '${at}': ${kind} ${where} value. Expected a value ${small ? ">=" : "<="} ${limit}, but got ${String(issue.input)} instead.`,
  ];
}

/** `messages[0].content[1].type` */
const param = (path: Path): string =>
  path.reduce<string>(
    (text, key) =>
      typeof key === "number"
        ? `${text}[${key}]`
        : text === ""
          ? String(key)
          : `${text}.${String(key)}`,
    "",
  );
