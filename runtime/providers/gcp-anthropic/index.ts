import { gcpError } from "../../conversation/gcp-errors.ts";
import type { Provider } from "../provider.ts";
import { gcpAnthropicConversation } from "./conversation.ts";
import { gcpAnthropicCount } from "./count.ts";
import { gcpAnthropicMeta } from "./meta.ts";
import { messagesPassthrough } from "./passthrough.ts";

/** Claude on Vertex AI. */
export const gcpAnthropic: Provider = {
  meta: gcpAnthropicMeta,
  passthrough: { messages: messagesPassthrough },
  conversation: gcpAnthropicConversation,
  tasks: { count: gcpAnthropicCount },
  error: gcpError,
};
