import { openAiProviderError } from "../../conversation/openai/errors.ts";
import type { Provider } from "../provider.ts";
import { azureConversation } from "./conversation.ts";
import { azureMeta } from "./meta.ts";
import { chatPassthrough } from "./passthrough.ts";

/** OpenAI's models on Azure, by deployment. */
export const azure: Provider = {
  meta: azureMeta,
  passthrough: { "chat-completions": chatPassthrough },
  conversation: azureConversation,
  error: openAiProviderError,
};
