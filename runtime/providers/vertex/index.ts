import { gcpError } from "../../conversation/gcp-errors.ts";
import type { Provider } from "../provider.ts";
import { vertexConversation } from "./conversation.ts";
import { vertexMeta } from "./meta.ts";

/** Gemini on Vertex AI. */
export const vertex: Provider = {
  meta: vertexMeta,
  passthrough: {},
  conversation: vertexConversation,
  error: gcpError,
};
