import type { HeaderLookup } from "../../conversation/codec.ts";
import { UserError } from "../../lib/errors.ts";
import { type AwsKeys, type SignedRequest, signatureHeaders } from "../../lib/sigv4.ts";
import { SIGNED_HEADER } from "../../program/names.ts";
import type { Program } from "../../program/program.ts";

export interface Signature {
  set: [name: string, value: string][];
  remove: readonly string[];
}

/**
 * Signs a request with keys that it has brought along; undefined where it has brought none.
 * @throws {UserError} 401 where it has brought some of what a signature needs
 */
export function signatureOf(
  sign: NonNullable<Program["sign"]>,
  request: Omit<SignedRequest, "host" | "method">,
  headers: HeaderLookup,
  unixTime: number,
): Signature | undefined {
  const keys = keysOf(sign.keys, headers);
  if (keys === undefined) return undefined;
  const signed = { ...request, method: "POST", host: sign.host };
  return {
    set: [...signatureHeaders(signed, keys, sign, unixTime), [SIGNED_HEADER, "true"]],
    remove: sign.keys,
  };
}

function keysOf(names: readonly string[], headers: HeaderLookup): AwsKeys | undefined {
  const values = names.length === 1 ? fromJson(headers(names[0] ?? "")) : names.map(headers);
  const [accessKeyId, secretAccessKey, sessionToken] = values.map((value) => value || undefined);
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    return { accessKeyId, secretAccessKey, sessionToken };
  }
  if ([accessKeyId, secretAccessKey, sessionToken].every((value) => value === undefined)) {
    return undefined;
  }
  const missing = accessKeyId === undefined ? "access key id" : "secret access key";
  throw new UserError(401, "unauthorized", `the credential of this request has no ${missing}`);
}

/** As the request's metadata have it. */
function fromJson(text: string | undefined): (string | undefined)[] {
  if (text === undefined) return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError(401, "unauthorized", "the credential of this request cannot be read");
  }
  const object = Object(value) as Record<string, unknown>;
  return ["accessKeyId", "secretAccessKey", "sessionToken"].map((name) => {
    const member = object[name];
    return typeof member === "string" ? member : undefined;
  });
}
