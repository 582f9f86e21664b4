import { messageStreamDecoder } from "../../conversation/anthropic/decode-stream.ts";
import { messageDecoder } from "../../conversation/anthropic/decode-whole.ts";
import { encodeMessagesRequest } from "../../conversation/anthropic/encode.ts";
import type { ConversationProvider } from "../../conversation/codec.ts";
import { gcpError } from "../../conversation/gcp-errors.ts";
import { PLATFORM, predictPath, VERSION } from "./wire.ts";

/** Generation by rawPredict with Anthropic's own bodies. */
export const gcpAnthropicConversation: ConversationProvider = {
  encode(conversation, { prefix, version }) {
    const encoded = encodeMessagesRequest(conversation, PLATFORM);
    const { model, ...body } = encoded.body;
    const { betas, dropped } = encoded;
    return {
      path: predictPath(prefix, model, body.stream === true),
      body: Buffer.from(JSON.stringify({ anthropic_version: version ?? VERSION, ...body })),
      headers: [
        ["content-type", "application/json"],
        ...(betas.length === 0 ? [] : [["anthropic-beta", betas.join(",")] as [string, string]]),
      ],
      dropped,
    };
  },
  decoder: (conversation) =>
    conversation.stream ? messageStreamDecoder(conversation) : messageDecoder(conversation),
  error: gcpError,
};
