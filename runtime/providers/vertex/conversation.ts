import type { ConversationProvider } from "../../conversation/codec.ts";
import { gcpError } from "../../conversation/gcp-errors.ts";
import { contentDecoder, contentStreamDecoder } from "./decode.ts";
import { encodeGenerateContent } from "./encode.ts";

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

/** Google's models by name; tuned ones and those of others by their resource. */
const modelResource = (model: string): string =>
  /^(publishers|endpoints)\//.test(model)
    ? model.split("/").map(encodeURIComponent).join("/")
    : `publishers/google/models/${encodeURIComponent(model)}`;
