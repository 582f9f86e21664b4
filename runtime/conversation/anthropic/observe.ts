import { sseParser } from "../../lib/sse.ts";
import type { UsageObserver } from "../../providers/provider.ts";
import { type AnthropicUsage, mergeUsage, usageOf } from "./usage.ts";

interface Message {
  model?: string;
  usage?: AnthropicUsage | null;
}

/** Reads usage and model out of an answer that goes by untouched. */
export function observeMessages(stream: boolean): UsageObserver {
  let usage: AnthropicUsage | undefined;
  let model: string | undefined;
  const look = (message: Message | undefined): void => {
    if (typeof message?.model === "string") model = message.model;
    // The counts of a message_delta are cumulative; what it leaves out stands.
    if (message?.usage) usage = mergeUsage(usage ?? {}, message.usage);
  };
  const results = {
    usage: () => (usage === undefined ? undefined : usageOf(usage)),
    model: () => model,
  };
  if (!stream) {
    const chunks: Buffer[] = [];
    return {
      push: (chunk) => void chunks.push(chunk),
      finish: () => look(parse(Buffer.concat(chunks).toString("utf8"))),
      ...results,
    };
  }
  const events = sseParser();
  return {
    push(chunk) {
      for (const { event, data } of events.push(chunk)) {
        if (event === "message_start") look(parse(data)?.message);
        else if (event === "message_delta") look(parse(data));
      }
    },
    finish: () => {},
    ...results,
  };
}

function parse(text: string): (Message & { message?: Message }) | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" ? value : undefined;
  } catch {
    return undefined;
  }
}
