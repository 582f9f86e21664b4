import { shortHash } from "../../lib/hash.ts";
import type { Tool } from "../conversation.ts";
import { namesOfClient } from "../tool-names.ts";

const TOOL_NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const MAX_CALL_ID_LENGTH = 40;

/**
 * A tool name that OpenAI accepts. A name with other characters, or a longer one, gets a hash of
 * itself, so that the same name is the same everywhere and two names never become one.
 */
export const wireToolName = (name: string): string =>
  TOOL_NAME.test(name)
    ? name
    : `${name.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, 50)}_${shortHash(name)}`;

/** The same for the ids of calls, of which OpenAI takes short ones only. */
export const wireCallId = (id: string): string =>
  id.length <= MAX_CALL_ID_LENGTH ? id : `${id.slice(0, 27)}_${shortHash(id)}`;

/** The client's name for a tool that the model calls. */
export const clientToolNames = (tools: readonly Tool[]): ((wireName: string) => string) =>
  namesOfClient(tools, wireToolName);
