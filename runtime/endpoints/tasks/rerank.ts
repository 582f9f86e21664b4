import { present } from "../../lib/present.ts";
import type { RerankRequest } from "../../tasks/rerank.ts";
import type { TaskEndpoint } from "../../tasks/task.ts";
import { Field } from "../field.ts";
import type { JsonBody } from "../request-body.ts";
import { unknownFields } from "./unknown.ts";

const COHERE = ["model", "query", "documents", "top_n", "max_tokens_per_doc"];

/** https://docs.cohere.com/reference/rerank: scores by index, without the documents. */
export const cohereRerankTask: TaskEndpoint<JsonBody, "rerank"> = {
  name: "rerank",
  decode: ({ model, body }): RerankRequest => ({
    ...questionOf(model, body),
    ...present({
      maxTokensPerDocument: new Field(body)
        .get("max_tokens_per_doc")
        .optional((field) => field.integer(1)),
    }),
    returnDocuments: false,
    unknown: unknownFields(body, COHERE),
  }),
  encode: ({ id, results, searchUnits, usage }, _, options) => ({
    id: id ?? options.id,
    results: results.map(({ index, score }) => ({ index, relevance_score: score })),
    meta: {
      api_version: { version: "2" },
      ...(searchUnits === undefined ? {} : { billed_units: { search_units: searchUnits } }),
      ...(usage === undefined
        ? {}
        : {
            tokens: {
              input_tokens: usage.inputTokens ?? usage.totalTokens ?? 0,
              output_tokens: usage.outputTokens ?? 0,
            },
          }),
    },
  }),
};

const JINA = ["model", "query", "documents", "top_n", "return_documents"];

/** Jina's and vLLM's shape: documents come back unless the client does not want them. */
export const plainRerankTask: TaskEndpoint<JsonBody, "rerank"> = {
  name: "rerank",
  decode: ({ model, body }): RerankRequest => ({
    ...questionOf(model, body),
    returnDocuments:
      new Field(body).get("return_documents").optional((field) => field.boolean()) ?? true,
    unknown: unknownFields(body, JINA),
  }),
  encode: ({ id, results, model, usage }, { documents, returnDocuments }, options) => ({
    id: id ?? options.id,
    model,
    usage: { total_tokens: usage?.totalTokens ?? usage?.inputTokens ?? 0 },
    results: results.map(({ index, score }) => ({
      index,
      ...(returnDocuments ? { document: { text: documents[index] ?? "" } } : {}),
      relevance_score: score,
    })),
  }),
};

function questionOf(
  model: string,
  body: JsonBody,
): Pick<RerankRequest, "model" | "query" | "documents" | "top"> {
  const root = new Field(body);
  const documents = root.get("documents").items().map(documentText);
  if (documents.length === 0) throw root.get("documents").wrong("at least one document");
  return {
    model,
    query: root.get("query").nonEmptyString(),
    documents,
    ...present({ top: root.get("top_n").optional((field) => field.integer(1)) }),
  };
}

/** A text, or `{"text": …}`. */
const documentText = (document: Field): string =>
  typeof document.value === "string" ? document.value : document.get("text").string();
