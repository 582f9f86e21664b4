import type { CacheControl, Part, TextPart, Turn } from "../../conversation/conversation.ts";
import { present } from "../../lib/present.ts";
import type { Field } from "../field.ts";
import { assistantParts } from "./decode-assistant.ts";
import { cacheControl, textParts, userParts } from "./decode-parts.ts";
import { LegacyCalls } from "./legacy-calls.ts";

const ROLES = ["system", "developer", "user", "assistant", "tool", "function"] as const;

/**
 * Prompts of the system and the turns of user and assistant. Results of tools are said by the user;
 * messages that follow each other in one role make one turn.
 */
export function decodeMessages(messages: Field): { system: TextPart[]; turns: Turn[] } {
  const system: TextPart[] = [];
  const turns: Turn[] = [];
  const calls = new LegacyCalls();
  const say = (role: Turn["role"], content: Part[]): void => {
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...content);
    else turns.push({ role, content });
  };

  for (const message of messages.items()) {
    const cache = cacheControl(message);
    switch (message.get("role").oneOf(ROLES)) {
      case "system":
      case "developer":
        system.push(...(withCache(textParts(message.get("content")), cache) as TextPart[]));
        break;
      case "user":
        say("user", withCache(userParts(message.get("content")), cache));
        break;
      case "assistant":
        say("assistant", withCache(assistantParts(message, calls), cache));
        break;
      case "tool":
        say("user", [toolResult(message, message.get("tool_call_id").nonEmptyString(), cache)]);
        break;
      case "function": {
        const name = message.get("name");
        const id = calls.answer(name.nonEmptyString());
        if (id === undefined) throw name.wrong("the name of a function called before");
        say("user", [toolResult(message, id, cache)]);
        break;
      }
    }
  }
  return { system, turns };
}

/**
 * A breakpoint inside a result stands behind the whole of it: there is no other place for one.
 * OpenAI itself allows text alone in results; what other providers take besides is let through.
 */
function toolResult(message: Field, toolUseId: string, cache: CacheControl | undefined): Part {
  let inner: CacheControl | undefined;
  const content = (message.get("content").optional(userParts) ?? []).map((part): Part => {
    if (!("cache" in part)) return part;
    const { cache: found, ...rest } = part;
    inner ??= found;
    return rest;
  });
  return { type: "tool-result", toolUseId, content, ...present({ cache: cache ?? inner }) };
}

const CACHEABLE = new Set<Part["type"]>(["text", "image", "document", "tool-use", "tool-result"]);

/** A message's own breakpoint comes behind the last of its parts that can carry one. */
function withCache(parts: Part[], cache: CacheControl | undefined): Part[] {
  const at = parts.findLastIndex(({ type }) => CACHEABLE.has(type));
  return cache === undefined
    ? parts
    : parts.map((part, index) => (index === at ? ({ ...part, cache } as Part) : part));
}
