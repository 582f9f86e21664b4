import { gcpError } from "../../conversation/gcp-errors.ts";
import type { Provider } from "../provider.ts";
import { vertexConversation } from "./conversation.ts";
import { vertexMeta } from "./meta.ts";
import { contentPassthrough } from "./passthrough.ts";
import { vertexCount } from "./tasks/count.ts";
import { vertexEmbeddings } from "./tasks/embeddings.ts";
import { vertexImages } from "./tasks/images.ts";
import { vertexRerank } from "./tasks/rerank.ts";

/** Gemini on Vertex AI, and what else Google has there. */
export const vertex: Provider = {
  meta: vertexMeta,
  passthrough: { "generate-content": contentPassthrough },
  conversation: vertexConversation,
  tasks: {
    count: vertexCount,
    embeddings: vertexEmbeddings,
    images: vertexImages,
    rerank: vertexRerank,
  },
  error: gcpError,
};
