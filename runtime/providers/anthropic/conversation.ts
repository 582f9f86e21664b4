import { messageStreamDecoder } from "../../conversation/anthropic/decode-stream.ts";
import { messageDecoder } from "../../conversation/anthropic/decode-whole.ts";
import { encodeMessagesRequest } from "../../conversation/anthropic/encode.ts";
import { anthropicProviderError } from "../../conversation/anthropic/errors.ts";
import { ANTHROPIC_PLATFORM } from "../../conversation/anthropic/platform.ts";
import type {
  ConversationProvider,
  ProviderContext,
  ProviderRequest,
} from "../../conversation/codec.ts";
import type { Conversation } from "../../conversation/conversation.ts";
import { ANTHROPIC_VERSION, anthropicPath } from "./passthrough.ts";

/** Generation by the Messages API, for clients of other protocols. */
export const anthropicConversation: ConversationProvider = {
  encode: encodeAnthropic,
  decoder: (conversation) =>
    conversation.stream ? messageStreamDecoder(conversation) : messageDecoder(conversation),
  error: anthropicProviderError,
};

export function encodeAnthropic(
  conversation: Conversation,
  { prefix }: ProviderContext,
): ProviderRequest {
  const { body, betas, dropped } = encodeMessagesRequest(conversation, ANTHROPIC_PLATFORM);
  return {
    path: anthropicPath(prefix, "messages"),
    body: Buffer.from(JSON.stringify(body)),
    headers: [
      ["content-type", "application/json"],
      ["anthropic-version", ANTHROPIC_VERSION],
      ...(betas.length === 0 ? [] : [["anthropic-beta", betas.join(",")] as [string, string]]),
    ],
    dropped,
  };
}
