import type { z } from "zod";
import { compileRule } from "./cel.ts";

/** A CEL expression over `self` that must hold, and what to tell the user where it does not. */
export interface Rule {
  rule: string;
  message: string;
}

const RULES = "x-kubernetes-validations";

/**
 * Adds rules to a schema. The one text serves both sides: the API server reads it from the CRD,
 * and zod evaluates it here, after defaults are filled in.
 */
export function withRules<S extends z.ZodType>(schema: S, rules: readonly Rule[]): S {
  const compiled = rules.map(({ rule, message }) => ({ holds: compileRule(rule), message }));
  return schema
    .check(({ value, issues }) => {
      for (const { holds, message } of compiled) {
        if (holds(value)) continue;
        issues.push({ code: "custom", input: value, message, continue: true });
      }
    })
    .meta({ [RULES]: [...((schema.meta()?.[RULES] as Rule[] | undefined) ?? []), ...rules] });
}

/** Limits how many of an object's fields may be set, both included. */
export function withFieldCount<S extends z.ZodType>(
  schema: S,
  { min = 0, max }: { min?: number; max: number },
): S {
  return schema
    .check(({ value, issues }) => {
      const count = Object.values(value as object).filter((field) => field !== undefined).length;
      if (count >= min && count <= max) return;
      const allowed = min === max ? `exactly ${min}` : `${min} to ${max}`;
      const message = `has ${count} fields, allowed are ${allowed}`;
      issues.push({ code: "custom", input: value, message, continue: true });
    })
    .meta({ ...(min > 0 ? { minProperties: min } : {}), maxProperties: max });
}

/** `has()` of exactly one of two fields. */
export const exactlyOneOf = (a: string, b: string): string =>
  `(has(self.${a}) && !has(self.${b})) || (!has(self.${a}) && has(self.${b}))`;

/** `has()` of at most one of two fields. */
export const atMostOneOf = (a: string, b: string): string => `!(has(self.${a}) && has(self.${b}))`;

/** A field is present exactly where the discriminator `type` has the given value. */
export const presentExactlyFor = (type: string, field: string): string =>
  `self.type == '${type}' ? has(self.${field}) : !has(self.${field})`;
