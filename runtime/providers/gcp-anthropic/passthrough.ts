import { MESSAGES_USAGE } from "../../conversation/anthropic/native-usage.ts";
import { observeMessages } from "../../conversation/anthropic/observe.ts";
import type { Passthrough } from "../provider.ts";
import { predictPath, VERSION } from "./wire.ts";

export const messagesPassthrough: Passthrough = {
  path: ({ prefix }, model, stream) => predictPath(prefix, model, stream),
  observer: observeMessages,
  nativeUsage: MESSAGES_USAGE,
  // The model stands in the path; betas go by in their header.
  wrapping: {
    request: ({ version = VERSION }) =>
      new Map([
        ["model", undefined],
        ["anthropic_version", JSON.stringify(version)],
      ]),
  },
};
