/**
 * Requests of Cohere's chat, second version, as far as the gateway writes them.
 * https://docs.cohere.com/reference/chat
 */
export interface CohereChatRequest {
  model: string;
  messages: CohereMessage[];
  stream?: true;
  tools?: CohereTool[];
  tool_choice?: "REQUIRED" | "NONE";
  /** Calls keep to their tools' schemas; asked of all tools or none. */
  strict_tools?: boolean;
  documents?: CohereDocument[];
  response_format?: { type: "json_object"; json_schema?: Record<string, unknown> };
  max_tokens?: number;
  /** Five at most. */
  stop_sequences?: string[];
  temperature?: number;
  seed?: number;
  /** 0 to 1, as the next. */
  frequency_penalty?: number;
  presence_penalty?: number;
  /** Top k, 0 to 500. */
  k?: number;
  /** Top p, 0.01 to 0.99. */
  p?: number;
  logprobs?: boolean;
  thinking?: { type: "enabled" | "disabled"; token_budget?: number };
  [ownField: string]: unknown;
}

export type CohereMessage =
  | { role: "system"; content: string }
  | { role: "user"; content: string | UserContent[] }
  | AssistantMessage
  | { role: "tool"; tool_call_id: string; content: string | ToolContent[] };

export type TextContent = { type: "text"; text: string };

export type UserContent =
  | TextContent
  | { type: "image_url"; image_url: { url: string; detail?: "auto" | "low" | "high" } };

export interface AssistantMessage {
  role: "assistant";
  content?: string | (TextContent | { type: "thinking"; thinking: string })[];
  /** What the model said ahead of its calls. */
  tool_plan?: string;
  tool_calls?: { id: string; type: "function"; function: { name: string; arguments: string } }[];
}

export type ToolContent = TextContent | { type: "document"; document: CohereDocument };

/** What the model may cite. `data` is shown to it. */
export interface CohereDocument {
  id?: string;
  data: Record<string, unknown>;
}

export interface CohereTool {
  type: "function";
  function: { name: string; description?: string; parameters: Record<string, unknown> };
}
