import { unsupported } from "../../lib/errors.ts";
import { present } from "../../lib/present.ts";
import type { EmbeddingPurpose, EmbeddingsRequest } from "../../tasks/embeddings.ts";
import type { TaskEndpoint } from "../../tasks/task.ts";
import { Field } from "../field.ts";
import type { JsonBody } from "../request-body.ts";
import { unknownFields } from "./unknown.ts";

const PURPOSES: Readonly<Record<string, EmbeddingPurpose>> = {
  search_query: "RETRIEVAL_QUERY",
  search_document: "RETRIEVAL_DOCUMENT",
  classification: "CLASSIFICATION",
  clustering: "CLUSTERING",
};

const KNOWN = ["model", "texts", "input_type", "output_dimension", "embedding_types", "truncate"];

/** https://docs.cohere.com/reference/embed */
export const cohereEmbedTask: TaskEndpoint<JsonBody, "embeddings"> = {
  name: "embeddings",
  decode({ model, body }): EmbeddingsRequest {
    const root = new Field(body);
    for (const name of ["images", "inputs"]) {
      if (!root.get(name).absent) {
        throw unsupported("this provider is given texts alone: send `texts`", name);
      }
    }
    const types = root.get("embedding_types").optional((list) => list.items());
    for (const type of types ?? []) {
      if (type.value !== "float") throw unsupported("this provider gives floats alone", type.path);
    }
    const inputType = root.get("input_type");
    if (inputType.absent) throw inputType.wrong("one of search_document, search_query, …");
    const purpose = PURPOSES[inputType.string()];
    if (purpose === undefined) throw inputType.wrong(`one of ${Object.keys(PURPOSES).join(", ")}`);
    const texts = root.get("texts").items();
    if (texts.length === 0) throw root.get("texts").wrong("at least one text");
    return {
      model,
      inputs: texts.map((text) => ({ text: text.string(), purpose })),
      encoding: "float",
      ...present({
        dimensions: root.get("output_dimension").optional((field) => field.integer(1)),
        truncate: root
          .get("truncate")
          .optional((field) => TRUNCATE[field.oneOf(["NONE", "START", "END"])]),
      }),
      unknown: unknownFields(body, KNOWN),
    };
  },
  encode({ vectors, usage }, { inputs }, { id }) {
    return {
      id,
      embeddings: { float: vectors },
      texts: inputs.map(({ text }) => text),
      meta: {
        api_version: { version: "2" },
        billed_units: { input_tokens: usage?.inputTokens ?? 0 },
      },
    };
  },
};

const TRUNCATE = { NONE: "none", START: "start", END: "end" } as const;
