import type { z } from "zod";
import { type KindDefinition, kinds, type Resource } from "./kinds.ts";
import { prune } from "./prune.ts";
import { GROUP } from "./shared/resource.ts";

/** Something to tell about a field: `spec.rules[0].name`, and what is wrong with it or odd. */
export interface Problem {
  path: string;
  message: string;
}

export type Validation =
  | { ok: true; resource: Resource; warnings: Problem[] }
  | { ok: false; problems: Problem[]; warnings: Problem[] };

/**
 * Judges an object as the API server would judge it on creation: the same objects are valid, and
 * get the same defaults. Fields that the API does not know are dropped, with a warning: they are
 * mostly misspelt.
 */
export function validateResource(object: unknown): Validation {
  const version = versionOf(object);
  if ("path" in version) return { ok: false, problems: [version], warnings: [] };

  const { value, unknown } = prune(version.schema, object);
  const warnings = [
    ...version.warnings,
    ...unknown.map((path) => ({ path: written(path), message: "unknown field, dropped" })),
  ];
  const parsed = version.schema.safeParse(value, { error: wording });
  // The older version of a kind is the newer one with fields left out, so its objects are of that type.
  if (parsed.success) return { ok: true, resource: parsed.data as Resource, warnings };
  const problems = parsed.error.issues.map(({ path, message }) => ({
    path: written(path as (string | number)[]),
    message,
  }));
  return { ok: false, problems, warnings };
}

function versionOf(object: unknown): { schema: z.ZodObject; warnings: Problem[] } | Problem {
  const { apiVersion, kind } = (object ?? {}) as { apiVersion?: unknown; kind?: unknown };
  const definition: KindDefinition | undefined =
    typeof kind === "string" && Object.hasOwn(kinds, kind)
      ? kinds[kind as keyof typeof kinds]
      : undefined;
  if (definition === undefined) {
    return { path: "kind", message: `must be one of ${Object.keys(kinds).join(", ")}` };
  }
  const [stored] = definition.versions;
  const version = definition.versions.find(({ name }) => apiVersion === `${GROUP}/${name}`);
  if (version === undefined) {
    const served = definition.versions.map(({ name }) => `${GROUP}/${name}`).join(" or ");
    return { path: "apiVersion", message: `must be ${served} for kind ${definition.kind}` };
  }
  const warnings = version.deprecated
    ? [{ path: "apiVersion", message: deprecationWarning(version.name, stored.name) }]
    : [];
  return { schema: version.schema, warnings };
}

/** What a user of an old version is told, here and by the API server. */
export const deprecationWarning = (old: string, current: string): string =>
  `${GROUP}/${old} is deprecated; use ${GROUP}/${current}`;

/** Words for what a schema finds; they never quote the value. */
export function wording(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is required" : `must be of type ${issue.expected}`;
    case "invalid_value":
      return issue.input === undefined
        ? "is required"
        : `must be one of ${issue.values.map(String).join(", ")}`;
    case "invalid_union":
      return issue.input === undefined ? "is required" : "must be a quantity, as 2, 500m or 64Mi";
    case "invalid_format":
      return issue.pattern === undefined ? undefined : `must match ${issue.pattern}`;
    case "too_big":
      return `must be at most ${issue.maximum}${issue.origin === "array" ? " items" : ""}`;
    case "too_small":
      return `must be at least ${issue.minimum}${issue.origin === "array" ? " items" : ""}`;
    default:
      return undefined;
  }
}

/** A path as messages show it: `spec.rules[0].name`. */
export const written = (path: readonly (string | number)[]): string =>
  path
    .map((step, index) =>
      typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`,
    )
    .join("");
