import type { Citation } from "./response.ts";

/**
 * Requests of Amazon Bedrock's Converse and ConverseStream, as far as the gateway writes them.
 * Unions are objects with exactly one member.
 */
export interface ConverseRequest {
  messages: Message[];
  system?: SystemBlock[];
  inferenceConfig?: InferenceConfig;
  toolConfig?: ToolConfig;
  guardrailConfig?: unknown;
  additionalModelRequestFields?: Record<string, unknown>;
  additionalModelResponseFieldPaths?: string[];
  promptVariables?: unknown;
  requestMetadata?: Record<string, string>;
  performanceConfig?: unknown;
  serviceTier?: { type: string };
  outputConfig?: OutputConfig;
}

export interface Message {
  role: "user" | "assistant";
  content: ContentBlock[];
}

export interface InferenceConfig {
  /** At least 1. */
  maxTokens?: number;
  temperature?: number;
  topP?: number;
  stopSequences?: string[];
}

export interface OutputConfig {
  textFormat?: {
    type: "json_schema";
    structure: { jsonSchema: { schema: string; name?: string; description?: string } };
  };
  effort?: string;
}

export interface CachePoint {
  type: "default";
  ttl?: "5m" | "1h";
}

export type SystemBlock = { text: string } | { cachePoint: CachePoint };

export type ContentBlock =
  | { text: string }
  | { image: ImageBlock }
  | { document: DocumentBlock }
  | { video: MediaBlock }
  | { audio: MediaBlock }
  | { toolUse: ToolUseBlock }
  | { toolResult: ToolResultBlock }
  | { cachePoint: CachePoint }
  | { reasoningContent: ReasoningBlock }
  | { citationsContent: { content: { text: string }[]; citations: Citation[] } };

/** Bytes in base64. */
export type BlobSource = { bytes: string } | { s3Location: { uri: string } };

export interface MediaBlock {
  format: string;
  source: BlobSource;
}

export type ImageBlock = MediaBlock;

export interface DocumentBlock {
  format?: string;
  /** Letters, digits, single spaces, hyphens, parentheses, square brackets; at most 200. */
  name: string;
  source: BlobSource | { text: string } | { content: { text: string }[] };
  context?: string;
  citations?: { enabled: boolean };
}

export interface ToolUseBlock {
  toolUseId: string;
  name: string;
  input: unknown;
}

export interface ToolResultBlock {
  toolUseId: string;
  content: ToolResultContent[];
  status?: "success" | "error";
}

export type ToolResultContent =
  | { text: string }
  | { image: ImageBlock }
  | { document: DocumentBlock }
  | { video: MediaBlock };

export type ReasoningBlock =
  | { reasoningText: { text: string; signature?: string } }
  | { redactedContent: string };

export interface ToolConfig {
  tools: ToolEntry[];
  toolChoice?: ToolChoice;
}

export type ToolEntry = { toolSpec: ToolSpec } | { cachePoint: CachePoint };

export interface ToolSpec {
  /** `[a-zA-Z0-9_-]{1,64}` */
  name: string;
  description?: string;
  inputSchema: { json: Record<string, unknown> };
  strict?: boolean;
}

export type ToolChoice =
  | { auto: Record<string, never> }
  | { any: Record<string, never> }
  | { tool: { name: string } };
