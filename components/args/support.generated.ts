// Generated from the registries of endpoints and providers by `npm run generate`. Do not edit.

/** Endpoints that clients call with a model. */
export const endpointIds = ["chat-completions","messages"] as const;

/** An endpoint that clients call with a model. */
export type EndpointId = (typeof endpointIds)[number];

/** Endpoints that a backend can serve, by the schema that it speaks. */
export const endpointsOf = {
  OpenAI: ["chat-completions","messages"],
  Cohere: [],
  AWSBedrock: ["chat-completions","messages"],
  AzureOpenAI: [],
  GCPVertexAI: [],
  GCPAnthropic: [],
  Anthropic: ["chat-completions","messages"],
  AWSAnthropic: [],
} as const satisfies Record<string, readonly EndpointId[]>;
