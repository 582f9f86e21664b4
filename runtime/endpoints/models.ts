import { anthropicError, anthropicErrorEvent } from "./anthropic-family.ts";
import type { Endpoint, ModelEntry } from "./endpoint.ts";
import { openAiError, openAiErrorEvent } from "./openai-family.ts";
import { parseJsonRequest } from "./request-body.ts";

/** https://platform.openai.com/docs/api-reference/models/list */
const openAiModelList = (models: readonly ModelEntry[]): string =>
  JSON.stringify({
    object: "list",
    data: models.map(({ id, createdAt, ownedBy }) => ({
      id,
      object: "model",
      created: createdAt,
      owned_by: ownedBy,
    })),
  });

/** https://docs.anthropic.com/en/api/models-list; all in one page. */
const anthropicModelList = (models: readonly ModelEntry[]): string =>
  JSON.stringify({
    data: models.map(({ id, createdAt }) => ({
      type: "model",
      id,
      display_name: id,
      created_at: new Date(createdAt * 1000).toISOString(),
    })),
    first_id: models[0]?.id ?? null,
    last_id: models.at(-1)?.id ?? null,
    has_more: false,
  });

export const models: Endpoint = {
  id: "models",
  family: "openai",
  path: "/v1/models",
  method: "GET",
  operation: "models",
  parse: parseJsonRequest,
  errorBody: openAiError,
  errorEvent: openAiErrorEvent,
  models: openAiModelList,
};

export const anthropicModels: Endpoint = {
  id: "anthropic-models",
  family: "anthropic",
  path: "/v1/models",
  method: "GET",
  operation: "models",
  parse: parseJsonRequest,
  errorBody: anthropicError,
  errorEvent: anthropicErrorEvent,
  models: anthropicModelList,
};
