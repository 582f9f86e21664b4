import type { ConversationProvider } from "../../conversation/codec.ts";
import { gcpError } from "../../conversation/gcp-errors.ts";
import { contentDecoder, contentStreamDecoder } from "./decode.ts";
import { encodeGenerateContent } from "./encode.ts";
import { contentPath } from "./path.ts";

/** Generation by generateContent and streamGenerateContent. */
export const vertexConversation: ConversationProvider = {
  encode(conversation, { prefix }) {
    const { body, dropped } = encodeGenerateContent(conversation);
    const { model, stream } = conversation;
    return {
      path: `${contentPath(prefix, model, stream)}${stream ? "?alt=sse" : ""}`,
      body: Buffer.from(JSON.stringify(body)),
      headers: [["content-type", "application/json"]],
      dropped,
    };
  },
  decoder: (conversation) =>
    conversation.stream ? contentStreamDecoder(conversation) : contentDecoder(conversation),
  error: gcpError,
};
