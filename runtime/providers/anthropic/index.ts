import { anthropicProviderError } from "../../conversation/anthropic/errors.ts";
import type { Provider } from "../provider.ts";
import { anthropicConversation } from "./conversation.ts";
import { anthropicCount } from "./count.ts";
import { anthropicMeta } from "./meta.ts";
import { countTokensPassthrough, messagesPassthrough } from "./passthrough.ts";

/** Anthropic's own API. */
export const anthropic: Provider = {
  meta: anthropicMeta,
  passthrough: { messages: messagesPassthrough, "count-tokens": countTokensPassthrough },
  conversation: anthropicConversation,
  tasks: { count: anthropicCount },
  error: anthropicProviderError,
};
