import { CHAT_USAGE } from "../../conversation/openai/native-usage.ts";
import { observeChat } from "../../conversation/openai/observe.ts";
import type { Passthrough } from "../provider.ts";
import { deploymentPath } from "./path.ts";

export const chatPassthrough: Passthrough = {
  path: (context, model) => deploymentPath(context, model, "chat/completions"),
  observer: observeChat,
  nativeUsage: CHAT_USAGE,
  streamUsageOption: true,
};
