/** Pieces of which the components' inputs are made. */
import { z } from "zod";
import { compileRule } from "../../runtime/api/schema/cel.ts";
import { text } from "../../runtime/api/schema/fields.ts";
import { named } from "../../runtime/api/schema/names.ts";
import type { Rule } from "../../runtime/api/schema/rules.ts";

/** Marks a field that shapes what a component creates, so that it cannot be an output. */
export const plain = <S extends z.ZodType>(schema: S): S => schema.meta({ "x-plain": true });

/** A key of backends, routes and the like; the names of Kubernetes objects are made from it. */
export const key = (): z.ZodString =>
  text({ min: 1, max: 40 }).regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, {
    error: "is no name: lower case letters, digits and dashes, as `openai-eu`",
  });

/** One of a few words, under a type name of its own. */
export const choice = <const T extends string>(type: string, words: readonly T[]) =>
  plain(z.enum(words as readonly [T, ...T[]])).meta({ "x-type-name": type });

/**
 * Rules on which fields are there and on plain values, never on what may be an output; so they can
 * be judged before outputs are known, and their issues are marked for that.
 */
export function withRules<S extends z.ZodType>(schema: S, rules: readonly Rule[]): S {
  const compiled = rules.map(({ rule, message }) => ({ holds: compileRule(rule), message }));
  return schema.check(({ value, issues }) => {
    for (const { holds, message } of compiled) {
      if (holds(value)) continue;
      const params = { shape: true };
      issues.push({ code: "custom", input: value, message, params, continue: true });
    }
  });
}

/** Things by name. */
export const byName = <S extends z.ZodType>(value: S) => z.record(key(), value);

/** The name of a Kubernetes object, or of its namespace. */
export const objectName = (about: string): z.ZodString =>
  text({ min: 1, max: 63 })
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, {
      error: "must be a name of Kubernetes: lower case letters, digits and dashes",
    })
    .describe(about);

/** A span of time. */
export const time = (): z.ZodString =>
  text().regex(/^([0-9]{1,5}(h|m|s|ms)){1,4}$/, {
    error: "must be a span of time, as 500ms, 30s or 1h30m",
  });

/** A host name, with `*.` for every subdomain. */
export const host = (): z.ZodString =>
  text({ min: 1, max: 253 }).regex(
    /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    { error: "must be a host name, as ai.example.com or *.example.com" },
  );

/** A Kubernetes quantity; the components take text alone, as `500m` or `256Mi`. */
export const quantityText = (about: string): z.ZodString =>
  text()
    .regex(/^[0-9]+(\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/, {
      error: "must be a quantity, as 500m or 256Mi",
    })
    .describe(about);

/** Any JSON, as it stands. */
export const anything = (about: string): z.ZodUnknown => z.unknown().describe(about);

/** A changed field of one of the created objects. */
const objectPatch = named(
  "ObjectPatch",
  z
    .object({
      kind: plain(text({ min: 1 })).describe("Kind of the object, as `Deployment`."),
      name: plain(text({ min: 1 }))
        .describe("Name of the object; all objects of the kind where left out.")
        .optional(),
      patch: anything(
        "JSON merge patch (RFC 7386): objects are merged, null takes a field away, all else replaces.",
      ),
    })
    .describe("A change to created objects, for what the inputs do not reach."),
);

export const patches = z
  .array(objectPatch)
  .describe(
    "Changes to the created objects, for what these inputs do not reach. Prefer the inputs: patches are not checked.",
  )
  .optional();
