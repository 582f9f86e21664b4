import { refuse } from "./errors.ts";

/** Members of Anthropic's own API that the clouds do not have. */
const ABSENT = ["container", "diagnostics", "inference_geo", "service_tier", "speed"];

/** What the clouds' own version amounts to, and what Anthropic's clients for the clouds send now. */
const SAME_AS = "2023-06-01";
const NEWER = "2026-10-21";

/**
 * A body as the clouds take it, with the model put back where Anthropic's API has it.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html
 * https://docs.cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/use-claude
 *
 * @param own the cloud's own version
 * @returns that, and the version of Anthropic's API whose rules hold
 * @throws {AnthropicError} 400
 */
export function ofCloud(
  body: unknown,
  model: string,
  own: string,
): { request: Record<string, unknown>; version: string } {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    refuse("Input should be a valid dictionary or object to extract fields from");
  }
  const { anthropic_version: given, ...rest } = body as Record<string, unknown>;
  if (given === undefined) refuse("anthropic_version: Field required");
  if (given !== own && given !== NEWER) {
    refuse(`anthropic_version: Input should be '${own}' or '${NEWER}'`);
  }
  for (const field of ["model", ...ABSENT]) {
    if (field in rest) refuse(`${field}: Extra inputs are not permitted`);
  }
  refuseUrls(rest.messages);
  return { request: { ...rest, model }, version: given === own ? SAME_AS : NEWER };
}

/** They fetch nothing. */
function refuseUrls(node: unknown): void {
  if (typeof node !== "object" || node === null) return;
  const { source } = node as { source?: { type?: unknown } };
  if (source?.type === "url") refuse("messages: url sources are not supported");
  if (source?.type === "file") refuse("messages: file sources are not supported");
  for (const inner of Object.values(node)) refuseUrls(inner);
}
