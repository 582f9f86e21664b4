import type { Tool } from "../../conversation/conversation.ts";
import { namesOfClient } from "../../conversation/tool-names.ts";
import { shortHash } from "../../lib/hash.ts";

const FUNCTION_NAME = /^[a-zA-Z_][a-zA-Z0-9_.-]{0,63}$/;

/**
 * A function name that Gemini accepts. A name with other characters, or a longer one, gets a hash of
 * itself, so that the same name is the same everywhere and two names never become one.
 */
export const wireFunctionName = (name: string): string =>
  FUNCTION_NAME.test(name)
    ? name
    : `_${name.replace(/[^a-zA-Z0-9_.-]/g, "_").slice(0, 48)}_${shortHash(name)}`;

/** The client's name for a function that the model calls. */
export const clientToolNames = (tools: readonly Tool[]): ((wireName: string) => string) =>
  namesOfClient(tools, wireFunctionName);
