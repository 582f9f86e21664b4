import { messageStreamDecoder } from "../../conversation/anthropic/decode-stream.ts";
import { messageDecoder } from "../../conversation/anthropic/decode-whole.ts";
import { encodeMessagesRequest } from "../../conversation/anthropic/encode.ts";
import { wrappedEvents } from "../../conversation/anthropic/event-stream.ts";
import { awsError } from "../../conversation/aws-errors.ts";
import type { ConversationProvider } from "../../conversation/codec.ts";
import { invokePath, PLATFORM, VERSION } from "./wire.ts";

/** Generation by InvokeModel with Anthropic's own bodies. */
export const awsAnthropicConversation: ConversationProvider = {
  encode(conversation, { version }) {
    const encoded = encodeMessagesRequest(conversation, PLATFORM);
    const { model, stream, ...body } = encoded.body;
    const { betas, dropped } = encoded;
    return {
      path: invokePath(model, stream === true),
      body: Buffer.from(
        JSON.stringify({
          anthropic_version: version ?? VERSION,
          ...(betas.length === 0 ? {} : { anthropic_beta: betas }),
          ...body,
        }),
      ),
      headers: [["content-type", "application/json"]],
      dropped,
    };
  },
  decoder: (conversation) =>
    conversation.stream
      ? messageStreamDecoder(conversation, wrappedEvents())
      : messageDecoder(conversation),
  error: awsError,
};
