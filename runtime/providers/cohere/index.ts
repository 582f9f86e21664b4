import type { Provider } from "../provider.ts";
import { cohereConversation } from "./chat/conversation.ts";
import { cohereProviderError } from "./errors.ts";
import { cohereMeta } from "./meta.ts";
import { chatPassthrough, embedPassthrough, rerankPassthrough } from "./passthrough.ts";
import { cohereEmbeddings, cohereRerank } from "./tasks.ts";

/** Cohere, by the second version of its API. */
export const cohere: Provider = {
  meta: cohereMeta,
  passthrough: {
    "cohere-chat": chatPassthrough,
    rerank: rerankPassthrough,
    embed: embedPassthrough,
  },
  conversation: cohereConversation,
  tasks: { embeddings: cohereEmbeddings, rerank: cohereRerank },
  error: cohereProviderError,
};
