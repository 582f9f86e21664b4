/** Requests of OpenAI's chat completions, as far as the gateway writes them. */
export interface ChatRequest {
  model: string;
  messages: ChatMessage[];
  stream?: true;
  stream_options?: { include_usage: true };
  max_completion_tokens?: number;
  /** 0 to 2. */
  temperature?: number;
  top_p?: number;
  frequency_penalty?: number;
  presence_penalty?: number;
  seed?: number;
  /** At most four. */
  stop?: string[];
  n?: number;
  logprobs?: true;
  top_logprobs?: number;
  tools?: Tool[];
  tool_choice?: ToolChoice;
  parallel_tool_calls?: boolean;
  response_format?: ResponseFormat;
  reasoning_effort?: string;
  /** Not OpenAI's own, but that of servers such as DeepSeek's. */
  thinking?: { type: "enabled" | "disabled" | "adaptive"; budget_tokens?: number };
  user?: string;
  service_tier?: string;
}

export interface TextPart {
  type: "text";
  text: string;
}

export type UserPart =
  | TextPart
  | { type: "image_url"; image_url: { url: string; detail?: "auto" | "low" | "high" } }
  | { type: "input_audio"; input_audio: { data: string; format: "wav" | "mp3" } }
  | { type: "file"; file: { file_data: string; filename: string } };

export type AssistantPart = TextPart | { type: "refusal"; refusal: string };

/** A convention among servers like OpenAI's: reasoning with what proves that it is the model's. */
export type ThinkingBlock =
  | { type: "thinking"; thinking: string; signature?: string }
  | { type: "redacted_thinking"; data: string };

export interface AssistantMessage {
  role: "assistant";
  /** Null only beside tool calls. */
  content: string | AssistantPart[] | null;
  tool_calls?: ToolCall[];
  reasoning_content?: string;
  thinking_blocks?: ThinkingBlock[];
}

export type ChatMessage =
  | { role: "system"; content: string }
  | { role: "user"; content: string | UserPart[] }
  | AssistantMessage
  | { role: "tool"; tool_call_id: string; content: string | TextPart[] };

export interface ToolCall {
  id: string;
  type: "function";
  /** `arguments` is JSON in a string. */
  function: { name: string; arguments: string };
}

export interface Tool {
  type: "function";
  function: {
    name: string;
    description?: string;
    parameters: Record<string, unknown>;
    strict?: true;
  };
}

export type ToolChoice =
  | "auto"
  | "none"
  | "required"
  | { type: "function"; function: { name: string } };

export type ResponseFormat =
  | { type: "json_object" }
  | {
      type: "json_schema";
      json_schema: {
        name: string;
        description?: string;
        schema: Record<string, unknown>;
        strict?: true;
      };
    };
