import { MESSAGES_USAGE } from "../../conversation/anthropic/native-usage.ts";
import { observeMessages } from "../../conversation/anthropic/observe.ts";
import { observeNothing } from "../observe.ts";
import type { Passthrough } from "../provider.ts";

/** The version that this protocol is written for; a client's own wins. */
export const ANTHROPIC_VERSION = "2023-06-01";

export const anthropicPath = (prefix: string, rest: string): string =>
  prefix === "" ? `/${rest}` : `/${prefix}/${rest}`;

export const messagesPassthrough: Passthrough = {
  path: ({ prefix }) => anthropicPath(prefix, "messages"),
  observer: observeMessages,
  nativeUsage: MESSAGES_USAGE,
  defaultHeaders: { "anthropic-version": ANTHROPIC_VERSION },
};

/** Free of charge; its answer is a count, not a cost. */
export const countTokensPassthrough: Passthrough = {
  path: ({ prefix }) => anthropicPath(prefix, "messages/count_tokens"),
  observer: observeNothing,
  nativeUsage: { json: {}, sse: {} },
  defaultHeaders: { "anthropic-version": ANTHROPIC_VERSION },
};
