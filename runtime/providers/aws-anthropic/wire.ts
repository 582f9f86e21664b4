import type { Platform } from "../../conversation/anthropic/platform.ts";

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

/** Ids of models may be ARNs: a slash in one would split the path, a colon may stand. */
export const invokePath = (model: string, stream: boolean): string =>
  `/model/${encodeURIComponent(model).replaceAll("%3A", ":")}/${stream ? "invoke-with-response-stream" : "invoke"}`;
