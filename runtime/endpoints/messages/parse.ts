import { betaNames } from "../../conversation/anthropic/betas.ts";
import type { ParsedRequest, RequestFacts } from "../endpoint.ts";
import { type JsonBody, parseJsonRequest } from "../request-body.ts";

/**
 * A body of Anthropic's, with the betas that clients ask for in a header where clouds have them: in
 * `anthropic_beta`.
 * @throws {UserError} 400 or 422
 */
export function parseMessages(raw: Buffer, facts?: RequestFacts): ParsedRequest<JsonBody> {
  const parsed = parseJsonRequest(raw);
  const betas = betaNames(facts?.headers?.("anthropic-beta"));
  if (betas.length === 0) return parsed;
  const { anthropic_beta: own } = parsed.body;
  const all = new Set([...(Array.isArray(own) ? own : []), ...betas]);
  return { ...parsed, body: { ...parsed.body, anthropic_beta: [...all] } };
}
