import { present } from "../../lib/present.ts";
import type {
  ChatRequest,
  ResponseFormat,
  Tool,
  ToolChoice,
} from "../../schemas/openai/request.ts";
import type { Conversation, Tool as ConversationTool, Reasoning } from "../conversation.ts";
import { refuseNeededFields } from "../needed-fields.ts";
import { encodeMessages } from "./messages.ts";
import { type ModelTraits, modelTraits } from "./models.ts";
import { wireToolName } from "./names.ts";
import { isEnforceable } from "./schema.ts";

/** Fields of OpenAI's own that a client of another protocol may put into its body. */
const OPENAI_FIELDS = [
  "logit_bias",
  "prediction",
  "prompt_cache_key",
  "prompt_cache_options",
  "prompt_cache_retention",
  "safety_identifier",
  "store",
  "verbosity",
  "web_search_options",
];
const TAKEN_VENDOR_FIELDS = new Set(OPENAI_FIELDS);

const SERVICE_TIERS = new Set(["auto", "default", "flex", "scale", "priority"]);

/** Up to how many tokens of thinking an effort stands for. */
const LOW_BUDGET = 2048;
const MEDIUM_BUDGET = 8192;

export interface EncodedChat {
  body: ChatRequest;
  /** What of the conversation cannot be told. */
  dropped: string[];
}

/** @throws {UserError} 422 where chat completions cannot express what the request means */
export function encodeChatRequest(
  conversation: Conversation,
  traits: ModelTraits = modelTraits(conversation.model),
): EncodedChat {
  refuseNeededFields(conversation);
  const dropped = new Set<string>();
  const body: ChatRequest = {
    model: conversation.model,
    messages: encodeMessages(conversation, traits, dropped),
    ...encodeTools(conversation, dropped),
    ...encodeOptions(conversation, dropped),
    ...encodeReasoning(conversation.reasoning, traits, dropped),
    ...(conversation.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    ...vendorFields(conversation),
  };
  noteDropped(conversation, dropped);
  return { body, dropped: [...dropped] };
}

function encodeOptions(conversation: Conversation, dropped: Set<string>): Partial<ChatRequest> {
  const { logprobs, outputFormat, stop = [] } = conversation;
  const stopSequences = stop.filter((text) => text !== "");
  return present({
    max_completion_tokens: conversation.maxTokens,
    temperature: conversation.temperature,
    top_p: conversation.topP,
    frequency_penalty: conversation.frequencyPenalty,
    presence_penalty: conversation.presencePenalty,
    seed: conversation.seed,
    stop: stopSequences.length === 0 ? undefined : stopSequences,
    n: conversation.candidates,
    logprobs: logprobs === undefined ? undefined : (true as const),
    top_logprobs: logprobs?.top,
    response_format: outputFormat && encodeFormat(outputFormat),
    user: conversation.userId,
    service_tier: encodeServiceTier(conversation, dropped),
  });
}

function encodeTools(
  { tools, toolChoice, parallelToolCalls }: Conversation,
  dropped: Set<string>,
): Pick<ChatRequest, "tools" | "tool_choice" | "parallel_tool_calls"> {
  if (tools.length === 0) return {};
  return {
    tools: tools.map((tool) => encodeTool(tool, dropped)),
    ...present({
      tool_choice: toolChoice && encodeToolChoice(toolChoice),
      parallel_tool_calls: parallelToolCalls,
    }),
  };
}

function encodeTool(tool: ConversationTool, dropped: Set<string>): Tool {
  const { name, description, inputSchema, cache } = tool;
  const strict = tool.strict === true && isEnforceable(inputSchema);
  if (tool.strict === true && !strict) dropped.add("tools: strict");
  if (cache !== undefined) dropped.add("cache_control");
  return {
    type: "function",
    function: {
      name: wireToolName(name),
      ...present({ description }),
      parameters: inputSchema,
      ...(strict ? { strict } : {}),
    },
  };
}

function encodeToolChoice(choice: NonNullable<Conversation["toolChoice"]>): ToolChoice {
  switch (choice.type) {
    case "any":
      return "required";
    case "tool":
      return { type: "function", function: { name: wireToolName(choice.name) } };
    default:
      return choice.type;
  }
}

function encodeFormat(
  format: NonNullable<Conversation["outputFormat"]>,
): ResponseFormat | undefined {
  switch (format.type) {
    case "text":
      return undefined;
    case "json-object":
      return { type: "json_object" };
    case "json-schema": {
      const { name, description, schema } = format;
      // Where it cannot be enforced, the model is shown the schema and mostly keeps to it.
      const strict = format.strict !== false && isEnforceable(schema);
      return {
        type: "json_schema",
        json_schema: { name, ...present({ description }), schema, ...(strict ? { strict } : {}) },
      };
    }
  }
}

function encodeReasoning(
  reasoning: Reasoning | undefined,
  { openAi, efforts }: ModelTraits,
  dropped: Set<string>,
): Pick<ChatRequest, "reasoning_effort" | "thinking"> {
  if (reasoning === undefined) return {};
  const { mode, effort, budgetTokens } = reasoning;
  const thinks = mode !== "disabled" && effort !== "none";
  if (efforts) return { reasoning_effort: thinks ? (effort ?? effortOf(budgetTokens)) : "none" };
  if (openAi) {
    if (thinks) dropped.add("reasoning");
    return {};
  }
  return {
    ...present({ reasoning_effort: effort }),
    // An effort says it all; the models that know none take what Anthropic's do.
    ...(effort === undefined
      ? { thinking: { type: mode, ...present({ budget_tokens: budgetTokens }) } }
      : {}),
  };
}

function effortOf(budgetTokens: number | undefined): NonNullable<Reasoning["effort"]> {
  if (budgetTokens === undefined) return "medium";
  if (budgetTokens <= LOW_BUDGET) return "low";
  return budgetTokens <= MEDIUM_BUDGET ? "medium" : "high";
}

function encodeServiceTier(
  { serviceTier }: Conversation,
  dropped: Set<string>,
): string | undefined {
  // `auto` leaves the choice to the provider, as saying nothing does.
  if (serviceTier === undefined || serviceTier === "auto") return undefined;
  if (serviceTier === "standard_only") return "default";
  if (SERVICE_TIERS.has(serviceTier)) return serviceTier;
  dropped.add("service_tier");
  return undefined;
}

const vendorFields = ({ vendor }: Conversation): Record<string, unknown> =>
  Object.fromEntries(
    OPENAI_FIELDS.flatMap((field) => (vendor[field] === undefined ? [] : [[field, vendor[field]]])),
  );

function noteDropped(conversation: Conversation, dropped: Set<string>): void {
  if (conversation.topK !== undefined) dropped.add("top_k");
  // OpenAI takes tags only for answers that it is asked to store.
  if (conversation.metadata !== undefined) dropped.add("metadata");
  if (conversation.turns.at(-1)?.role === "assistant") {
    dropped.add("messages: beginning of the answer");
  }
  for (const field of Object.keys(conversation.vendor)) {
    if (!TAKEN_VENDOR_FIELDS.has(field)) dropped.add(field);
  }
}
