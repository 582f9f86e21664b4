import { chatCompletions } from "./chat-completions/index.ts";
import type { Endpoint } from "./endpoint.ts";
import { messages } from "./messages/index.ts";
import { anthropicModels, models } from "./models.ts";

/** Every endpoint that the gateway serves; one line each. */
export const endpoints: readonly Endpoint[] = [
  chatCompletions as Endpoint,
  messages as Endpoint,
  models,
  anthropicModels,
];

const byId = new Map(endpoints.map((endpoint) => [endpoint.id, endpoint]));

export const endpointById = (id: string): Endpoint | undefined => byId.get(id);
