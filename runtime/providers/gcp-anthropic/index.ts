import { gcpError } from "../../conversation/gcp-errors.ts";
import type { Provider } from "../provider.ts";
import { gcpAnthropicConversation } from "./conversation.ts";
import { gcpAnthropicMeta } from "./meta.ts";
import { messagesPassthrough } from "./passthrough.ts";

/** Claude on Vertex AI. */
export const gcpAnthropic: Provider = {
  meta: gcpAnthropicMeta,
  passthrough: { messages: messagesPassthrough },
  conversation: gcpAnthropicConversation,
  error: gcpError,
};
