import { sseParser } from "../../lib/sse.ts";
import type { Usage } from "../../lib/usage.ts";
import type { UsageObserver } from "../../providers/provider.ts";
import { type OpenAiUsage, usageOf } from "./usage.ts";

interface Answer {
  model?: string;
  usage?: OpenAiUsage | null;
}

/** Reads usage and model out of an answer that goes by untouched. Broken answers are not its business. */
export function observeChat(stream: boolean): UsageObserver {
  let usage: Usage | undefined;
  let model: string | undefined;
  const look = (text: string): void => {
    const answer = parse(text);
    if (typeof answer?.model === "string" && answer.model !== "") model = answer.model;
    if (answer?.usage) usage = usageOf(answer.usage);
  };
  const results = { usage: () => usage, model: () => model };
  if (!stream) {
    const chunks: Buffer[] = [];
    return {
      push: (chunk) => void chunks.push(chunk),
      finish: () => look(Buffer.concat(chunks).toString("utf8")),
      ...results,
    };
  }
  const events = sseParser();
  return {
    push(chunk) {
      for (const { data } of events.push(chunk)) {
        // Most chunks have no usage: a search is far cheaper than parsing them all.
        if (model === undefined || (data.includes('"usage"') && !data.includes('"usage":null'))) {
          look(data);
        }
      }
    },
    finish: () => {},
    ...results,
  };
}

function parse(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" ? (value as Answer) : undefined;
  } catch {
    return undefined;
  }
}
