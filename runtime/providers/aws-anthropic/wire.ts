import type { Platform } from "../../conversation/anthropic/platform.ts";
import { modelPath } from "../../schemas/bedrock/path.ts";

/** The version of Anthropic's protocol on AWS, for backends that name none. */
export const VERSION = "bedrock-2023-05-31";

/** AWS reads nothing from elsewhere, and has neither tiers nor tools of Anthropic's servers. */
export const PLATFORM: Platform = {
  name: "Claude on AWS Bedrock",
  fetches: false,
  searches: false,
  tiers: false,
  fields: ["context_management"],
};

export const invokePath = (model: string, stream: boolean): string =>
  modelPath(model, stream ? "invoke-with-response-stream" : "invoke");
