import type { Tool } from "../../conversation/conversation.ts";
import { namesOfClient } from "../../conversation/tool-names.ts";
import { shortHash } from "../../lib/hash.ts";

const TOOL_NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const TOOL_USE_ID = /^[a-zA-Z0-9_.:-]{1,64}$/;

/**
 * A tool name that Converse accepts. A name with other characters, or a longer one, gets a hash of
 * itself, so that the same name is the same everywhere and two names never become one.
 */
export const wireToolName = (name: string): string =>
  TOOL_NAME.test(name) ? name : squeeze(name, /[^a-zA-Z0-9_-]/g);

/** The same for the ids of tool uses, which a client may have from another provider. */
export const wireToolUseId = (id: string): string =>
  TOOL_USE_ID.test(id) ? id : squeeze(id, /[^a-zA-Z0-9_.:-]/g);

const squeeze = (text: string, unwanted: RegExp): string =>
  `${text.replace(unwanted, "_").slice(0, 50)}_${shortHash(text)}`;

/** The client's name for a tool that the model calls. */
export const clientToolNames = (tools: readonly Tool[]): ((wireName: string) => string) =>
  namesOfClient(tools, wireToolName);

/**
 * Names for the documents of one request: Converse wants each to have one, in few characters, and
 * refuses two that are equal.
 */
export function documentNames(): (title: string | undefined) => string {
  const taken = new Set<string>();
  return (title) => {
    const name =
      (title ?? "")
        .replace(/[^a-zA-Z0-9\s()[\]-]/g, " ")
        .replace(/\s+/g, " ")
        .trim()
        .slice(0, 180) || "document";
    let unique = name;
    for (let n = 2; taken.has(unique); n += 1) unique = `${name} ${n}`;
    taken.add(unique);
    return unique;
  };
}
