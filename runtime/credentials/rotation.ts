import type { BackendSecurityPolicy } from "../api/index.ts";
import type { SecretLookup } from "./credential.ts";

/** One exchange with a server of tokens. The body is text: a form, or JSON. */
export interface TokenRequest {
  method: "GET" | "POST";
  url: string;
  headers?: Record<string, string>;
  body?: string;
}
export type Ask = (request: TokenRequest) => Promise<{ status: number; body: string }>;

export interface RotationTools {
  ask: Ask;
  secrets: SecretLookup;
  /** Milliseconds since 1970. */
  now(): number;
  endpoints: TokenEndpoints;
}

/** Where the vendors' servers of tokens are; without slashes at the ends. */
export interface TokenEndpoints {
  /** AWS STS of a region. */
  sts(region: string): string;
  /** Entra. */
  azureAuthority: string;
  /** Google's security token service, and the service that lets accounts be impersonated. */
  googleSts: string;
  googleIam: string;
}

/** What goes into the Secret of a policy, and when it is worth nothing any more. */
export interface Rotated {
  entries: Record<string, string>;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** How a kind of credential is obtained that does not last. */
export interface Rotator {
  /** Whether this policy needs it; else its credential stands in a Secret of the user's. */
  needed(policy: BackendSecurityPolicy): boolean;
  /** @throws {RotationError} */
  obtain(policy: BackendSecurityPolicy, tools: RotationTools): Promise<Rotated>;
}

/** Why nothing was obtained; for logs and Events, so it never holds a secret. */
export class RotationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "RotationError";
  }
}

/** An entry of a Secret that a policy names. @throws {RotationError} */
export function entryOf(
  { secrets }: RotationTools,
  ref: { name: string; namespace?: string | undefined },
  key: string,
  field: string,
): string {
  const found = secrets(ref, key, field);
  if (!found.ok) throw new RotationError(`${field}: ${found.problem.message}`);
  return found.value.trim();
}

/** The answer of a server of tokens as JSON. @throws {RotationError} naming the server, its status and error code */
export async function askJson(
  ask: Ask,
  who: string,
  request: TokenRequest,
): Promise<Record<string, unknown>> {
  const { status, body } = await ask(request);
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    value = undefined;
  }
  const answer = Object(value) as Record<string, unknown>;
  if (status >= 200 && status < 300) return answer;
  throw refusal(who, status, answer.error);
}

/** Codes such as `invalid_client` are told; sentences are not, for some quote what they were sent. */
export function refusal(who: string, status: number, error: unknown): RotationError {
  const code = typeof error === "string" ? error : Object(error).status;
  const told = typeof code === "string" && /^[\w.-]{1,64}$/.test(code) ? ` (${code})` : "";
  return new RotationError(`${who} answered with status ${status}${told}`);
}

/** A text that an answer has to have. @throws {RotationError} */
export function textIn(answer: Record<string, unknown>, name: string, who: string): string {
  const value = answer[name];
  if (typeof value === "string" && value !== "") return value;
  throw new RotationError(`${who} answered without ${name}`);
}

/** Lifetimes come in seconds, as a number or as text; an hour where none is told. */
export function expiryOf(expiresIn: unknown, now: number): number {
  const seconds = Number(expiresIn);
  return now + (Number.isFinite(seconds) && seconds > 0 ? seconds : 3600) * 1000;
}

export const form = (fields: Record<string, string | undefined>): TokenRequest["body"] =>
  new URLSearchParams(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  ).toString();

export const FORM = { "content-type": "application/x-www-form-urlencoded" };
