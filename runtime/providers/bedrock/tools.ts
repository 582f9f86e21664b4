import type { Conversation, Tool, ToolChoice } from "../../conversation/conversation.ts";
import type {
  ToolConfig,
  ToolEntry,
  ToolChoice as WireToolChoice,
} from "../../schemas/bedrock/request.ts";
import { cachePoint, usesTools } from "./messages.ts";
import { enforcesToolSchemas, type ModelTraits } from "./models.ts";
import { wireToolName } from "./names.ts";

export interface EncodedTools {
  toolConfig?: ToolConfig;
  /** Claude's own `tool_choice`, where Converse's says too little. */
  claudeToolChoice?: Record<string, unknown>;
}

/**
 * Tools and the choice among them. Converse knows no choice of none: the tools are left out then,
 * unless earlier turns used some, for it refuses tool blocks in a request without tools.
 */
export function encodeTools(
  conversation: Conversation,
  traits: ModelTraits,
  dropped: Set<string>,
): EncodedTools {
  const { toolChoice, turns } = conversation;
  const usedBefore = turns.some(usesTools);
  const tools = conversation.tools.length > 0 ? conversation.tools : toolsUsedBefore(conversation);
  if (tools.length === 0) return {};
  if (toolChoice?.type === "none") {
    if (!usedBefore) return {};
    dropped.add("tool_choice");
  }
  const entries = tools.flatMap((tool) => encodeTool(tool, traits, dropped));

  if (conversation.parallelToolCalls === false) {
    if (traits.family === "claude") {
      return {
        toolConfig: { tools: entries },
        claudeToolChoice: { ...claudeChoice(toolChoice), disable_parallel_tool_use: true },
      };
    }
    dropped.add("parallel_tool_calls");
  }
  const wireChoice = encodeChoice(toolChoice);
  return {
    toolConfig: {
      tools: entries,
      ...(wireChoice === undefined ? {} : { toolChoice: wireChoice }),
    },
  };
}

function encodeTool(tool: Tool, traits: ModelTraits, dropped: Set<string>): ToolEntry[] {
  const strict = tool.strict === true && enforcesToolSchemas(traits);
  if (tool.strict === true && !strict) dropped.add("tools: strict");
  const description = tool.description?.trim() === "" ? undefined : tool.description;
  return [
    {
      toolSpec: {
        name: wireToolName(tool.name),
        ...(description === undefined ? {} : { description }),
        // The schema of an input must say that it is an object.
        inputSchema: { json: { type: "object", ...tool.inputSchema } },
        ...(strict ? { strict } : {}),
      },
    },
    ...cachePoint(tool.cache),
  ];
}

/** Stand-ins for tools of earlier turns that the client no longer offers. */
function toolsUsedBefore({ turns }: Conversation): Tool[] {
  const names = new Set<string>();
  for (const { content } of turns) {
    for (const part of content) if (part.type === "tool-use") names.add(part.name);
  }
  return [...names].map((name) => ({
    name,
    description: "No longer available.",
    inputSchema: { type: "object" },
  }));
}

function encodeChoice(choice: ToolChoice | undefined): WireToolChoice | undefined {
  switch (choice?.type) {
    case "auto":
      return { auto: {} };
    case "any":
      return { any: {} };
    case "tool":
      return { tool: { name: wireToolName(choice.name) } };
    default:
      return undefined;
  }
}

const claudeChoice = (choice: ToolChoice | undefined): Record<string, unknown> =>
  choice?.type === "tool"
    ? { type: "tool", name: wireToolName(choice.name) }
    : { type: choice?.type === "any" ? "any" : "auto" };
