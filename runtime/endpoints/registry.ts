import { chatCompletions } from "./chat-completions/index.ts";
import { cohereChat, embed, rerank } from "./cohere-api.ts";
import { completions } from "./completions/index.ts";
import { countTokens } from "./count-tokens.ts";
import type { Endpoint } from "./endpoint.ts";
import { geminiCountTokens, geminiModels, generateContent } from "./gemini/index.ts";
import { messages } from "./messages/index.ts";
import { anthropicModels, models } from "./models.ts";
import {
  embeddings,
  imageGenerations,
  moderations,
  plainRerank,
  responsesInputTokens,
  speech,
  tokenize,
} from "./openai-api.ts";
import { imageEdits, imageVariations, transcriptions, translations } from "./openai-forms.ts";

import { responses } from "./responses/index.ts";

/** Every endpoint that the gateway serves; one line each. */
export const endpoints: readonly Endpoint[] = [
  chatCompletions as Endpoint,
  completions as Endpoint,
  embeddings as Endpoint,
  responses as Endpoint,
  responsesInputTokens as Endpoint,
  speech as Endpoint,
  transcriptions as Endpoint,
  translations as Endpoint,
  imageGenerations as Endpoint,
  imageEdits as Endpoint,
  imageVariations as Endpoint,
  moderations as Endpoint,
  plainRerank as Endpoint,
  tokenize as Endpoint,
  messages as Endpoint,
  countTokens as Endpoint,
  cohereChat as Endpoint,
  rerank as Endpoint,
  embed as Endpoint,
  generateContent as Endpoint,
  geminiCountTokens as Endpoint,
  models,
  anthropicModels,
  geminiModels,
];

const byId = new Map(endpoints.map((endpoint) => [endpoint.id, endpoint]));

export const endpointById = (id: string): Endpoint | undefined => byId.get(id);
