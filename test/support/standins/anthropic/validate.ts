import type * as z from "zod";
import { AnthropicError } from "./errors.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** Checks a parsed body against a schema. @throws {AnthropicError} 400 in Anthropic's words. */
export function validate<Request>(schema: z.ZodType<Request>, body: unknown): Request {
  const result = schema.safeParse(body, { reportInput: true });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const { path, problem } = issue
    ? explain(issue, [], body)
    : { path: [], problem: "Invalid request" };
  const where = tagged(path, body);
  throw new AnthropicError(400, where === "" ? problem : `${where}: ${problem}`);
}

interface Explained {
  path: Path;
  problem: string;
}

function explain(issue: Issue, above: Path, body: unknown): Explained {
  const path = [...above, ...issue.path];
  const say = (problem: string): Explained => ({ path, problem });
  if (issue.input === undefined && issue.code !== "unrecognized_keys") return say("Field required");

  switch (issue.code) {
    case "unrecognized_keys":
      return { path: [...path, issue.keys[0] ?? ""], problem: "Extra inputs are not permitted" };
    case "invalid_type":
      return say(`Input should be a valid ${NAMES[issue.expected] ?? issue.expected}`);
    case "invalid_value":
      return say(`Input should be ${choices(issue.values)}`);
    case "invalid_format":
      return say(
        issue.format === "regex"
          ? `String should match pattern '${issue.pattern?.replace(/^\/|\/$/g, "") ?? ""}'`
          : "Invalid base64 data",
      );
    case "invalid_union":
      return explainUnion(issue, path, body);
    case "too_small":
    case "too_big":
      return say(range(issue, path));
    default:
      return say("Invalid input");
  }
}

const NAMES: Record<string, string> = {
  int: "integer",
  object: "dictionary",
  record: "dictionary",
};

const choices = (values: readonly unknown[]): string => {
  const quoted = values.map((value) => `'${String(value)}'`);
  return quoted.length < 2
    ? quoted.join("")
    : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
};

/** The branch that the client meant speaks: that which got furthest into the input. */
function explainUnion(
  issue: Issue & { code: "invalid_union" },
  path: Path,
  body: unknown,
): Explained {
  if ("discriminator" in issue && issue.discriminator !== undefined) {
    const tag = (issue.input as Record<string, unknown>)[issue.discriminator];
    // The path ends at the discriminator, the complaint is about the object that has it.
    const owner = path.at(-1) === issue.discriminator ? path.slice(0, -1) : path;
    const problem =
      tag === undefined
        ? `Unable to extract tag using discriminator '${issue.discriminator}'`
        : `Input tag '${String(tag)}' found using '${issue.discriminator}' does not match any of the expected tags`;
    return { path: owner, problem };
  }
  const branches = issue.errors.flatMap(([first]) => (first ? [first] : []));
  const meant = branches.filter(
    (first) => !(first.path.length === 0 && first.code === "invalid_type"),
  );
  // A tool without a type is a custom one; the other branch only misses the type.
  const best = meant.find((first) => first.path[0] !== "type") ?? meant[0];
  if (best !== undefined) return explain(best, path, body);
  const expected = branches.map((first) =>
    first.code === "invalid_type" ? (NAMES[first.expected] ?? first.expected) : "",
  );
  return { path, problem: `Input should be a valid ${expected.join(" or ")}` };
}

function range(issue: Issue & { code: "too_small" | "too_big" }, path: Path): string {
  const small = issue.code === "too_small";
  const limit = String(small ? issue.minimum : issue.maximum);
  if (issue.origin === "array") {
    if (small && path.length === 1 && path[0] === "messages")
      return "at least one message is required";
    return `List should have at ${small ? "least" : "most"} ${limit} items`;
  }
  if (issue.origin === "string") {
    return `String should have at ${small ? "least" : "most"} ${limit} characters`;
  }
  return `Input should be ${small ? "greater" : "less"} than or equal to ${limit}`;
}

/** `messages.0.content.1.text.cache_control`: the kind of a tagged object follows its place. */
function tagged(path: Path, body: unknown): string {
  const steps: string[] = [];
  let value = body;
  path.forEach((key, index) => {
    steps.push(String(key));
    value = (value as Record<PropertyKey, unknown> | undefined)?.[key];
    if (index === path.length - 1 || typeof value !== "object" || value === null) return;
    const { type } = value as { type?: unknown };
    if (typeof type === "string") steps.push(type);
    else if (path[0] === "tools" && index === 1) steps.push("custom");
  });
  return steps.join(".");
}
