import type { Prompt } from "../../script.ts";
import { isReasoningModel } from "../rules.ts";
import type { InputItem, ResponsesRequest } from "./schema.ts";

export const itemsOf = ({ input }: ResponsesRequest): InputItem[] =>
  typeof input === "string" ? [{ role: "user", content: input }] : (input ?? []);

/** What the script reads of a request and what went before it. */
export function toPrompt(request: ResponsesRequest, items: InputItem[]): Prompt {
  const { tools = [], text, instructions } = request;
  const lastUser = items.findLast((item) => "role" in item && item.role === "user");
  const format = text?.format;
  const lastSaid = items.findLastIndex((item) => typeOf(item) !== "function_call_output");
  return {
    texts: [...(instructions ? [instructions] : []), ...items.flatMap(texts)],
    userText: lastUser === undefined ? "" : texts(lastUser).join("\n"),
    toolResults: items.slice(lastSaid + 1).map((item) => texts(item).join("\n")),
    images: items.flatMap(parts).filter(({ type }) => type === "input_image").length,
    tools: tools.flatMap((tool) =>
      tool.type === "function"
        ? [{ name: String(tool.name), schema: Object(tool.parameters ?? {}) }]
        : [],
    ),
    toolChoice: toolChoice(request.tool_choice),
    parallelToolCalls: request.parallel_tool_calls ?? true,
    ...(format?.type === "json_object" ? { json: {} } : {}),
    ...(format?.type === "json_schema" ? { json: { schema: format.schema } } : {}),
    reasoning: isReasoningModel(request.model) && request.reasoning?.effort !== "none",
    ...(request.max_output_tokens == null ? {} : { maxTokens: request.max_output_tokens }),
    stop: [],
  };
}

const typeOf = (item: InputItem): unknown => ("type" in item ? item.type : "message");

function toolChoice(choice: ResponsesRequest["tool_choice"]): Prompt["toolChoice"] {
  if (choice === undefined) return "auto";
  if (typeof choice === "string") return choice;
  if ("name" in choice && typeof choice.name === "string") return { name: choice.name };
  return "auto";
}

interface Part {
  type?: unknown;
  text?: unknown;
}

function parts(item: InputItem): Part[] {
  const content = "content" in item ? item.content : "output" in item ? item.output : undefined;
  if (typeof content === "string") return [{ type: "input_text", text: content }];
  return Array.isArray(content) ? (content as Part[]) : [];
}

const texts = (item: InputItem): string[] => [
  ...parts(item).flatMap(({ text }) => (typeof text === "string" ? [text] : [])),
  ...("arguments" in item && typeof item.arguments === "string" ? [item.arguments] : []),
];
