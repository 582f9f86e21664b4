import { unsupported } from "../../../lib/errors.ts";
import { present } from "../../../lib/present.ts";
import type {
  EmbeddingPurpose,
  EmbeddingsAnswer,
  EmbeddingsRequest,
} from "../../../tasks/embeddings.ts";
import { type Answer, jsonAnswer } from "../../../tasks/read.ts";
import type { TaskProvider } from "../../../tasks/task.ts";
import { countedByHeader, invocation } from "./invoke.ts";

/** One family of models: what its body is like, and where its vectors are. */
interface Family {
  matches: RegExp;
  body(request: EmbeddingsRequest): object;
  vectors(answer: Answer): number[][];
  /** Tokens, where the body tells them. */
  tokens?: (answer: Answer) => number | undefined;
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html */
const titanV1: Family = {
  matches: /amazon\.titan-embed-(text-v1|g1-text)/,
  body(request) {
    if (request.dimensions !== undefined) {
      throw unsupported("this model's vectors have one length: leave dimensions out", "dimensions");
    }
    return { inputText: onlyText(request) };
  },
  vectors: (answer) => [answer.get("embedding").numbers()],
  tokens: (answer) => answer.get("inputTextTokenCount").count(),
};

const titanV2: Family = {
  ...titanV1,
  matches: /amazon\.titan-embed-text-v2/,
  body: (request) => ({
    inputText: onlyText(request),
    ...present({ dimensions: request.dimensions }),
  }),
};

/** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-mm.html */
const titanImage: Family = {
  ...titanV1,
  matches: /amazon\.titan-embed-image/,
  body: (request) => ({
    inputText: onlyText(request),
    ...(request.dimensions === undefined
      ? {}
      : { embeddingConfig: { outputEmbeddingLength: request.dimensions } }),
  }),
};

/** https://docs.aws.amazon.com/nova/latest/userguide/embeddings-schema.html */
const nova: Family = {
  matches: /amazon\.nova-.*embed/,
  body: (request) => ({
    taskType: "SINGLE_EMBEDDING",
    singleEmbeddingParams: {
      embeddingPurpose: NOVA_PURPOSES[request.inputs[0]?.purpose ?? "RETRIEVAL_DOCUMENT"],
      ...(request.dimensions === undefined ? {} : { embeddingDimension: request.dimensions }),
      text: {
        truncationMode: (request.truncate ?? "none").toUpperCase(),
        value: onlyText(request),
      },
    },
  }),
  vectors: (answer) =>
    answer
      .get("embeddings")
      .items()
      .map((item) => item.get("embedding").numbers()),
};

const NOVA_PURPOSES: Readonly<Record<EmbeddingPurpose, string>> = {
  RETRIEVAL_QUERY: "TEXT_RETRIEVAL",
  QUESTION_ANSWERING: "TEXT_RETRIEVAL",
  FACT_VERIFICATION: "TEXT_RETRIEVAL",
  CODE_RETRIEVAL_QUERY: "TEXT_RETRIEVAL",
  RETRIEVAL_DOCUMENT: "GENERIC_INDEX",
  SEMANTIC_SIMILARITY: "GENERIC_INDEX",
  CLASSIFICATION: "CLASSIFICATION",
  CLUSTERING: "CLUSTERING",
};

/** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed.html: takes a batch. */
const cohere: Family = {
  matches: /cohere\.embed/,
  body({ inputs, dimensions, truncate, model }) {
    const [purpose, ...others] = new Set(inputs.map((input) => input.purpose));
    if (others.length > 0) {
      throw unsupported("this provider takes inputs of one task_type at a time", "input");
    }
    const fixed = !model.includes("embed-v4");
    if (fixed && (dimensions ?? COHERE_V3_DIMENSIONS) !== COHERE_V3_DIMENSIONS) {
      throw unsupported(
        `this model's vectors have ${COHERE_V3_DIMENSIONS} dimensions: leave them out`,
        "dimensions",
      );
    }
    return {
      texts: inputs.map(({ text }) => text),
      input_type: COHERE_PURPOSES[purpose ?? "RETRIEVAL_DOCUMENT"],
      embedding_types: ["float"],
      ...present({ truncate: truncate?.toUpperCase() }),
      ...(dimensions === undefined || fixed ? {} : { output_dimension: dimensions }),
    };
  },
  vectors(answer) {
    const embeddings = answer.get("embeddings");
    const floats = Array.isArray(embeddings.value) ? embeddings : embeddings.get("float");
    return floats.items().map((item) => item.numbers());
  },
};

const COHERE_V3_DIMENSIONS = 1024;

const COHERE_PURPOSES: Readonly<Record<EmbeddingPurpose, string>> = {
  RETRIEVAL_QUERY: "search_query",
  QUESTION_ANSWERING: "search_query",
  FACT_VERIFICATION: "search_query",
  CODE_RETRIEVAL_QUERY: "search_query",
  RETRIEVAL_DOCUMENT: "search_document",
  SEMANTIC_SIMILARITY: "clustering",
  CLASSIFICATION: "classification",
  CLUSTERING: "clustering",
};

const FAMILIES = [titanV1, titanV2, titanImage, nova, cohere];

/** Vectors by `InvokeModel`: every family of models has a body of its own. */
export const bedrockEmbeddings: TaskProvider<"embeddings"> = {
  encode(request) {
    const dropped = new Set(request.unknown);
    if (request.inputs.some(({ title }) => title !== undefined)) dropped.add("title");
    return invocation(request.model, familyOf(request).body(request), dropped);
  },
  decode(body, request, headers): EmbeddingsAnswer {
    const answer = jsonAnswer(body);
    const family = familyOf(request);
    const vectors = family.vectors(answer);
    const inputTokens = family.tokens?.(answer);
    return {
      vectors,
      ...present({
        usage:
          inputTokens === undefined
            ? countedByHeader(headers)
            : { inputTokens, totalTokens: inputTokens },
      }),
    };
  },
};

function familyOf({ model }: EmbeddingsRequest): Family {
  const family = FAMILIES.find(({ matches }) => matches.test(model));
  if (family !== undefined) return family;
  throw unsupported(
    `${model} is no embedding model of AWS Bedrock that this gateway knows: its name must tell Titan, Nova or Cohere`,
    "model",
  );
}

function onlyText({ inputs }: EmbeddingsRequest): string {
  const [first, ...others] = inputs;
  if (first === undefined || others.length > 0) {
    throw unsupported("this model takes one text a request: send them one by one", "input");
  }
  return first.text;
}
