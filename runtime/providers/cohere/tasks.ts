import type { ProviderContext, ProviderRequest } from "../../conversation/codec.ts";
import { unsupported } from "../../lib/errors.ts";
import { present } from "../../lib/present.ts";
import type { EmbeddingPurpose } from "../../tasks/embeddings.ts";
import { jsonAnswer } from "../../tasks/read.ts";
import type { TaskProvider } from "../../tasks/task.ts";
import { coherePath } from "./passthrough.ts";

const asked = (
  context: ProviderContext,
  operation: string,
  body: object,
  dropped: Iterable<string>,
): ProviderRequest => ({
  path: coherePath(context, operation),
  body: Buffer.from(JSON.stringify(body)),
  headers: [["content-type", "application/json"]],
  dropped: [...dropped],
});

const PURPOSES: Readonly<Record<EmbeddingPurpose, string>> = {
  RETRIEVAL_QUERY: "search_query",
  QUESTION_ANSWERING: "search_query",
  FACT_VERIFICATION: "search_query",
  CODE_RETRIEVAL_QUERY: "search_query",
  RETRIEVAL_DOCUMENT: "search_document",
  SEMANTIC_SIMILARITY: "clustering",
  CLASSIFICATION: "classification",
  CLUSTERING: "clustering",
};

/**
 * https://docs.cohere.com/reference/embed: a purpose has to be told; without one, texts are
 * documents to be found.
 */
export const cohereEmbeddings: TaskProvider<"embeddings"> = {
  encode({ model, inputs, dimensions, truncate, unknown }, context) {
    const [purpose, ...others] = new Set(inputs.map((input) => input.purpose));
    if (others.length > 0) {
      throw unsupported("this provider takes inputs of one task_type at a time", "input");
    }
    const dropped = new Set(unknown);
    if (inputs.some(({ title }) => title !== undefined)) dropped.add("title");
    const body = {
      model,
      texts: inputs.map(({ text }) => text),
      input_type: PURPOSES[purpose ?? "RETRIEVAL_DOCUMENT"],
      embedding_types: ["float"],
      ...present({ output_dimension: dimensions, truncate: truncate?.toUpperCase() }),
    };
    return asked(context, "embed", body, dropped);
  },
  decode(body) {
    const answer = jsonAnswer(body);
    const vectors = answer.get("embeddings").get("float").items();
    const billed = answer.get("meta").get("billed_units").get("input_tokens").count();
    return {
      vectors: vectors.map((vector) => vector.numbers()),
      ...present({
        usage: billed === undefined ? undefined : { inputTokens: billed, totalTokens: billed },
      }),
    };
  },
};

/** https://docs.cohere.com/reference/rerank */
export const cohereRerank: TaskProvider<"rerank"> = {
  encode({ model, query, documents, top, maxTokensPerDocument, unknown }, context) {
    const body = {
      model,
      query,
      documents,
      ...present({ top_n: top, max_tokens_per_doc: maxTokensPerDocument }),
    };
    return asked(context, "rerank", body, unknown);
  },
  decode(body) {
    const answer = jsonAnswer(body);
    const meta = answer.get("meta");
    const inputTokens = meta.get("tokens").get("input_tokens").count();
    const outputTokens = meta.get("tokens").get("output_tokens").count() ?? 0;
    return {
      results: answer
        .get("results")
        .items()
        .map((result) => ({
          index: result.get("index").number(),
          score: result.get("relevance_score").number(),
        })),
      ...present({
        id: answer.get("id").text(),
        searchUnits: meta.get("billed_units").get("search_units").count(),
        usage:
          inputTokens === undefined
            ? undefined
            : { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
      }),
    };
  },
};
