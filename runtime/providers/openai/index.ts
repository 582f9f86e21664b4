import { openAiProviderError } from "../../conversation/openai/errors.ts";
import {
  type ApiPath,
  openAiOperations,
  operation,
  rerankUsage,
  responsesUsage,
} from "../openai-api.ts";
import { openAiCount } from "../openai-count.ts";
import { openAiEmbeddings, plainRerank } from "../openai-tasks.ts";
import type { Provider } from "../provider.ts";
import { openAiConversation } from "./conversation.ts";
import { openAiMeta } from "./meta.ts";
import { chatPassthrough, openAiPath } from "./passthrough.ts";

const api: ApiPath = ({ prefix }, rest) => openAiPath(prefix, rest);
/** vLLM has its tokenizer beside its OpenAI API, not below. */
const besideApi: ApiPath = ({ prefix }, rest) =>
  openAiPath(prefix.replace(/(^|\/)v\d+$/, ""), rest);

/** OpenAI, and every server that speaks its API. */
export const openAi: Provider = {
  meta: openAiMeta,
  passthrough: {
    "chat-completions": chatPassthrough,
    ...openAiOperations(api),
    "image-variations": operation(api, "images/variations"),
    moderations: operation(api, "moderations"),
    "plain-rerank": operation(api, "rerank", rerankUsage),
    responses: operation(api, "responses", responsesUsage),
    "responses-input-tokens": operation(api, "responses/input_tokens"),
    tokenize: operation(besideApi, "tokenize"),
  },
  conversation: openAiConversation,
  tasks: { count: openAiCount(api), embeddings: openAiEmbeddings(api), rerank: plainRerank(api) },
  error: openAiProviderError,
};
