import type { OwnTool, Tool, ToolChoice } from "../../schemas/anthropic/request.ts";
import type { Conversation, Tool as ConversationTool } from "../conversation.ts";
import { cacheControl } from "./messages.ts";
import type { ModelTraits } from "./models.ts";
import { wireToolName } from "./names.ts";
import type { Platform } from "./platform.ts";
import { enforceableSchema } from "./schema.ts";

const OWN_TOOL_TYPE = /^[a-z0-9_]+_20\d{6}$/;
/** Its first version, which every model knows that can search. */
const WEB_SEARCH = { type: "web_search_20250305", name: "web_search" };

/** The client's tools, and those that Anthropic carries out. */
export const encodeTools = (
  conversation: Conversation,
  traits: ModelTraits,
  platform: Platform,
  dropped: Set<string>,
): (Tool | OwnTool)[] => [
  ...conversation.tools.map((tool) => encodeTool(tool, traits, dropped)),
  ...ownTools(conversation, dropped),
  ...webSearch(conversation, platform, dropped),
];

function encodeTool(tool: ConversationTool, traits: ModelTraits, dropped: Set<string>): Tool {
  const strict = tool.strict === true && traits.enforcesToolSchemas;
  if (tool.strict === true && !strict) dropped.add("tools: strict");
  return {
    name: wireToolName(tool.name),
    ...(tool.description === undefined ? {} : { description: tool.description }),
    // The schema of an input must say that it is an object.
    input_schema: {
      type: "object",
      ...(strict ? enforceableSchema(tool.inputSchema) : tool.inputSchema),
    },
    ...(strict ? { strict } : {}),
    ...cacheControl(tool.cache),
  };
}

/** Tools that Anthropic itself defines, `web_search_20250305` and the like, go by as they are. */
function ownTools({ vendor }: Conversation, dropped: Set<string>): OwnTool[] {
  const tools = Array.isArray(vendor.tools) ? vendor.tools : [];
  const own = tools.filter((tool) => OWN_TOOL_TYPE.test(String(tool?.type)));
  if (own.length < tools.length) dropped.add("tools: of unknown types");
  return own;
}

export function encodeToolChoice({ toolChoice, parallelToolCalls }: Conversation): {
  tool_choice?: ToolChoice;
} {
  if (toolChoice?.type === "none") return { tool_choice: { type: "none" } };
  const one = parallelToolCalls === false ? { disable_parallel_tool_use: true } : {};
  if (toolChoice?.type === "tool") {
    return { tool_choice: { type: "tool", name: wireToolName(toolChoice.name), ...one } };
  }
  if (toolChoice === undefined && parallelToolCalls !== false) return {};
  return { tool_choice: { type: toolChoice?.type ?? "auto", ...one } };
}

/** What OpenAI's models do by themselves if they are asked to, Claude does with a tool. */
function webSearch(
  { vendor, tools }: Conversation,
  { searches }: Platform,
  dropped: Set<string>,
): OwnTool[] {
  const options = vendor.web_search_options;
  if (!isRecord(options)) return [];
  if (!searches || tools.some(({ name }) => name === WEB_SEARCH.name)) {
    dropped.add("web_search_options");
    return [];
  }
  if (options.search_context_size !== undefined) {
    dropped.add("web_search_options.search_context_size");
  }
  const place = isRecord(options.user_location) ? options.user_location.approximate : undefined;
  const user_location = isRecord(place) ? { type: "approximate", ...place } : undefined;
  return [{ ...WEB_SEARCH, ...(user_location === undefined ? {} : { user_location }) }];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
