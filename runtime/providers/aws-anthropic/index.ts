import { awsError } from "../../conversation/aws-errors.ts";
import type { Provider } from "../provider.ts";
import { awsAnthropicConversation } from "./conversation.ts";
import { awsAnthropicCount } from "./count.ts";
import { awsAnthropicMeta } from "./meta.ts";
import { messagesPassthrough } from "./passthrough.ts";

/** Claude on AWS Bedrock, by Anthropic's protocol. */
export const awsAnthropic: Provider = {
  meta: awsAnthropicMeta,
  passthrough: { messages: messagesPassthrough },
  conversation: awsAnthropicConversation,
  tasks: { count: awsAnthropicCount },
  error: awsError,
};
