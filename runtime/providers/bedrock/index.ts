import { awsError } from "../../conversation/aws-errors.ts";
import type { Provider } from "../provider.ts";
import { bedrockConversation } from "./conversation.ts";
import { bedrockMeta } from "./meta.ts";
import { bedrockCount } from "./tasks/count.ts";
import { bedrockEmbeddings } from "./tasks/embeddings.ts";
import { bedrockImages } from "./tasks/images.ts";
import { bedrockRerank } from "./tasks/rerank.ts";

/** Amazon Bedrock. No client speaks its APIs, so every request is translated. */
export const bedrock: Provider = {
  meta: bedrockMeta,
  passthrough: {},
  conversation: bedrockConversation,
  tasks: {
    count: bedrockCount,
    embeddings: bedrockEmbeddings,
    images: bedrockImages,
    rerank: bedrockRerank,
  },
  error: awsError,
};
