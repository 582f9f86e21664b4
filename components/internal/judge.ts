/** The judgement on a component's inputs, in the words and with the paths of who wrote them. */
import type { z } from "zod";
import { prune } from "../../runtime/api/prune.ts";
import { wording, written } from "../../runtime/api/validate.ts";
import type { Path, Settled } from "./inputs.ts";
import { closest } from "./names.ts";

/** Something wrong in the inputs. */
export interface Finding {
  /** `routes.chat.rules[0].backends[1].backend`. */
  path: string;
  message: string;
}

/** What the schema finds; what depends on values that are not known yet is left for later. */
export function schemaFindings(schema: z.ZodType, { value, holes }: Settled): Finding[] {
  const { value: pruned, unknown } = prune(schema, value);
  const strangers = unknown.map((path) => ({
    path: written(path),
    message: stranger(schema, path),
  }));
  const parsed = schema.safeParse(pruned, { error: wording });
  const issues = parsed.success ? [] : parsed.error.issues.filter((issue) => !blind(issue, holes));
  return [
    ...strangers,
    ...issues.map((issue) => ({ path: written(issue.path as Path), message: words(issue) })),
  ];
}

/** What is wrong with a key is told by the key's own issue. */
const words = (issue: z.core.$ZodIssue): string =>
  issue.code === "invalid_key" ? (issue.issues[0]?.message ?? issue.message) : issue.message;

/** Whether an issue may come from the stand-in for a value that is not known yet. */
function blind(issue: z.core.$ZodIssue, holes: readonly Path[]): boolean {
  const path = issue.path as Path;
  if (issue.code === "custom" && issue.params?.shape === true) return false;
  return holes.some((hole) => isWithin(hole, path) || isWithin(path, hole));
}

const isWithin = (inner: Path, outer: Path): boolean =>
  outer.every((step, index) => inner[index] === step);

/** Whether a written path is that of a value that is not known yet, or of a part of it. */
export function within(hole: Path, path: string): boolean {
  const text = written(hole);
  return path === text || path.startsWith(`${text}.`) || path.startsWith(`${text}[`);
}

function stranger(schema: z.ZodType, path: Path): string {
  const name = String(path[path.length - 1]);
  const guess = closest(name, fieldsAt(schema, path.slice(0, -1)));
  return `is no field${guess === undefined ? "" : `; did you mean ${guess}?`}`;
}

/** Names of the fields of the object at a path. */
function fieldsAt(schema: z.ZodType, path: Path): string[] {
  let at = bare(schema);
  for (const step of path) {
    const { shape, element, valueType } = at as unknown as {
      shape?: Record<string, z.ZodType>;
      element?: z.ZodType;
      valueType?: z.ZodType;
    };
    const next = shape?.[step] ?? element ?? valueType;
    if (next === undefined) return [];
    at = bare(next);
  }
  return Object.keys((at as unknown as { shape?: object }).shape ?? {});
}

function bare(schema: z.ZodType): z.ZodType {
  const { type, innerType } = schema.def as { type: string; innerType?: z.ZodType };
  return innerType !== undefined && ["optional", "default"].includes(type)
    ? bare(innerType)
    : schema;
}

/** All findings as one text, each in a line. */
export function told(what: string, findings: readonly Finding[]): string {
  const lines = findings.map(({ path, message }) => `${path === "" ? "" : `${path}: `}${message}`);
  const unique = [...new Set(lines)];
  return unique.length === 1
    ? `${what}: ${unique[0]}`
    : `${what} has ${unique.length} problems:\n${unique.map((line) => `  - ${line}`).join("\n")}`;
}
