import type { ConversationProvider } from "../../conversation/codec.ts";
import { chunkDecoder } from "./decode-stream.ts";
import { completionDecoder } from "./decode-whole.ts";
import { encodeOpenAi } from "./encode.ts";
import { openAiProviderError } from "./errors.ts";

/** Generation by chat completions, for clients of other protocols. */
export const openAiConversation: ConversationProvider = {
  encode: encodeOpenAi,
  decoder: (conversation) =>
    conversation.stream ? chunkDecoder(conversation) : completionDecoder(conversation),
  error: openAiProviderError,
};
