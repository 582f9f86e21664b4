import { sseParser } from "../../lib/sse.ts";
import type { Usage } from "../../lib/usage.ts";
import { generateContentSchema } from "../../schemas/gemini/response.ts";
import type { Passthrough, UsageObserver } from "../provider.ts";
import { usageOf } from "./decode.ts";
import { contentPath } from "./path.ts";

/** Gemini's own protocol, of which Vertex AI and Google's AI Studio are two servers. */
export const contentPassthrough: Passthrough = {
  path: ({ prefix }, model, stream) => contentPath(prefix, model, stream),
  observer: observeContent,
  // The path names the model, so that Envoy never carries these requests by itself.
  nativeUsage: { json: {}, sse: {} },
};

/** Each piece of a stream counts from the beginning. A stream without events is one array. */
function observeContent(stream: boolean): UsageObserver {
  let usage: Usage | undefined;
  let model: string | undefined;
  const look = (text: string): void => {
    for (const answer of answersIn(text)) {
      const { modelVersion, usageMetadata } = answer;
      if (modelVersion) model = modelVersion;
      if (usageMetadata != null) usage = { ...usage, ...usageOf(usageMetadata) };
    }
  };
  if (!stream) {
    const chunks: Buffer[] = [];
    return {
      push: (chunk) => void chunks.push(chunk),
      finish: () => look(Buffer.concat(chunks).toString("utf8")),
      usage: () => usage,
      model: () => model,
    };
  }
  const events = sseParser();
  /** Nearly every piece has counts, of which the last stand: the others are not read. */
  let counted: string | undefined;
  const read = (): void => {
    if (counted !== undefined) look(counted);
    counted = undefined;
  };
  return {
    push(chunk) {
      for (const { data } of events.push(chunk)) {
        if (model === undefined) look(data);
        if (data.includes('"usageMetadata"')) counted = data;
      }
    },
    finish: read,
    usage() {
      read();
      return usage;
    },
    model: () => model,
  };
}

function answersIn(text: string) {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  return (Array.isArray(value) ? value : [value]).flatMap((each) => {
    const parsed = generateContentSchema.safeParse(each);
    return parsed.success ? [parsed.data] : [];
  });
}
