import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GoogleError } from "./errors.ts";

/** By message and field, in the notation of extract.ts. */
const { messages } = JSON.parse(
  readFileSync(join(import.meta.dirname, "published.json"), "utf8"),
) as { messages: Record<string, Record<string, string>> };

/**
 * Holds a body against a published message, as Google's servers parse JSON into protobuf: fields may
 * be named in camel case or with underscores, null counts as absent, numbers may stand in strings;
 * what the message does not have, and words that an enumeration does not have, are refused.
 *
 * @param message `GenerateContentRequest`
 * @returns the body with every field in camel case and every enumeration in capitals
 * @throws {GoogleError} 400
 */
export const parseMessage = <T>(message: string, body: unknown): T => read(message, body, "") as T;

function readFields(message: string, value: unknown, path: string): Record<string, unknown> {
  const fields = messages[message];
  if (fields === undefined) throw new Error(`${message} is not in published.json`);
  const result: Record<string, unknown> = {};
  for (const [given, inner] of Object.entries(record(value, path, message))) {
    const name = camelCase(given);
    const notation = fields[name];
    if (notation === undefined) {
      const at = path === "" ? "" : ` at '${path}'`;
      throw new GoogleError(
        400,
        `Invalid JSON payload received. Unknown name "${given}"${at}: Cannot find field.`,
        path,
      );
    }
    if (inner === null) continue;
    result[name] = read(notation, inner, path === "" ? given : `${path}.${given}`);
  }
  return result;
}

function read(notation: string, value: unknown, path: string): unknown {
  if (notation.endsWith("[]")) {
    if (!Array.isArray(value)) return mismatch(path, "Proto field is not repeating", value);
    const of = notation.slice(0, -2);
    return value.map((item, index) => read(of, item, `${path}[${index}]`));
  }
  if (notation.startsWith("{")) {
    const of = notation.slice(1, -1);
    return Object.fromEntries(
      Object.entries(record(value, path, "Map")).map(([key, inner]) => [
        key,
        read(of, inner, `${path}[${key}]`),
      ]),
    );
  }
  if (notation.includes("|")) {
    // As the service itself takes them: other clients of it write `object` and `low`.
    const name = String(value).toUpperCase();
    if (notation.split("|").includes(name)) return name;
    return mismatch(path, "enum", value);
  }
  const scalar = SCALARS[notation];
  if (scalar === undefined) return readFields(notation, value, path);
  return scalar(value) ? value : mismatch(path, `TYPE_${notation.toUpperCase()}`, value);
}

const numeric = (value: unknown): boolean =>
  typeof value === "number" || (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value));
const integral = (value: unknown): boolean => numeric(value) && Number.isInteger(Number(value));
const text = (value: unknown): boolean => typeof value === "string";

const SCALARS: Readonly<Record<string, (value: unknown) => boolean>> = {
  any: () => true,
  object: (value) => typeof value === "object" && value !== null,
  boolean: (value) => typeof value === "boolean",
  string: text,
  byte: (value) => text(value) && /^[\w+/-]*={0,2}$/.test(String(value)),
  int32: integral,
  int64: integral,
  integer: integral,
  number: numeric,
  float: numeric,
  double: numeric,
  "google-duration": (value) => text(value) && /^-?\d+(\.\d+)?s$/.test(String(value)),
  "google-datetime": (value) => text(value) && !Number.isNaN(Date.parse(String(value))),
  "google-fieldmask": text,
};

function record(value: unknown, path: string, message: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  return mismatch(path, message, value);
}

function mismatch(path: string, type: string, value: unknown): never {
  throw new GoogleError(
    400,
    `Invalid value at '${path}' (${type}), ${JSON.stringify(value)}`,
    path,
  );
}

const camelCase = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
