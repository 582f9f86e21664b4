import { z } from "zod";

/** Limits of a string. Lengths are in Unicode code points, as the API server counts them. */
export interface TextLimits {
  min?: number;
  max?: number;
  pattern?: RegExp;
}

/** A string within limits. */
export function text(limits: TextLimits = {}): z.ZodString {
  const { min = 0, max = Number.POSITIVE_INFINITY, pattern } = limits;
  const schema = pattern === undefined ? z.string() : z.string().regex(pattern);
  if (limits.min === undefined && limits.max === undefined) return schema;
  const bounds = {
    ...(limits.min === undefined ? {} : { minLength: min }),
    ...(limits.max === undefined ? {} : { maxLength: max }),
  };
  return schema
    .check(({ value, issues }) => {
      const length = codePoints(value);
      if (length < min) {
        const message = `is ${length} characters long, the least is ${min}`;
        issues.push({ code: "custom", input: value, message, continue: true });
      }
      if (length > max) {
        const message = `is ${length} characters long, the most is ${max}`;
        issues.push({ code: "custom", input: value, message, continue: true });
      }
    })
    .meta(bounds);
}

const codePoints = (value: string): number => {
  let count = 0;
  for (const _ of value) count += 1;
  return count;
};

/** Bounds of an integer, both included. */
export interface Bounds {
  min?: number;
  max?: number;
}

/** A 32-bit integer. */
export const int32 = (bounds: Bounds = {}): z.ZodNumber =>
  integer(bounds, -2_147_483_648, 2_147_483_647).meta({ format: "int32", ...limitsOf(bounds) });

/** An integer of up to 53 bits (64 on the API server; JSON in JavaScript keeps no more). */
export const int64 = (bounds: Bounds = {}): z.ZodNumber =>
  integer(bounds, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER).meta({
    format: "int64",
    ...limitsOf(bounds),
  });

/** An integer whose width the resource does not state. */
export const plainInteger = (bounds: Bounds): z.ZodNumber =>
  integer(bounds, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER).meta(limitsOf(bounds));

const integer = (bounds: Bounds, least: number, most: number): z.ZodNumber =>
  z
    .number()
    .int()
    .min(bounds.min ?? least)
    .max(bounds.max ?? most);

// Written down apart from zod's own checks, so that a width's implicit range stays out of CRDs.
const limitsOf = ({ min, max }: Bounds): { minimum?: number; maximum?: number } => ({
  ...(min === undefined ? {} : { minimum: min }),
  ...(max === undefined ? {} : { maximum: max }),
});

/** RFC 3339 date and time, as Kubernetes writes it: `2026-01-31T12:00:00Z`. */
export const dateTime = (): z.ZodString =>
  z
    .string()
    .refine(isDateTime, "must be an RFC 3339 date and time, as 2026-01-31T12:00:00Z")
    .meta({ format: "date-time" });

function isDateTime(value: string): boolean {
  const match =
    /^(\d{4})-(\d{2})-(\d{2})t([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(z|[+-]\d{2}:\d{2})$/i.exec(
      value,
    );
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Bytes, at least one, written in base64. */
export const base64 = (): z.ZodString =>
  z
    .string()
    .refine(
      (value) =>
        /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/.test(value),
      "must be base64",
    )
    .meta({ format: "byte" });

/** An absolute URI, or an absolute path. */
export const uri = (): z.ZodString =>
  z
    .string()
    .refine(isUri, "must be an absolute URI, as https://example.com/mcp")
    .meta({ format: "uri" });

// As Go's url.ParseRequestURI has it: control characters, bad escapes and relative references fail.
function isUri(value: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (value === "" || /[\x00-\x1f\x7f]/.test(value)) return false;
  const rest = /^[A-Za-z][A-Za-z0-9+.-]*:(.*)$/.exec(value)?.[1];
  if (rest === undefined) return value.startsWith("/") && escapesAreWhole(value);
  if (!rest.startsWith("/")) return true;
  const authority = /^\/\/([^/?]*)/.exec(rest)?.[1] ?? "";
  return AUTHORITY.test(authority) && escapesAreWhole(rest);
}

const AUTHORITY =
  /^([A-Za-z0-9._:~!$&'()*+,;=%@-]*@)?(\[[0-9A-Fa-f:.%A-Za-z~_-]+\]|[A-Za-z0-9._~!$&'()*+,;=%"<>\u0080-\uffff-]*)(:[0-9]*)?$/;

const escapesAreWhole = (value: string): boolean =>
  !/%(?![0-9A-Fa-f]{2})/.test(value.split("?")[0] ?? "");

const QUANTITY =
  /^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$/;

/**
 * A Kubernetes quantity: an integer, or text such as `500m`, `64Mi`. `also` narrows the text form
 * further.
 */
export function quantity(also?: RegExp): z.ZodUnion<readonly [z.ZodNumber, z.ZodString]> {
  const form = z.string().regex(QUANTITY);
  const patterns = also === undefined ? [QUANTITY] : [QUANTITY, also];
  return z.union([z.number().int(), also === undefined ? form : form.regex(also)]).meta({
    "x-kubernetes-int-or-string": true,
    patterns: patterns.map((pattern) => pattern.source),
  });
}

/** Any JSON value; the API server keeps what it does not know below this point. */
export const anyJson = (): z.ZodUnknown =>
  z.unknown().meta({ "x-kubernetes-preserve-unknown-fields": true });
