import type { TaskAnswer, TaskRequest } from "./common.ts";

export interface RerankRequest extends TaskRequest {
  query: string;
  documents: string[];
  /** How many of the best are wanted; all when absent. */
  top?: number;
  maxTokensPerDocument?: number;
  /** The client wants the documents back with their scores. */
  returnDocuments: boolean;
  /** Fields of the client's that this form does not know, by name. */
  unknown: string[];
}

/** The best first; `index` into the request's documents. */
export interface RerankAnswer extends TaskAnswer {
  id?: string;
  results: { index: number; score: number }[];
  /** What Cohere and its resellers charge by. */
  searchUnits?: number;
}
