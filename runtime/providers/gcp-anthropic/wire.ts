import type { Platform } from "../../conversation/anthropic/platform.ts";

/** The version of Anthropic's protocol on Google Cloud, for backends that name none. */
export const VERSION = "vertex-2023-10-16";

/** Google Cloud has Anthropic's search, but none of its files, tiers and servers of tools. */
export const PLATFORM: Platform = {
  name: "Claude on Vertex AI",
  fetches: false,
  searches: true,
  tiers: false,
  fields: ["context_management"],
};

export const predictPath = (prefix: string, model: string, stream: boolean): string =>
  `${prefix === "" ? "" : `/${prefix}`}/publishers/anthropic/models/${encodeURIComponent(model).replaceAll("%40", "@")}:${stream ? "streamRawPredict" : "rawPredict"}`;
