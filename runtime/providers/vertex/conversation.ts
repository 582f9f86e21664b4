import type { ConversationProvider } from "../../conversation/codec.ts";
import { gcpError } from "../../conversation/gcp-errors.ts";
import { contentDecoder, contentStreamDecoder } from "./decode.ts";
import { encodeGenerateContent } from "./encode.ts";
import { modelResource } from "./path.ts";

/** Generation by generateContent and streamGenerateContent. */
export const vertexConversation: ConversationProvider = {
  encode(conversation, { prefix }) {
    const { body, dropped } = encodeGenerateContent(conversation);
    const { model, stream } = conversation;
    return {
      path: `${prefix === "" ? "" : `/${prefix}`}/${modelResource(model)}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
      body: Buffer.from(JSON.stringify(body)),
      headers: [["content-type", "application/json"]],
      dropped,
    };
  },
  decoder: (conversation) =>
    conversation.stream ? contentStreamDecoder(conversation) : contentDecoder(conversation),
  error: gcpError,
};
