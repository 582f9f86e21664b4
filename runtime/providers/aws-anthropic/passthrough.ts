import { betaNames } from "../../conversation/anthropic/betas.ts";
import { wrappedEvents } from "../../conversation/anthropic/event-stream.ts";
import { MESSAGES_USAGE } from "../../conversation/anthropic/native-usage.ts";
import { observeMessages } from "../../conversation/anthropic/observe.ts";
import { sseEvent } from "../../lib/sse.ts";
import type { Passthrough, Wrapping } from "../provider.ts";
import { invokePath, VERSION } from "./wire.ts";

/** The model and whether to stream stand in the path, betas in the body. */
const wrapping: Wrapping = {
  request({ version = VERSION }, headers) {
    const betas = betaNames(headers("anthropic-beta"));
    return new Map([
      ["model", undefined],
      ["stream", undefined],
      ["anthropic_version", JSON.stringify(version)],
      ...(betas.length > 0 ? [["anthropic_beta", JSON.stringify(betas)] as const] : []),
    ]);
  },
  stream() {
    const events = wrappedEvents();
    return {
      push: (chunk) => events.push(chunk).map(({ event, data }) => sseEvent(data, event)),
      finish: () => events.finish().map(({ event, data }) => sseEvent(data, event)),
    };
  },
};

export const messagesPassthrough: Passthrough = {
  path: (_, model, stream) => invokePath(model, stream),
  observer: observeMessages,
  nativeUsage: MESSAGES_USAGE,
  wrapping,
};
