import type { ConversationProvider } from "../../conversation/codec.ts";
import { messageStreamDecoder } from "./decode-stream.ts";
import { messageDecoder } from "./decode-whole.ts";
import { encodeAnthropic } from "./encode.ts";
import { anthropicProviderError } from "./errors.ts";

/** Generation by the Messages API, for clients of other protocols. */
export const anthropicConversation: ConversationProvider = {
  encode: encodeAnthropic,
  decoder: (conversation) =>
    conversation.stream ? messageStreamDecoder(conversation) : messageDecoder(conversation),
  error: anthropicProviderError,
};
