import type { Tool } from "../../../conversation/conversation.ts";
import { namesOfClient } from "../../../conversation/tool-names.ts";
import { shortHash } from "../../../lib/hash.ts";

const TOOL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * A tool name that Cohere accepts. A name with other characters gets a hash of itself, so that the
 * same name is the same everywhere and two names never become one.
 */
export const wireToolName = (name: string): string =>
  TOOL_NAME.test(name) ? name : `_${name.replace(/[^a-zA-Z0-9_]/g, "_")}_${shortHash(name)}`;

/** The client's name for a tool that the model calls. */
export const clientToolNames = (tools: readonly Tool[]): ((wireName: string) => string) =>
  namesOfClient(tools, wireToolName);
