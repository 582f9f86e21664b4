import { openAiProviderError } from "../../conversation/openai/errors.ts";
import type { Provider } from "../provider.ts";
import { openAiConversation } from "./conversation.ts";
import { openAiMeta } from "./meta.ts";
import {
  completionsPassthrough,
  embeddingsPassthrough,
  imageEditsPassthrough,
  imagesPassthrough,
  inputTokensPassthrough,
  moderationsPassthrough,
  rerankPassthrough,
  speechPassthrough,
  tokenizePassthrough,
  transcriptionsPassthrough,
  translationsPassthrough,
} from "./more-passthrough.ts";
import { chatPassthrough } from "./passthrough.ts";
import { openAiEmbeddings, plainRerank } from "./tasks.ts";

/** OpenAI, and every server that speaks its API. */
export const openAi: Provider = {
  meta: openAiMeta,
  passthrough: {
    "chat-completions": chatPassthrough,
    completions: completionsPassthrough,
    embeddings: embeddingsPassthrough,
    "image-edits": imageEditsPassthrough,
    "image-generations": imagesPassthrough,
    moderations: moderationsPassthrough,
    "plain-rerank": rerankPassthrough,
    "responses-input-tokens": inputTokensPassthrough,
    speech: speechPassthrough,
    tokenize: tokenizePassthrough,
    transcriptions: transcriptionsPassthrough,
    translations: translationsPassthrough,
  },
  conversation: openAiConversation,
  tasks: { embeddings: openAiEmbeddings, rerank: plainRerank },
  error: openAiProviderError,
};
