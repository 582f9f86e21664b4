// Generated from the registries of endpoints and providers by `npm run generate`. Do not edit.

/** Endpoints that clients call with a model. */
export const endpointIds = ["chat-completions","completions","embeddings","responses","responses-input-tokens","speech","transcriptions","translations","image-generations","image-edits","image-variations","moderations","plain-rerank","tokenize","messages","count-tokens","cohere-chat","rerank","embed","generate-content","gemini-count-tokens"] as const;

/** An endpoint that clients call with a model. */
export type EndpointId = (typeof endpointIds)[number];

/** Endpoints that a backend can serve, by the schema that it speaks. */
export const endpointsOf = {
  OpenAI: ["chat-completions","completions","embeddings","responses","responses-input-tokens","speech","transcriptions","translations","image-generations","image-edits","image-variations","moderations","plain-rerank","tokenize","messages","count-tokens","cohere-chat","rerank","embed","generate-content","gemini-count-tokens"],
  Cohere: ["chat-completions","completions","embeddings","responses","plain-rerank","messages","cohere-chat","rerank","embed","generate-content"],
  AWSBedrock: ["chat-completions","completions","embeddings","responses","responses-input-tokens","image-generations","plain-rerank","tokenize","messages","count-tokens","cohere-chat","rerank","embed","generate-content","gemini-count-tokens"],
  AzureOpenAI: ["chat-completions","completions","embeddings","responses","responses-input-tokens","speech","transcriptions","translations","image-generations","image-edits","tokenize","messages","count-tokens","cohere-chat","embed","generate-content","gemini-count-tokens"],
  GCPVertexAI: ["chat-completions","completions","embeddings","responses","responses-input-tokens","image-generations","plain-rerank","tokenize","messages","count-tokens","cohere-chat","rerank","embed","generate-content","gemini-count-tokens"],
  GCPAnthropic: ["chat-completions","completions","responses","responses-input-tokens","tokenize","messages","count-tokens","cohere-chat","generate-content","gemini-count-tokens"],
  Anthropic: ["chat-completions","completions","responses","responses-input-tokens","tokenize","messages","count-tokens","cohere-chat","generate-content","gemini-count-tokens"],
  AWSAnthropic: ["chat-completions","completions","responses","responses-input-tokens","tokenize","messages","count-tokens","cohere-chat","generate-content","gemini-count-tokens"],
} as const satisfies Record<string, readonly EndpointId[]>;
