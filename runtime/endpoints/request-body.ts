import { badRequest, unprocessable } from "../lib/errors.ts";
import type { ParsedRequest } from "./endpoint.ts";

export type JsonBody = Record<string, unknown>;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Reads a body that is a JSON object. @throws {UserError} 400 */
export function parseJsonObject(raw: Buffer): JsonBody {
  let text: string;
  try {
    text = utf8.decode(raw);
  } catch {
    throw badRequest("the request body is not valid UTF-8");
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw badRequest("the request body is not valid JSON");
  }
  if (body === null || typeof body !== "object" || Array.isArray(body)) {
    throw badRequest("the request body is not a JSON object");
  }
  return body as JsonBody;
}

/**
 * Reads a JSON request body as far as every endpoint needs it: an object with a `model`, and a
 * `stream` that is a boolean where there is one.
 * @throws {UserError} 400 or 422, naming the field.
 */
export function parseJsonRequest(raw: Buffer): ParsedRequest<JsonBody> {
  const body = parseJsonObject(raw);
  const { model, stream } = body;
  if (model === undefined) throw badRequest('the request body has no "model"', "model");
  if (typeof model !== "string" || model === "") {
    throw unprocessable("model: a string that is not empty is needed", "model");
  }
  // Half of a surrogate pair can stand in no path, and is no text.
  if (!model.isWellFormed()) throw unprocessable("model: this is no valid Unicode text", "model");
  if (stream !== undefined && stream !== null && typeof stream !== "boolean") {
    throw unprocessable("stream: true or false is needed", "stream");
  }
  return { model, stream: stream === true, body };
}
