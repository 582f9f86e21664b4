import { badRequest, unprocessable } from "../../lib/errors.ts";
import type { ParsedRequest, RequestFacts } from "../endpoint.ts";
import { streamsByPath } from "../path-models.ts";
import { type JsonBody, parseJsonObject } from "../request-body.ts";

export interface GeminiBody {
  json: JsonBody;
  /** A stream is one JSON array whose elements come bit by bit, unless the query says `alt=sse`. */
  array: boolean;
}

/** Reads a request whose path names model and method. @throws {UserError} 400 or 422 */
export function parseGeminiRequest(
  raw: Buffer,
  { path = "", model }: RequestFacts = {},
): ParsedRequest<GeminiBody> {
  if (model === undefined || model === "") throw badRequest("the path names no model", "model");
  if (model.includes("\ufffd") || !model.isWellFormed()) {
    throw unprocessable("model: this is no valid Unicode text", "model");
  }
  const query = new URLSearchParams(path.slice(path.indexOf("?") + 1));
  const stream = streamsByPath(path);
  return {
    model,
    stream,
    body: { json: parseJsonObject(raw), array: stream && query.get("alt") !== "sse" },
  };
}
