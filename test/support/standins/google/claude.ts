import { createHash } from "node:crypto";
import type { PromptCache } from "../anthropic/cache.ts";
import { ofCloud } from "../anthropic/cloud.ts";
import { anthropicDialect } from "../anthropic/errors.ts";
import { countMessage, generateMessage, messageReply } from "../anthropic/generate.ts";
import { jsonReply, type Reply } from "../reply.ts";
import type { RecordedRequest } from "../standin.ts";
import { GoogleError } from "./errors.ts";

const ANTHROPIC_VERSION = "vertex-2023-10-16";
const COUNTING_VERSION = "2023-06-01";

/** https://docs.cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/use-claude */
export function claude(
  recorded: RecordedRequest,
  model: string,
  body: unknown,
  streams: boolean,
  cache: PromptCache,
): Reply {
  const { request, version } = ofCloud(body, model, ANTHROPIC_VERSION);
  if ((request.stream === true) !== streams) {
    throw new GoogleError(400, "stream and the method of the request disagree");
  }
  const hash = createHash("sha256").update(recorded.body).digest("hex").slice(0, 24);
  const message = generateMessage(request, {
    id: `msg_vrtx_${hash}`,
    version,
    cache,
  });
  return messageReply(message);
}

/** https://docs.cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/count-tokens */
export function countClaude(body: unknown): Reply {
  const { anthropic_version: _version, ...request } = Object(body) as Record<string, unknown>;
  return jsonReply(anthropicDialect, countMessage(request, COUNTING_VERSION));
}
