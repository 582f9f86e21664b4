import { shortHash } from "../../lib/hash.ts";
import type { Tool } from "../conversation.ts";
import { namesOfClient } from "../tool-names.ts";

const TOOL_NAME = /^[a-zA-Z0-9_-]{1,128}$/;
const TOOL_USE_ID = /^[a-zA-Z0-9_-]+$/;

/**
 * A tool name that Anthropic accepts. A name with other characters, or a longer one, gets a hash of
 * itself, so that the same name is the same everywhere and two names never become one.
 */
export const wireToolName = (name: string): string => (TOOL_NAME.test(name) ? name : squeeze(name));

/** The same for the ids of tool uses, which a client may have from another provider. */
export const wireToolUseId = (id: string): string => (TOOL_USE_ID.test(id) ? id : squeeze(id));

const squeeze = (text: string): string =>
  `${text.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, 100)}_${shortHash(text)}`;

/** The client's name for a tool that the model calls. */
export const clientToolNames = (tools: readonly Tool[]): ((wireName: string) => string) =>
  namesOfClient(tools, wireToolName);
