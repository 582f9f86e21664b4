import type { Conversation, Tool as ConversationTool } from "../../conversation/conversation.ts";
import { present } from "../../lib/present.ts";
import type {
  FunctionDeclaration,
  GenerateContentRequest,
  Tool,
} from "../../schemas/gemini/request.ts";
import { wireFunctionName } from "./names.ts";
import { asOneObject, vertexSchema } from "./schema.ts";

/** Google's own tools, by the type that a client of another protocol asks for them with. */
const OWN_TOOLS: Readonly<Record<string, string>> = {
  google_search: "googleSearch",
  enterprise_search: "enterpriseWebSearch",
  enterprise_web_search: "enterpriseWebSearch",
  code_execution: "codeExecution",
  url_context: "urlContext",
};

export function encodeTools(
  conversation: Conversation,
  dropped: Set<string>,
): Pick<GenerateContentRequest, "tools" | "toolConfig"> {
  const { tools, parallelToolCalls } = conversation;
  const declared = tools.map((tool) => encodeTool(tool, dropped));
  const all: Tool[] = [
    ...(declared.length === 0 ? [] : [{ functionDeclarations: declared }]),
    ...ownTools(conversation, dropped),
  ];
  if (parallelToolCalls === false && tools.length > 0) dropped.add("parallel_tool_calls");
  return all.length === 0 ? {} : { tools: all, ...toolConfig(conversation) };
}

function encodeTool(tool: ConversationTool, dropped: Set<string>): FunctionDeclaration {
  const { name, description, inputSchema, strict, cache } = tool;
  if (strict === true) dropped.add("tools: strict");
  if (cache !== undefined) dropped.add("cache_control");
  const parameters = asOneObject(vertexSchema(inputSchema, "tools", dropped));
  const { properties } = parameters;
  // An object without members is no object there.
  const empty = Object.keys(Object(properties ?? {})).length === 0;
  return {
    name: wireFunctionName(name),
    ...present({ description }),
    ...(empty ? {} : { parameters }),
  };
}

function ownTools({ vendor }: Conversation, dropped: Set<string>): Tool[] {
  const own: Tool[] = [];
  for (const tool of Array.isArray(vendor.tools) ? vendor.tools : []) {
    const type = String((tool as { type?: unknown } | null)?.type);
    const name = Object.hasOwn(OWN_TOOLS, type) ? OWN_TOOLS[type] : undefined;
    if (name === undefined) dropped.add("tools: of unknown types");
    else own.push({ [name]: optionsOf(tool, type) });
  }
  const searches = own.some((tool) => "googleSearch" in tool);
  if (vendor.web_search_options !== undefined && !searches) own.push({ googleSearch: {} });
  return own;
}

const optionsOf = (tool: object, type: string): Record<string, unknown> => {
  const options = (tool as Record<string, unknown>)[type];
  return typeof options === "object" && options !== null ? { ...options } : {};
};

function toolConfig({
  tools,
  toolChoice,
}: Conversation): Pick<GenerateContentRequest, "toolConfig"> {
  if (toolChoice === undefined || tools.length === 0) return {};
  switch (toolChoice.type) {
    case "auto":
      return { toolConfig: { functionCallingConfig: { mode: "AUTO" } } };
    case "none":
      return { toolConfig: { functionCallingConfig: { mode: "NONE" } } };
    case "any":
      return { toolConfig: { functionCallingConfig: { mode: "ANY" } } };
    case "tool":
      return {
        toolConfig: {
          functionCallingConfig: {
            mode: "ANY",
            allowedFunctionNames: [wireFunctionName(toolChoice.name)],
          },
        },
      };
  }
}
