import type { ConversationProvider } from "../../conversation/codec.ts";
import { chunkDecoder } from "../../conversation/openai/decode-stream.ts";
import { completionDecoder } from "../../conversation/openai/decode-whole.ts";
import { encodeChatRequest } from "../../conversation/openai/encode.ts";
import { openAiProviderError } from "../../conversation/openai/errors.ts";
import { openAiPath } from "./passthrough.ts";

/** Generation by chat completions, for clients of other protocols. */
export const openAiConversation: ConversationProvider = {
  encode(conversation, { prefix }) {
    const { body, dropped } = encodeChatRequest(conversation);
    return {
      path: openAiPath(prefix, "chat/completions"),
      body: Buffer.from(JSON.stringify(body)),
      headers: [["content-type", "application/json"]],
      dropped,
    };
  },
  decoder: (conversation) =>
    conversation.stream ? chunkDecoder(conversation) : completionDecoder(conversation),
  error: openAiProviderError,
};
