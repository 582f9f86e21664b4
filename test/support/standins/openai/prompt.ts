import type { Prompt } from "../script.ts";
import { isReasoningModel } from "./rules.ts";
import type { ChatMessage, ChatRequest } from "./schema.ts";

/** What the script reads of a request. */
export function toPrompt(request: ChatRequest): Prompt {
  const { messages } = request;
  const lastUser = messages.findLast(({ role }) => role === "user");
  const format = request.response_format;
  const maxTokens = request.max_completion_tokens ?? request.max_tokens;
  return {
    texts: messages.flatMap(texts),
    userText: lastUser ? texts(lastUser).join("\n") : "",
    toolResults: trailingToolResults(messages),
    images: messages.flatMap(parts).filter(({ type }) => type === "image_url").length,
    tools: (request.tools ?? []).flatMap((tool) =>
      tool.type === "function"
        ? [{ name: tool.function.name, schema: tool.function.parameters ?? {} }]
        : [],
    ),
    toolChoice: toolChoice(request),
    parallelToolCalls: request.parallel_tool_calls ?? true,
    ...(format?.type === "json_object" ? { json: {} } : {}),
    ...(format?.type === "json_schema"
      ? { json: { schema: format.json_schema.schema ?? {} } }
      : {}),
    reasoning: isReasoningModel(request.model) && request.reasoning_effort !== "none",
    ...(maxTokens == null ? {} : { maxTokens }),
    stop: request.stop == null ? [] : [request.stop].flat(),
  };
}

function toolChoice({ tool_choice: choice }: ChatRequest): Prompt["toolChoice"] {
  if (choice === undefined) return "auto";
  if (typeof choice === "string") return choice;
  if (choice.type === "function") return { name: choice.function.name };
  if (choice.type === "custom") return { name: choice.custom.name };
  return choice.allowed_tools.mode;
}

function trailingToolResults(messages: ChatMessage[]): string[] {
  const first = messages.findLastIndex(({ role }) => role !== "tool") + 1;
  return messages.slice(first).map((message) => texts(message).join("\n"));
}

/** Every text of a message, tool calls included: they are read like the rest. */
function texts(message: ChatMessage): string[] {
  const calls = message.role === "assistant" ? (message.tool_calls ?? []) : [];
  return [
    ...parts(message).flatMap((part) =>
      part.type === "text" ? [part.text] : part.type === "refusal" ? [part.refusal] : [],
    ),
    ...calls.map((call) =>
      call.type === "function" ? call.function.arguments : call.custom.input,
    ),
  ];
}

type Part =
  | Exclude<Exclude<ChatMessage["content"], string | null | undefined>[number], string>
  | { type: "text"; text: string };

function parts({ content }: ChatMessage): Part[] {
  if (content == null) return [];
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}
