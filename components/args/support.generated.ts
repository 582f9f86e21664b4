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

/** What a backend lacks that cannot serve an endpoint. */
export const lacks: Readonly<Record<EndpointId, string>> = {
  "chat-completions": "has no models that converse",
  "completions": "has no models that converse",
  "embeddings": "has no API for embeddings",
  "responses": "has no models that converse",
  "responses-input-tokens": "has no API for counting the tokens of a conversation",
  "speech": "has no API for speech",
  "transcriptions": "has no API for transcription",
  "translations": "has no API for translation",
  "image-generations": "has no API for images",
  "image-edits": "has no API for image edit",
  "image-variations": "has no API for image variation",
  "moderations": "has no API for moderation",
  "plain-rerank": "has no API for reranking",
  "tokenize": "has no API for counting the tokens of a conversation",
  "messages": "has no models that converse",
  "count-tokens": "has no API for counting the tokens of a conversation",
  "cohere-chat": "has no models that converse",
  "rerank": "has no API for reranking",
  "embed": "has no API for embeddings",
  "generate-content": "has no models that converse",
  "gemini-count-tokens": "has no API for counting the tokens of a conversation",
};
