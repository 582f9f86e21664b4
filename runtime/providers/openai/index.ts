import type { Provider } from "../provider.ts";
import { openAiConversation } from "./conversation.ts";
import { openAiProviderError } from "./errors.ts";
import { openAiMeta } from "./meta.ts";
import { chatPassthrough } from "./passthrough.ts";

/** OpenAI, and every server that speaks its API. */
export const openAi: Provider = {
  meta: openAiMeta,
  passthrough: { "chat-completions": chatPassthrough },
  conversation: openAiConversation,
  error: openAiProviderError,
};
