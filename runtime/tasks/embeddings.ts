import type { TaskAnswer, TaskRequest } from "./common.ts";

/** What a vector will be used for, in the words of Vertex, which has the most of them. */
export const EMBEDDING_PURPOSES = [
  "RETRIEVAL_QUERY",
  "RETRIEVAL_DOCUMENT",
  "SEMANTIC_SIMILARITY",
  "CLASSIFICATION",
  "CLUSTERING",
  "QUESTION_ANSWERING",
  "FACT_VERIFICATION",
  "CODE_RETRIEVAL_QUERY",
] as const;
export type EmbeddingPurpose = (typeof EMBEDDING_PURPOSES)[number];

export interface EmbeddingInput {
  text: string;
  purpose?: EmbeddingPurpose;
  /** Of a document. */
  title?: string;
}

export interface EmbeddingsRequest extends TaskRequest {
  inputs: EmbeddingInput[];
  dimensions?: number;
  /** How the client wants its vectors: as numbers, or as little-endian 32-bit floats in base64. */
  encoding: "float" | "base64";
  /** What to do with inputs that are too long: cut one end, or refuse them. */
  truncate?: "start" | "end" | "none";
  /** Fields of the client's that this form does not know, by name. */
  unknown: string[];
}

/** Vectors in the order of the inputs. */
export interface EmbeddingsAnswer extends TaskAnswer {
  vectors: number[][];
}
