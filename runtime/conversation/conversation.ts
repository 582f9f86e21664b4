/**
 * The internal form of a generation request: what chat completions, messages and the like have in
 * common, with everything that a target could use. Endpoints decode into it, providers encode from
 * it; so any inbound shape reaches any provider with one codec on each side.
 *
 * Requests whose client and provider speak the same protocol never pass through here: their bytes
 * are forwarded as they are.
 */
export interface Conversation {
  /** The model to ask the provider for; an override has been applied already. */
  model: string;
  stream: boolean;
  /** System and developer prompts, in order. */
  system: TextPart[];
  turns: Turn[];
  tools: Tool[];
  toolChoice?: ToolChoice;
  parallelToolCalls?: boolean;
  maxTokens?: number;
  temperature?: number;
  topP?: number;
  topK?: number;
  stop?: string[];
  seed?: number;
  frequencyPenalty?: number;
  presencePenalty?: number;
  /** Number of alternatives asked for; providers that give only one refuse more. */
  candidates?: number;
  logprobs?: { top?: number };
  outputFormat?: OutputFormat;
  reasoning?: Reasoning;
  /** End-user id for abuse monitoring. */
  userId?: string;
  /** String tags (OpenAI `metadata`, Bedrock `requestMetadata`). */
  metadata?: Record<string, string>;
  serviceTier?: string;
  /**
   * Fields of the client's body that the internal form does not know, verbatim by their top-level
   * name. A provider takes those that it documents (`guardrailConfig`, `anthropic_beta`, …).
   */
  vendor: Record<string, unknown>;
  /**
   * What of the client's request has no place here and none in `vendor`, by its path without numbers;
   * told of with what the provider drops.
   */
  lost?: string[];
}

export interface Turn {
  role: "user" | "assistant";
  content: Part[];
}

/** A prompt-cache breakpoint after this part. */
export interface CacheControl {
  ttl?: "5m" | "1h";
}

export interface TextPart {
  type: "text";
  text: string;
  cache?: CacheControl;
  /** Citations of an earlier assistant turn, in Anthropic's wire shape. */
  citations?: unknown[];
}

/** Bytes in base64, or a place to read them from. */
export type MediaSource =
  | { kind: "base64"; mediaType: string; data: string }
  | { kind: "url"; url: string; mediaType?: string }
  | { kind: "file"; fileId: string };

export interface ImagePart {
  type: "image";
  source: MediaSource;
  detail?: "auto" | "low" | "high";
  cache?: CacheControl;
}

export interface AudioPart {
  type: "audio";
  source: MediaSource;
}

export interface VideoPart {
  type: "video";
  source: MediaSource;
}

export interface DocumentPart {
  type: "document";
  source: MediaSource | { kind: "text"; text: string } | { kind: "content"; content: Part[] };
  title?: string;
  context?: string;
  citations?: boolean;
  cache?: CacheControl;
}

export interface ToolUsePart {
  type: "tool-use";
  id: string;
  name: string;
  /** Parsed arguments. */
  input: unknown;
  cache?: CacheControl;
}

export interface ToolResultPart {
  type: "tool-result";
  toolUseId: string;
  content: Part[];
  isError?: boolean;
  cache?: CacheControl;
}

/** Reasoning of an earlier turn. The signature lets the provider that made it verify it. */
export interface ThinkingPart {
  type: "thinking";
  text: string;
  signature?: string;
}

export interface RedactedThinkingPart {
  type: "redacted-thinking";
  data: string;
}

export interface RefusalPart {
  type: "refusal";
  text: string;
}

export type Part =
  | TextPart
  | ImagePart
  | AudioPart
  | VideoPart
  | DocumentPart
  | ToolUsePart
  | ToolResultPart
  | ThinkingPart
  | RedactedThinkingPart
  | RefusalPart;

export interface Tool {
  name: string;
  description?: string;
  /** JSON schema of the input object. */
  inputSchema: Record<string, unknown>;
  strict?: boolean;
  cache?: CacheControl;
}

export type ToolChoice =
  | { type: "auto" }
  | { type: "none" }
  | { type: "any" }
  | { type: "tool"; name: string };

export type OutputFormat =
  | { type: "text" }
  | { type: "json-object" }
  | {
      type: "json-schema";
      name: string;
      description?: string;
      schema: Record<string, unknown>;
      strict?: boolean;
    };

export interface Reasoning {
  /** OpenAI's scale; providers with token budgets map it. */
  effort?: "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";
  /** Explicit budget in tokens (Anthropic `thinking.budget_tokens`). */
  budgetTokens?: number;
  /** `adaptive`: the model decides how much. */
  mode: "enabled" | "disabled" | "adaptive";
}
