import type { HeaderLookup } from "./codec.ts";
import type { ErrorKind, ProviderError } from "./events.ts";

/** Kind and status for the client, by the name of Bedrock's exception. */
const EXCEPTIONS: Readonly<Record<string, { kind: ErrorKind; status: number }>> = {
  AccessDeniedException: { kind: "permission", status: 403 },
  ValidationException: { kind: "invalid-request", status: 400 },
  ConflictException: { kind: "invalid-request", status: 409 },
  ResourceNotFoundException: { kind: "not-found", status: 404 },
  UnknownOperationException: { kind: "not-found", status: 404 },
  ThrottlingException: { kind: "rate-limit", status: 429 },
  TooManyRequestsException: { kind: "rate-limit", status: 429 },
  ServiceQuotaExceededException: { kind: "rate-limit", status: 429 },
  // Bedrock answers this with 429, and means that it starts the model.
  ModelNotReadyException: { kind: "overloaded", status: 503 },
  ServiceUnavailableException: { kind: "overloaded", status: 503 },
  // Bedrock answers these two with 408 and 424, which would blame the client for them.
  ModelTimeoutException: { kind: "timeout", status: 504 },
  ModelErrorException: { kind: "server", status: 502 },
  ModelStreamErrorException: { kind: "server", status: 502 },
  InternalServerException: { kind: "server", status: 500 },
};

/** Refusals of the gateway's own signature; their messages quote what was signed, tokens included. */
const CREDENTIAL_EXCEPTIONS = new Set([
  "ExpiredTokenException",
  "IncompleteSignatureException",
  "InvalidClientTokenIdException",
  "InvalidSignatureException",
  "MissingAuthenticationTokenException",
  "SignatureDoesNotMatch",
  "UnrecognizedClientException",
]);

const TOO_LONG =
  /input is too long|prompt is too long|too many (input )?tokens|context (window|length)|maximum (context|number of (input )?tokens)/i;

const MAX_MESSAGE_LENGTH = 2000;

/** Reads an answer with an error status: the exception's name is in a header or in the body. */
export function awsError(status: number, headers: HeaderLookup, body: Buffer): ProviderError {
  const text = body.toString("utf8");
  const fields = jsonObject(text);
  const name = exceptionName(headers("x-amzn-errortype") ?? fields?.__type ?? fields?.code);
  const message = stringOf(fields?.message ?? fields?.Message) ?? (fields ? "" : text.trim());
  const retryAfter = Number(headers("retry-after"));
  return {
    ...describe(name, message, status),
    ...(Number.isFinite(retryAfter) && retryAfter > 0 ? { retryAfter } : {}),
  };
}

/** An exception in the midst of a stream; `exceptionType` is lower camel case there. */
export function streamException(exceptionType: string, payload: Buffer): ProviderError {
  const text = payload.toString("utf8");
  const fields = jsonObject(text);
  const message = stringOf(fields?.message ?? fields?.Message) ?? "";
  const name = exceptionName(exceptionType);
  return { ...describe(name, message, 500), status: 0 };
}

function describe(name: string, message: string, status: number): ProviderError {
  if (CREDENTIAL_EXCEPTIONS.has(name)) {
    return {
      status,
      kind: "authentication",
      message: `AWS refused the gateway's credentials (${name})`,
    };
  }
  const known = EXCEPTIONS[name] ?? { kind: kindOfStatus(status), status };
  const kind =
    known.kind === "invalid-request" && TOO_LONG.test(message) ? "context-window" : known.kind;
  const fallback = name === "" ? `AWS Bedrock answered with status ${status}` : name;
  return {
    status: known.status,
    kind,
    message: message === "" ? fallback : message.slice(0, MAX_MESSAGE_LENGTH),
  };
}

/** `com.amazon.coral.service#ThrottlingException:http://…` is a ThrottlingException. */
function exceptionName(value: unknown): string {
  const name = (stringOf(value) ?? "").split(":")[0]?.split("#").at(-1)?.trim() ?? "";
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function kindOfStatus(status: number): ErrorKind {
  switch (status) {
    case 401:
      return "authentication";
    case 403:
      return "permission";
    case 404:
      return "not-found";
    case 408:
    case 504:
      return "timeout";
    case 413:
      return "too-large";
    case 429:
      return "rate-limit";
    case 503:
      return "overloaded";
    default:
      return status >= 500 ? "server" : "invalid-request";
  }
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

const stringOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;
