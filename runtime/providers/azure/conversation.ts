import type { ConversationProvider } from "../../conversation/codec.ts";
import { chunkDecoder } from "../../conversation/openai/decode-stream.ts";
import { completionDecoder } from "../../conversation/openai/decode-whole.ts";
import { encodeChatRequest } from "../../conversation/openai/encode.ts";
import { openAiProviderError } from "../../conversation/openai/errors.ts";
import { type ModelTraits, modelTraits } from "../../conversation/openai/models.ts";
import { deploymentPath } from "./path.ts";

/** Generation by chat completions of a deployment. */
export const azureConversation: ConversationProvider = {
  encode(conversation, context) {
    const { body, dropped } = encodeChatRequest(conversation, deployedTraits(conversation.model));
    return {
      path: deploymentPath(context, conversation.model, "chat/completions"),
      body: Buffer.from(JSON.stringify(body)),
      headers: [["content-type", "application/json"]],
      dropped,
    };
  },
  decoder: (conversation) =>
    conversation.stream ? chunkDecoder(conversation) : completionDecoder(conversation),
  error: openAiProviderError,
};

/** Whatever a deployment is called, its model is OpenAI's; one that says nothing may well reason. */
function deployedTraits(deployment: string): ModelTraits {
  const { openAi, efforts } = modelTraits(deployment);
  return { openAi: true, efforts: efforts || !openAi };
}
