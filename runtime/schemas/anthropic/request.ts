/** Requests of Anthropic's Messages API, as far as the gateway writes them. */
export interface MessagesRequest {
  model: string;
  max_tokens: number;
  messages: Message[];
  stream?: boolean;
  system?: TextBlock[];
  tools?: (Tool | OwnTool)[];
  tool_choice?: ToolChoice;
  thinking?: Thinking;
  output_config?: OutputConfig;
  stop_sequences?: string[];
  /** 0 to 1. */
  temperature?: number;
  top_p?: number;
  top_k?: number;
  metadata?: { user_id: string };
  service_tier?: "auto" | "standard_only";
}

export interface Message {
  role: "user" | "assistant";
  content: ContentBlock[];
}

export interface CacheControl {
  type: "ephemeral";
  ttl?: "5m" | "1h";
}

/** What every block but thinking can have. */
export interface Cacheable {
  cache_control?: CacheControl;
}

export interface TextBlock extends Cacheable {
  type: "text";
  text: string;
  citations?: unknown[];
}

export type FileSource = { type: "url"; url: string } | { type: "file"; file_id: string };
export type Base64Source = { type: "base64"; media_type: string; data: string };

export interface ImageBlock extends Cacheable {
  type: "image";
  source: Base64Source | FileSource;
}

export interface DocumentBlock extends Cacheable {
  type: "document";
  source:
    | Base64Source
    | FileSource
    | { type: "text"; media_type: "text/plain"; data: string }
    | { type: "content"; content: ContentBlock[] };
  title?: string;
  context?: string;
  citations?: { enabled: boolean };
}

export interface ToolUseBlock extends Cacheable {
  type: "tool_use";
  id: string;
  name: string;
  input: Record<string, unknown>;
}

export interface ToolResultBlock extends Cacheable {
  type: "tool_result";
  tool_use_id: string;
  content?: ContentBlock[];
  is_error?: boolean;
}

export type ContentBlock =
  | TextBlock
  | ImageBlock
  | DocumentBlock
  | ToolUseBlock
  | ToolResultBlock
  | { type: "thinking"; thinking: string; signature: string }
  | { type: "redacted_thinking"; data: string };

export interface Tool extends Cacheable {
  name: string;
  description?: string;
  input_schema: Record<string, unknown>;
  strict?: boolean;
}

/** A tool that Anthropic itself carries out; what else it has depends on its type. */
export interface OwnTool extends Cacheable {
  type: string;
  name: string;
}

export type ToolChoice =
  | { type: "none" }
  | { type: "auto" | "any"; disable_parallel_tool_use?: boolean }
  | { type: "tool"; name: string; disable_parallel_tool_use?: boolean };

export type Thinking =
  | { type: "enabled"; budget_tokens: number; display?: string }
  | { type: "adaptive"; display?: string }
  | { type: "disabled" };

export interface OutputConfig {
  effort?: "low" | "medium" | "high" | "xhigh" | "max";
  format?: { type: "json_schema"; schema: Record<string, unknown> };
}
