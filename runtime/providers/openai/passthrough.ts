import { CHAT_USAGE } from "../../conversation/openai/native-usage.ts";
import { observeChat } from "../../conversation/openai/observe.ts";
import type { Passthrough } from "../provider.ts";

/** A prefix may be empty: DeepSeek serves `/chat/completions`. */
export const openAiPath = (prefix: string, rest: string): string =>
  prefix === "" ? `/${rest}` : `/${prefix}/${rest}`;

export const chatPassthrough: Passthrough = {
  path: ({ prefix }) => openAiPath(prefix, "chat/completions"),
  observer: observeChat,
  nativeUsage: CHAT_USAGE,
  streamUsageOption: true,
};
