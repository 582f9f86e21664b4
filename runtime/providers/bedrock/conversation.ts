import { awsError } from "../../conversation/aws-errors.ts";
import type { ConversationProvider } from "../../conversation/codec.ts";
import { converseStreamDecoder } from "./decode-stream.ts";
import { converseDecoder } from "./decode-whole.ts";
import { encodeConverse } from "./encode.ts";

/** Generation by the Converse API, the same for every model that Bedrock serves. */
export const bedrockConversation: ConversationProvider = {
  encode: encodeConverse,
  decoder: (conversation) =>
    conversation.stream ? converseStreamDecoder(conversation) : converseDecoder(conversation),
  error: awsError,
};
