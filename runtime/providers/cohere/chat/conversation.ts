import type { ConversationProvider } from "../../../conversation/codec.ts";
import { cohereProviderError } from "../errors.ts";
import { coherePath } from "../passthrough.ts";
import { chatDecoder, chatStreamDecoder } from "./decode.ts";
import { encodeCohereChat } from "./encode.ts";

/** Generation by `/v2/chat`. */
export const cohereConversation: ConversationProvider = {
  encode(conversation, context) {
    const { body, dropped } = encodeCohereChat(conversation);
    return {
      path: coherePath(context, "chat"),
      body: Buffer.from(JSON.stringify(body)),
      headers: [["content-type", "application/json"]],
      dropped,
    };
  },
  decoder: (conversation) =>
    conversation.stream ? chatStreamDecoder(conversation) : chatDecoder(conversation),
  error: cohereProviderError,
};
