import type { MessagesRequest } from "../../schemas/anthropic/request.ts";

/** Members of a message request that counting takes as well; it refuses all others. */
const COUNTED: ReadonlySet<string> = new Set([
  "model",
  "messages",
  "system",
  "tools",
  "tool_choice",
  "thinking",
  "output_config",
  "context_management",
  "mcp_servers",
]);

/**
 * What of a message request is counted.
 * https://docs.anthropic.com/en/api/messages-count-tokens
 */
export const countedMembers = (request: Partial<MessagesRequest>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(request).filter(([name]) => COUNTED.has(name)));
