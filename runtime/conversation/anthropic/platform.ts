import { unsupported } from "../../lib/errors.ts";
import type { Conversation, Part } from "../conversation.ts";

/** Who serves Claude, and what differs in that: the protocol is the same everywhere. */
export interface Platform {
  /** As error messages name it. */
  name: string;
  /** Reads pictures and documents from URLs and knows files by their ids. */
  fetches: boolean;
  /** Carries out `web_search`. */
  searches: boolean;
  /** Takes `service_tier`. */
  tiers: boolean;
  /** Fields of Anthropic's own that a client may put into its body; passed on as they are. */
  fields: readonly string[];
}

/** Anthropic's own API has everything. */
export const ANTHROPIC_PLATFORM: Platform = {
  name: "Anthropic",
  fetches: true,
  searches: true,
  tiers: true,
  fields: [
    "cache_control",
    "container",
    "context_management",
    "diagnostics",
    "inference_geo",
    "mcp_servers",
    "speed",
  ],
};

/** Fields that give the model something to work with: without, it would do another task. */
const NEEDED_FIELDS = ["container", "mcp_servers"];

/** @throws {UserError} 422 for what only another platform can do */
export function checkPlatform(conversation: Conversation, platform: Platform): void {
  for (const field of NEEDED_FIELDS) {
    if (conversation.vendor[field] != null && !platform.fields.includes(field)) {
      throw unsupported(`${field}: ${platform.name} has no such thing`, field);
    }
  }
  if (platform.fetches) return;
  for (const { content } of conversation.turns) checkSources(content, platform);
}

function checkSources(parts: readonly Part[], platform: Platform): void {
  for (const part of parts) {
    if (part.type === "tool-result") checkSources(part.content, platform);
    if (part.type !== "image" && part.type !== "document") continue;
    const { source } = part;
    if (source.kind === "content") checkSources(source.content, platform);
    if (source.kind !== "url" && source.kind !== "file") continue;
    const what = source.kind === "url" ? "fetches no URLs" : "knows no files by their ids";
    throw unsupported(
      `${platform.name} ${what}: send the ${part.type} inline in base64`,
      "messages",
    );
  }
}
