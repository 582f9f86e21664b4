import { present } from "../../../lib/present.ts";
import { jsonAnswer } from "../../../tasks/read.ts";
import type { TaskProvider } from "../../../tasks/task.ts";
import { countedByHeader, invocation } from "./invoke.ts";

/** Cohere's models on Bedrock speak its second API only when told so. */
const COHERE_API_VERSION = 2;

/**
 * Cohere's and Amazon's rerank models by `InvokeModel`.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/rerank-supported.html
 */
export const bedrockRerank: TaskProvider<"rerank"> = {
  encode({ model, query, documents, top, maxTokensPerDocument, unknown }) {
    const cohere = model.includes("cohere.");
    const dropped = [...unknown];
    if (maxTokensPerDocument !== undefined && !cohere) dropped.push("max_tokens_per_doc");
    const body = {
      query,
      documents,
      ...present({ top_n: top }),
      ...(cohere ? { api_version: COHERE_API_VERSION } : {}),
      ...(cohere ? present({ max_tokens_per_doc: maxTokensPerDocument }) : {}),
    };
    return invocation(model, body, dropped);
  },
  decode(body, _, headers) {
    const results = jsonAnswer(body).get("results").items();
    return {
      results: results.map((result) => ({
        index: result.get("index").number(),
        score: result.get("relevance_score").number(),
      })),
      ...present({ usage: countedByHeader(headers) }),
    };
  },
};
