import { openAiProviderError } from "../../conversation/openai/errors.ts";
import { type ApiPath, openAiOperations, operation, responsesUsage } from "../openai-api.ts";
import { openAiCount } from "../openai-count.ts";
import { openAiEmbeddings } from "../openai-tasks.ts";
import type { Provider } from "../provider.ts";
import { azureConversation } from "./conversation.ts";
import { azureMeta } from "./meta.ts";
import { chatPassthrough } from "./passthrough.ts";
import { deploymentPath, responsesPath } from "./path.ts";

const ofDeployment: ApiPath = (context, rest, model) => deploymentPath(context, model, rest);
/** Operations whose deployment stands in the body. */
const ofResource: ApiPath = (context, rest) => responsesPath(context, rest);

/** OpenAI's models on Azure, by deployment. */
export const azure: Provider = {
  meta: azureMeta,
  passthrough: {
    "chat-completions": chatPassthrough,
    ...openAiOperations(ofDeployment),
    responses: operation(ofResource, "responses", responsesUsage),
    "responses-input-tokens": operation(ofResource, "responses/input_tokens"),
  },
  conversation: azureConversation,
  tasks: { count: openAiCount(ofResource), embeddings: openAiEmbeddings(ofDeployment) },
  error: openAiProviderError,
};
