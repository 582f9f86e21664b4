import type { Provider } from "../provider.ts";
import { bedrockConversation } from "./conversation.ts";
import { converseError } from "./errors.ts";
import { bedrockMeta } from "./meta.ts";

/** Amazon Bedrock. No client speaks Converse, so every request is translated. */
export const bedrock: Provider = {
  meta: bedrockMeta,
  passthrough: {},
  conversation: bedrockConversation,
  error: converseError,
};
